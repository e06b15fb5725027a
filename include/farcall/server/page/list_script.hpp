#pragma once

#include <string_view>

namespace farcall::detail {

/// The part of the page's script that shows what the server offers; it runs last.
inline constexpr std::string_view page_list_script = R"js(
const badgesOf = (method) => {
  const badge = (text, kind) => make("span", { class: "badge " + (kind ?? "") }, text);
  const badges = [];
  if (method.deprecated) badges.push(badge("deprecated", "warn"));
  if (method["x-readonly"]) badges.push(badge("read only", "good"));
  else if (method["x-semantics"] === "idempotent") badges.push(badge("idempotent", "good"));
  else if (method["x-semantics"] === "exactly_once") badges.push(badge("exactly once", "good"));
  if (method["x-timeout-ms"]) badges.push(badge(method["x-timeout-ms"] + " ms"));
  return badges;
};

function typesOf(method) {
  const errors = (method["x-errors"] ?? []).map((error) => error.value ?? {});
  const names = [...namedTypes([method.params, method.result, errors])].sort();
  if (names.length === 0) return [];
  const lines = names.map((name) => name + " = " + typeText(types[name]));
  return [make("h3", {}, "Types"), make("pre", { class: "types-text", tabindex: "0" }, lines.join("\n"))];
}

// What is inside a method's box, made when it is opened for the first time.
function bodyOf(method, id) {
  const facts = [];
  if (method.description) facts.push(make("p", { class: "doc" }, method.description));
  if (method.deprecated) facts.push(make("p", { class: "hint warn" }, "Deprecated: " + (method["x-deprecated"] ?? "")));
  facts.push(make("code", { class: "signature code" }, method["x-signature"] ?? method.name));
  if (method["x-errors"]) facts.push(make("p", { class: "hint" }, "Throws ", make("code", {},
    method["x-errors"].map((error) => error.type).join(", "))));
  if (method["x-aliases"]) facts.push(make("p", { class: "hint" }, "Also known as ", make("code", {},
    method["x-aliases"].join(", "))));
  return make("div", { class: "body" }, ...facts, ...formFor(method, id), ...typesOf(method));
}

function boxOf(method) {
  const id = "method-" + method.name;
  const inside = method.params.map((param) => param.name + (param.required ? "" : "?")).join(", ");
  const result = isNull(method.result.schema) ? "" : " → " + typeText(method.result.schema);
  const box = make("details", {
    class: "method",
    id,
    toggle: () => {
      if (!box.open) return;
      fill();
      history.replaceState(undefined, "", "#" + encodeURIComponent(method.name));
    },
  }, make("summary", {}, make("span", { class: "name code" }, nameIn(method)),
    make("span", { class: "types code" }, "(" + inside + ")" + result), ...badgesOf(method)));
  const fill = () => {
    if (box.childElementCount === 1) box.append(bodyOf(method, id));
  };
  return { box, fill };
}

const serviceOf = (method) => method.tags?.[0]?.name ?? "";
const nameIn = (method) => {
  const service = serviceOf(method);
  return service && method.name.startsWith(service + ".") ? method.name.slice(service.length + 1) : method.name;
};

const listed = [];  // { method, box, fill, link }

function openMethod(name) {
  const found = listed.find((each) => each.method.name === name);
  if (found === undefined) return;
  // Before the event says so: whoever types on must find the fields.
  found.fill();
  found.box.open = true;
  found.box.scrollIntoView({ block: "start" });
  found.box.querySelector("summary").focus({ preventScroll: true });
}

function list(methods) {
  const services = new Map();
  for (const method of methods) {
    if (!services.has(serviceOf(method))) services.set(serviceOf(method), []);
    services.get(serviceOf(method)).push(method);
  }
  for (const [service, members] of services) {
    const title = service || "Other methods";
    const section = make("section", { "aria-label": title }, make("h2", {}, title));
    const links = make("ul");
    for (const method of members) {
      const { box, fill } = boxOf(method);
      const link = make("li", {}, make("a", { href: "#" + encodeURIComponent(method.name) }, nameIn(method)));
      section.append(box);
      links.append(link);
      listed.push({ method, box, fill, link });
    }
    byId("methods").append(section);
    byId("list").append(make("li", {}, title, links));
  }
}

function filter(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const { method, box, link } of listed) {
    const content = (method.name + " " + (method.description ?? "") + " " + (method["x-aliases"] ?? "")).toLowerCase();
    box.hidden = link.hidden = !words.every((word) => content.includes(word));
  }
  for (const section of document.querySelectorAll("main section, #list > li"))
    section.hidden = ![...section.querySelectorAll(".method, li")].some((each) => !each.hidden);
}

async function offer() {
  const response = await fetch("/openrpc.json");
  if (!response.ok) throw new Error("/openrpc.json: " + response.status + " " + response.statusText);
  const { info, methods, components } = await response.json();
  types = components?.schemas ?? {};
  document.title = info.title;
  byId("title").textContent = info.title;
  byId("about").textContent = "Version " + info.version + " · " + methods.length + (methods.length === 1 ? " method" : " methods") +
    " · " + location.host;
  list(methods);
  openMethod(decodeURIComponent(location.hash.slice(1)));
}

byId("filter").addEventListener("input", (event) => filter(event.target.value));
byId("filter").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  // The rest of this key press would shut what it opens.
  event.preventDefault();
  openMethod(listed.find(({ box }) => !box.hidden)?.method.name);
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  byId("filter").focus();
});
window.addEventListener("hashchange", () => openMethod(decodeURIComponent(location.hash.slice(1))));
offer().catch((problem) => {
  byId("about").textContent = "What this server offers could not be read.";
  byId("methods").append(make("p", { class: "notice" }, problem.message + " ",
    make("button", { class: "plain", click: () => location.reload() }, "Try again")));
});
)js";

}  // namespace farcall::detail
