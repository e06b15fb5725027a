// Programs that know nothing of JSON-RPC: curl and netcat. What they print is what a user sees.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";

/** What a program prints, given its input. */
export function output(program, args, input = "") {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (part) => (text += part));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${program} ${args.join(" ")} ended with ${code}: ${text}`)));
    child.stdin.on("error", () => {}).end(input);
  });
}

/** A client that sends texts and gets a text back; notifications get none. */
function texts(send) {
  let id = 0;
  const request = (method, params, notification) =>
    ({ jsonrpc: "2.0", ...(notification ? {} : { id: ++id }), method, params });
  return {
    names: true,
    async call(method, params) {
      const answer = JSON.parse(await send(JSON.stringify(request(method, params))));
      assert.equal(answer.id, id);
      if (answer.error) throw answer.error;
      return answer.result;
    },
    async notify(method, params) {
      assert.equal(await send(JSON.stringify(request(method, params, true))), "");
    },
    batch: async (calls) =>
      JSON.parse(await send(JSON.stringify(calls.map((each) => request(each.method, each.params, each.notification))))),
    close() {},
  };
}

const curl = (port) => texts((text) =>
  output("curl", ["-sS", "-H", "Content-Type: application/json", "--data-binary", "@-", `http://127.0.0.1:${port}/`], text));

/** -N: ends its side behind the input, and prints what comes until the server has ended its own. */
const netcat = (port, end) => texts((text) => output("nc", ["-N", "127.0.0.1", String(port)], text + end));

export const commandClients = {
  "curl": (port) => curl(port),
  "nc": (port) => netcat(port, "\n"),
  "nc, no end of line": (port) => netcat(port, ""),
};

/** What one types without thinking of JSON-RPC. */
export async function bareCalls(port) {
  const call = (method, body, ...more) =>
    output("curl", ["-sS", ...more, "-d", body, `http://127.0.0.1:${port}/${method}`]);
  assert.equal((await call("Calculator.add", "[5,3]")).trimEnd(), "8");
  assert.equal((await call("Calculator.add", '{"b":3,"a":5}')).trimEnd(), "8");
  const status = ["-w", " %{http_code}"];
  assert.match(await call("Calculator.ad", "[5,3]", ...status), /"code":-32601.* 404$/s);
  assert.match(await call("Calculator.add", '["five",3]', ...status), /"code":-32602.* 400$/s);
  assert.match(await call("Calculator.divide", "[7,0]", ...status), /"dividend":7.* 500$/s);
}
