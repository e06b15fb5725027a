#pragma once

#include <string_view>

namespace farcall::detail {

/// The part of the page's script that makes a form of each method.
inline constexpr std::string_view page_form_script = R"js(
const integerText = /^-?(0|[1-9][0-9]*)$/;
const numberText = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$/;

// The element in which a value is entered, and how its JSON text is read from it: { control, read }.
function controlFor(schema, id) {
  const type = resolved(schema);
  const common = { id, class: "data", name: id, autocomplete: "off", spellcheck: "false", "aria-describedby": id + "-hint" };
  const oneOf = (values) => ({
    control: make("select", common, ...values.map((value) => make("option", { value: JSON.stringify(value) }, String(value)))),
    read: (text) => text,
  });
  if (type.enum) return oneOf(type.enum);
  if (type.type === "boolean") return oneOf([false, true]);
  if (type.type === "integer" || type.type === "number") {
    const whole = type.type === "integer";
    return {
      control: make("input", { ...common, inputmode: whole ? "numeric" : "decimal", value: example(type) }),
      read(text) {
        const number = text.trim();
        if (!(whole ? integerText : numberText).test(number))
          throw new Error(whole ? "Enter an integer, such as 42." : "Enter a number, such as 2.5.");
        return number;
      },
    };
  }
  if (type.type === "string")
    return { control: make("input", { ...common, value: example(type) }), read: (text) => JSON.stringify(text) };
  const control = make("textarea", { ...common, rows: 4 });
  control.value = JSON.stringify(example(schema), undefined, 2);
  return {
    control,
    read(text) {
      try {
        JSON.parse(text);
      } catch (problem) {
        throw new Error("Enter JSON. " + problem.message);
      }
      return text.trim();
    },
  };
}

// One parameter: { node, control, name, read, blame }. `read` gives undefined for one that is left out.
function fieldFor(param, id) {
  const schema = withoutNull(param.schema);
  const optional = schema !== param.schema || !param.required;
  const { control, read } = controlFor(schema, id);
  const hintText = rangeText(resolved(schema));
  const hint = make("p", { class: "hint", id: id + "-hint" }, hintText);
  const label = make("label", { for: id }, param.name + " ", make("span", { class: "type code" },
    typeText(schema) + (optional ? ", optional" : "")));
  const row = make("div", { class: "row" });
  let given;
  if (optional) {
    given = make("input", { type: "checkbox", "aria-label": "Give " + param.name, change: () => {
      control.disabled = !given.checked;
      if (given.checked) control.focus();
    } });
    control.disabled = true;
    row.append(given);
  }
  row.append(control);
  const field = {
    node: make("div", { class: "field" }, label, row, hint),
    control,
    name: param.name,
    blame(text) {
      hint.textContent = text ?? hintText;
      hint.classList.toggle("wrong", text !== undefined);
      control.setAttribute("aria-invalid", text === undefined ? "false" : "true");
    },
    read() {
      if (optional && !given.checked) return undefined;
      try {
        const text = read(control.value);
        field.blame();
        return text;
      } catch (problem) {
        field.blame(problem.message);
        throw problem;
      }
    },
  };
  control.addEventListener("input", () => field.blame());
  return field;
}

// All arguments as JSON text. What is left out is null where another follows.
function paramsText(fields) {
  const texts = [];
  let wrong;
  for (const field of fields) {
    try {
      texts.push(field.read());
    } catch {
      wrong ??= field;
    }
  }
  wrong?.control.focus();
  if (wrong) return undefined;
  while (texts.length && texts[texts.length - 1] === undefined) texts.pop();
  return "[" + texts.map((text) => text ?? "null").join(",") + "]";
}

// The same call for a terminal.
function curlText(method, params) {
  const path = method.name.split("/").map(encodeURIComponent).join("/");
  return "curl -d '" + params.replaceAll("'", "'\\''") + "' " + location.origin + "/" + path;
}

// A method that takes whatever comes has one field for all of it.
function anyField(id) {
  const field = fieldFor({ name: "params", required: true, schema: {} }, id);
  field.control.value = "[]";
  return field;
}

function formFor(method, id) {
  const any = method["x-any-arguments"];
  const fields = any ? [anyField(id + "-params")] : method.params.map((param, i) => fieldFor(param, id + "-" + i));
  const text = () => {
    if (!any) return paramsText(fields);
    try {
      const given = fields[0].read();
      if (/^[[{]/.test(given)) return given;
      fields[0].blame("Enter an array or an object.");
    } catch {
      // The field says what is wrong.
    }
    fields[0].control.focus();
    return undefined;
  };
  const output = make("output", { for: fields.map((field) => field.control.id).join(" ") });
  const curl = make("code", { class: "curl code" });
  const terminal = make("div", { hidden: true }, make("h3", {}, "The same in a terminal"), curl);
  const call = make("button", { type: "submit" }, "Call");
  const cancel = make("button", { type: "button", class: "plain", hidden: true }, "Cancel");
  let running = false;
  const form = make("form", {
    novalidate: true,
    submit: async (event) => {
      event.preventDefault();
      const params = text();
      if (params === undefined || running) return;
      curl.textContent = curlText(method, params);
      terminal.hidden = false;
      running = true;
      // Not `disabled`, which would take the focus away.
      call.setAttribute("aria-disabled", "true");
      await run(method, params, fields, output, cancel);
      call.removeAttribute("aria-disabled");
      running = false;
    },
    keydown: (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    },
  }, ...fields.map((field) => field.node), make("div", { class: "actions" }, call, cancel));
  return [form, output, terminal];
}
)js";

}  // namespace farcall::detail
