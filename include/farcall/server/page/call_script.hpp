#pragma once

#include <string_view>

namespace farcall::detail {

/// The part of the page's script that calls methods over a WebSocket, and shows what came back.
inline constexpr std::string_view page_call_script = R"js(
const byId = (id) => document.getElementById(id);
const say = (text) => { byId("state").textContent = text; };

// One connection for all calls; made by the first, and again by the next one after it was lost.
const peer = {
  socket: undefined,
  waiting: new Map(),
  last: 0,

  connected() {
    if (this.socket) return this.socket;
    say("Connecting …");
    const socket = new WebSocket(location.href.replace(/^http/, "ws").replace(/[?#].*$/, ""));
    this.socket = new Promise((resolve, reject) => {
      socket.onopen = () => {
        say("Connected.");
        resolve(socket);
      };
      socket.onclose = () => {
        this.socket = undefined;
        say("Connection closed; the next call connects again.");
        reject(new Error("The server does not answer. Nothing was called."));
        const lost = [...this.waiting.values()];
        this.waiting.clear();
        for (const call of lost) call.lost(new Error("The connection was lost. The call may have run."));
      };
      socket.onmessage = ({ data }) => {
        const answer = readTree(data);
        // Without an id it is a message of the server's own.
        const id = memberOf(answer, "id")?.text;
        const call = this.waiting.get(id);
        if (call === undefined) return;
        this.waiting.delete(id);
        call.answered(answer);
      };
    });
    return this.socket;
  },

  // The id's text, and the answer as a tree. `params` and `meta` are JSON text.
  async call(method, params, meta, started) {
    const socket = await this.connected();
    const id = String(++this.last);
    const answer = new Promise((answered, lost) => this.waiting.set(id, { answered, lost }));
    const more = meta === undefined ? "" : ',"meta":' + meta;
    socket.send('{"jsonrpc":"2.0","id":' + id + more + ',"method":' + JSON.stringify(method) + ',"params":' + params + "}");
    started(() => socket.send('{"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":' + id + "}}"));
    return answer;
  },
};

const codeNames = {
  "-32700": "parse error", "-32600": "invalid request", "-32601": "unknown method", "-32602": "invalid arguments",
  "-32603": "internal error", "-32000": "exception", "-32001": "cancelled", "-32004": "deadline exceeded",
  "-32005": "not found", "-32006": "already exists", "-32007": "permission denied", "-32008": "resource exhausted",
  "-32009": "failed precondition", "-32010": "aborted", "-32011": "out of range", "-32014": "unavailable",
  "-32015": "data loss", "-32016": "unauthenticated",
};

const plain = (node) => (node === undefined ? undefined : JSON.parse(node.text));

function showResult(output, result, time) {
  output.append(make("p", { class: "outcome good" }, "Result", make("span", { class: "time" }, " · " + time)), shown(result));
}

function showFailure(output, title, message, facts, time) {
  output.classList.add("failed");
  output.append(make("p", { class: "outcome bad" }, title, make("span", { class: "time" }, time ? " · " + time : "")),
    make("div", { class: "message" }, message));
  const known = facts.filter(([, value]) => value !== undefined);
  if (known.length === 0) return;
  output.append(make("dl", {}, ...known.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])));
}

// The value that a JSON Pointer leads to among the fields of a form: by position or by name.
function fieldAt(fields, path) {
  const first = path?.split("/")[1];
  return fields.find((field, i) => first === String(i)) ?? fields.find((field) => first === field.name);
}

function showAnswer(output, fields, answer, time) {
  const error = memberOf(answer, "error");
  if (error === undefined) return showResult(output, memberOf(answer, "result"), time);
  const code = memberOf(error, "code").text;
  const data = memberOf(error, "data");
  const path = plain(memberOf(data, "path"));
  const value = memberOf(data, "value");
  const message = plain(memberOf(error, "message"));
  showFailure(output, "Error " + code.replace("-", "−") + (codeNames[code] ? " · " + codeNames[code] : ""), message, [
    ["Path", path === undefined ? undefined : make("code", { class: "path" }, path)],
    ["Exception", plain(memberOf(data, "type"))],
    ["Value", value === undefined ? undefined : shown(value)],
    ["Data", data !== undefined && data.kind !== "{" ? shown(data) : undefined],
    ["Executed", plain(memberOf(data, "executed"))],
    ["Try again in", memberOf(data, "retry_after_ms")?.text.concat(" ms")],
  ], time);
  const field = fieldAt(fields, path);
  if (field === undefined) return;
  field.blame("The server refuses this.");
  // Whoever went elsewhere in the meantime stays there.
  if (field.control.form.contains(document.activeElement)) field.control.focus();
}

// 128 bits that no other click has: the server runs a call with one key once.
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

function metaOf(method) {
  const meta = {};
  if (method["x-timeout-ms"]) meta.timeout_ms = method["x-timeout-ms"];
  if (method["x-semantics"] === "exactly_once") meta.idempotency_key = newKey();
  return Object.keys(meta).length ? JSON.stringify(meta) : undefined;
}

const milliseconds = (since) => {
  const spent = performance.now() - since;
  return (spent < 10 ? spent.toFixed(1) : Math.round(spent)) + " ms";
};

// Runs one call of a form and shows how it ended.
async function run(method, params, fields, output, cancel) {
  const since = performance.now();
  output.replaceChildren();
  output.classList.remove("failed");
  output.setAttribute("aria-busy", "true");
  try {
    const answer = await peer.call(method.name, params, metaOf(method), (stop) => {
      cancel.onclick = stop;
      cancel.hidden = false;
    });
    showAnswer(output, fields, answer, milliseconds(since));
  } catch (failure) {
    showFailure(output, "No answer", failure.message, [], milliseconds(since));
  }
  cancel.hidden = true;
  output.removeAttribute("aria-busy");
}
)js";

}  // namespace farcall::detail
