#pragma once

#include <string_view>

namespace farcall::detail {

/// The part of the page's script that reads and shows JSON, and says JSON Schema in words.
inline constexpr std::string_view page_json_script = R"js("use strict";

// Everything that comes from the server reaches the page as text nodes: nothing of it is ever read as HTML.
function make(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(key, value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

// JSON as a tree of its own text: JSON.parse would round integers beyond 2^53.
function readTree(text) {
  const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g);
  let token;
  const next = () => (token = tokens.next().value?.[0]);
  const value = () => {
    const kind = token;
    if (kind !== "{" && kind !== "[") {
      next();
      return { text: kind, kind: kind[0] === '"' ? "s" : /[-0-9]/.test(kind[0]) ? "n" : "w" };
    }
    const node = { kind, parts: [] };
    next();
    while (token !== "}" && token !== "]") {
      let name;
      if (kind === "{") {
        name = token;
        next();
        next();
      }
      node.parts.push({ name, value: value() });
      if (token === ",") next();
    }
    next();
    const inner = node.parts.map((part) => (part.name === undefined ? "" : part.name + ": ") + part.value.text).join(", ");
    node.text = kind === "{" ? (inner ? "{ " + inner + " }" : "{}") : "[" + inner + "]";
    return node;
  };
  JSON.parse(text);
  next();
  return value();
}

const memberOf = (node, name) => node?.parts?.find((part) => part.name === JSON.stringify(name))?.value;

// Short values on one line, others over several.
function appendTree(to, node, indent) {
  const piece = (kind, text) => to.append(make("span", { class: kind }, text));
  if (node.parts === undefined) return piece(node.kind, node.text);
  const open = node.kind;
  const close = open === "{" ? "}" : "]";
  const broken = node.text.length + indent > 76;
  const margin = " ".repeat(indent + 2);
  const space = open === "{" && node.parts.length ? " " : "";
  to.append(open + (broken ? "\n" : space));
  node.parts.forEach((part, i) => {
    if (broken) to.append(margin);
    if (part.name !== undefined) {
      piece("k", part.name);
      to.append(": ");
    }
    appendTree(to, part.value, indent + 2);
    if (i + 1 !== node.parts.length) to.append(broken ? ",\n" : ", ");
  });
  to.append((broken ? "\n" + " ".repeat(indent) : space) + close);
}

const longestShown = 100000;

function shown(node) {
  const box = make("pre", { tabindex: "0" });
  if (node.text.length <= longestShown) appendTree(box, node, 0);
  else box.append(node.text.slice(0, longestShown) + "\n… " + (node.text.length - longestShown) + " characters more");
  return box;
}

// JSON Schema. `types` are the document's components.
let types = {};
const namePrefix = "#/components/schemas/";
const resolved = (schema) => (schema.$ref ? types[schema.$ref.slice(namePrefix.length)] ?? {} : schema);
const isNull = (schema) => schema.type === "null";

// What is left of a schema that may also be null.
function withoutNull(schema) {
  const others = schema.anyOf?.filter((each) => !isNull(each));
  return others?.length === 1 && others.length !== schema.anyOf.length ? others[0] : schema;
}

function typeText(schema) {
  if (schema.$ref) return schema.$ref.slice(namePrefix.length);
  const list = (all, between) => all.map(typeText).join(between);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(" | ");
  if (schema.anyOf) return list(schema.anyOf, " | ");
  if (schema.oneOf) return list(schema.oneOf, " | ");
  if (Array.isArray(schema.type)) return schema.type.join(" | ");
  if (schema.type === "array") {
    if (Array.isArray(schema.items)) return "[" + list(schema.items, ", ") + "]";
    const element = typeText(schema.items ?? {});
    const size = schema.minItems !== undefined && schema.minItems === schema.maxItems ? schema.minItems : "";
    return (/[ |]/.test(element) ? "(" + element + ")" : element) + "[" + size + "]";
  }
  if (schema.type === "object") {
    if (schema.properties) {
      const required = schema.required ?? [];
      const members = Object.entries(schema.properties).map(
        ([name, type]) => name + (required.includes(name) ? ": " : "?: ") + typeText(type));
      return members.length ? "{ " + members.join(", ") + " }" : "{}";
    }
    return "{ [name]: " + typeText(schema.additionalProperties ?? {}) + " }";
  }
  if (schema.type === "string" && schema.format) return schema.format;
  if (schema.type === "string" && schema.contentEncoding) return schema.contentEncoding;
  return schema.type ?? "any";
}

// All types with a name that a schema refers to, itself first.
function namedTypes(schema, found = new Set()) {
  JSON.stringify(schema, (key, value) => {
    if (key !== "$ref") return value;
    const name = value.slice(namePrefix.length);
    if (!found.has(name) && types[name]) {
      found.add(name);
      namedTypes(types[name], found);
    }
    return value;
  });
  return found;
}

// A value to begin with.
function example(schema, depth = 0) {
  const type = resolved(schema);
  if (type.const !== undefined) return type.const;
  if (type.enum) return type.enum[0];
  if (type.anyOf) return depth > 3 && type.anyOf.some(isNull) ? null : example(type.anyOf[0], depth + 1);
  if (type.oneOf) return example(type.oneOf.find((each) => !isNull(each)) ?? {}, depth + 1);
  const kind = Array.isArray(type.type) ? type.type[0] : type.type;
  if (kind === "array") {
    if (Array.isArray(type.items)) return type.items.map((each) => example(each, depth + 1));
    if (type.maxItems === 0) return [];
    if (type.minItems) return Array.from({ length: Math.min(type.minItems, 100) }, () => example(type.items, depth + 1));
    return depth > 2 ? [] : [example(type.items ?? {}, depth + 1)];
  }
  if (kind === "object") {
    const members = Object.entries(type.properties ?? {}).filter(([name]) => depth < 4 || type.required?.includes(name));
    return Object.fromEntries(depth > 8 ? [] : members.map(([name, each]) => [name, example(each, depth + 1)]));
  }
  if (kind === "integer" || kind === "number") return Math.max(0, type.minimum ?? 0);
  if (kind === "boolean") return false;
  if (kind === "null") return null;
  if (type.format === "date-time") return "2030-01-31T12:00:00Z";
  const fits = (text) => !type.pattern || new RegExp(type.pattern).test(text);
  if (type.contentEncoding === "base64" && type.minLength) {
    const zeros = ["==", "=", ""].map((end) => "A".repeat(type.minLength - end.length) + end);
    return zeros.find(fits) ?? zeros[0];
  }
  return fits("") ? "" : "a";
}

// The bounds of 64-bit integers are no numbers of JavaScript.
const wideBounds = { [2 ** 63]: "2⁶³ − 1", [-(2 ** 63)]: "−2⁶³", [2 ** 64]: "2⁶⁴ − 1" };

const rangeText = (schema) => {
  const bound = (value) => wideBounds[value] ?? String(value).replace("-", "−");
  const bounds = schema.minimum !== undefined ? bound(schema.minimum) + " to " + bound(schema.maximum) : undefined;
  return [schema.description, bounds].filter(Boolean).join(", ");
};
)js";

}  // namespace farcall::detail
