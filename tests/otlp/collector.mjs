// A collector that takes spans by the published schema: what traced_calls sends must survive, field by field, being made
// into the protobuf messages of OpenTelemetry's own package and back.
//
//     node collector.mjs <folder for node_modules> <traced_calls>
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packages } from "../npm.mjs";

const [folder, program] = process.argv.slice(2);
const require = packages(fileURLToPath(new URL("package.json", import.meta.url)), folder);
// The generated messages are no part of the package's interface, so they are taken by their file.
const home = dirname(dirname(dirname(require.resolve("@opentelemetry/otlp-transformer"))));
const { opentelemetry } = require(join(home, "build/src/generated/root.js"));
const Request = opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;

// OTLP's JSON is protobuf's but for ids, which are hex there and base64 here.
const ids = ["traceId", "spanId", "parentSpanId"];
const converted = (value, from, to) => JSON.parse(JSON.stringify(value), (key, text) =>
  ids.includes(key) ? Buffer.from(text, from).toString(to) : text);

// Every field must be one of the schema's, of its type: anything else is refused, or does not come back.
function read(text) {
  const sent = JSON.parse(text);
  const message = Request.fromObject(converted(sent, "hex", "base64"));
  assert.equal(Request.verify(message), null);
  const wire = Request.decode(Request.encode(message).finish());
  const back = Request.toObject(wire, { longs: String, bytes: String, arrays: false, objects: true });
  const bare = (value) => JSON.parse(JSON.stringify(value), (key, each) =>
    Array.isArray(each) && each.length === 0 ? undefined : each);
  assert.deepEqual(converted(bare(back), "base64", "hex"), bare(sent));
  return sent;
}

const spans = [];
const problems = [];
let requests = 0;
const collector = createServer((request, response) => {
  let text = "";
  request.setEncoding("utf8");
  request.on("data", (part) => { text += part; });
  request.on("end", () => {
    // The first is told to come again.
    if (++requests === 1) return response.writeHead(503, { "Retry-After": "0" }).end();
    try {
      assert.equal(request.method, "POST");
      assert.equal(request.url, "/v1/traces");
      assert.equal(request.headers["content-type"], "application/json");
      assert.equal(request.headers.authorization, "Bearer otlp");
      for (const { resource, scopeSpans } of read(text).resourceSpans)
        for (const { scope, spans: some } of scopeSpans)
          for (const span of some) spans.push({ ...span, resource, scope });
    } catch (problem) {
      problems.push(problem);
    }
    response.writeHead(200, { "Content-Type": "application/json" }).end('{"partialSuccess":{}}');
  });
});
await new Promise((resolve) => collector.listen(0, "127.0.0.1", resolve));

const began = BigInt(Date.now()) * 1_000_000n;
const child = spawn(program, [`http://127.0.0.1:${collector.address().port}`], { stdio: ["ignore", "pipe", "inherit"] });
let printed = "";
child.stdout.on("data", (part) => { printed += part; });
const status = await new Promise((resolve, reject) => child.on("exit", resolve).on("error", reject));
collector.close();
assert.equal(status, 0);
for (const problem of problems) throw problem;
const [frontPort, backPort] = printed.trim().split(" ");

const value = ({ stringValue, intValue, boolValue }) => stringValue ?? intValue ?? boolValue;
const attributes = ({ attributes: all }) => Object.fromEntries(all.map(({ key, value: each }) => [key, value(each)]));
const facts = (span) => ({ service: attributes(span.resource)["service.name"], kind: span.kind, name: span.name });
const find = (trace, service, kind) =>
  trace.find((span) => attributes(span.resource)["service.name"] === service && span.kind === kind);
const [SERVER, CLIENT] = [2, 3];

// Two calls in the trace that was given, and one of no method in a trace of its own.
const given = spans.filter(({ traceId }) => traceId === "0af7651916cd43dd8448eb211c80319c");
const roots = given.filter((span) => facts(span).service === "caller");
assert.equal(spans.length, 10);
assert.equal(given.length, 8);
for (const root of roots) {
  assert.equal(root.parentSpanId, "b7ad6b7169203331");
  const chain = [root];
  for (let next; (next = given.find(({ parentSpanId }) => parentSpanId === chain.at(-1).spanId)); ) chain.push(next);
  assert.deepEqual(chain.map(facts), [
    { service: "caller", kind: CLIENT, name: "Front.order" }, { service: "front", kind: SERVER, name: "Front.order" },
    { service: "front", kind: CLIENT, name: "Back.half" }, { service: "back", kind: SERVER, name: "Back.half" }]);
  assert.deepEqual(chain.map(({ flags }) => flags), [0x101, 0x301, 0x101, 0x301], "sampled, and where the parent is");
  for (const span of chain) {
    assert.equal(span.traceState, "rojo=00f067aa0ba902b7");
    assert.match(span.spanId, /^(?!0{16})[0-9a-f]{16}$/);
    const [from, to] = [BigInt(span.startTimeUnixNano), BigInt(span.endTimeUnixNano)];
    assert.ok(began <= from && from <= to && to <= BigInt(Date.now() + 1) * 1_000_000n, `${from} to ${to}`);
  }
}

const good = roots.find(({ status: end }) => end.code === undefined);
assert.deepEqual(attributes(good.resource),
  { "service.name": "caller", "deployment.environment.name": "test", replica: "7", canary: true });
assert.deepEqual(good.scope, { name: "farcall" });
const clientFacts = attributes(good);
assert.match(clientFacts["farcall.server_us"], /^[0-9]+$/);
delete clientFacts["farcall.server_us"];
assert.deepEqual(clientFacts, { "rpc.system.name": "jsonrpc", "jsonrpc.protocol.version": "2.0", "rpc.method": "Front.order",
  "server.address": "127.0.0.1", "server.port": frontPort, "network.transport": "tcp" });

const bad = roots.find(({ status: end }) => end.code === 2);
assert.equal(bad.status.message, 'an odd "number" ½');
assert.equal(attributes(bad)["error.type"], "out_of_range");
const below = given.filter(({ status: end }) => end.code === 2);
assert.equal(below.length, 4);
const served = attributes(find(below, "back", SERVER));
assert.match(served["jsonrpc.request.id"], /^[0-9]+$/);
assert.match(served["network.peer.port"], /^[0-9]+$/);
delete served["jsonrpc.request.id"];
delete served["network.peer.port"];
assert.deepEqual(served, { "rpc.system.name": "jsonrpc", "jsonrpc.protocol.version": "2.0", "rpc.method": "Back.half",
  "network.peer.address": "127.0.0.1", "error.type": "out_of_range", "rpc.response.status_code": "-32011" });
assert.equal(attributes(find(below, "front", CLIENT))["server.port"], backPort);

const unknown = spans.filter(({ traceId }) => traceId !== good.traceId);
assert.equal(new Set(unknown.map(({ traceId }) => traceId)).size, 1);
const refused = find(unknown, "front", SERVER);
assert.equal(refused.name, "_OTHER");
assert.equal(attributes(refused)["rpc.method_original"], "No.such");
assert.equal(attributes(refused)["rpc.response.status_code"], "-32601");
assert.equal(refused.parentSpanId, find(unknown, "caller", CLIENT).spanId);
assert.equal(find(unknown, "caller", CLIENT).parentSpanId, undefined);

// The check can fail.
const one = { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: good.traceId, spanId: good.spanId, name: "x" }] }] }] };
read(JSON.stringify(one));
for (const [name, wrong] of [["nmae", "x"], ["kind", "CLIENT"], ["startTimeUnixNano", 1.5], ["attributes", { a: 1 }], ["name", 7]])
  assert.throws(() => read(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [
    { ...one.resourceSpans[0].scopeSpans[0].spans[0], [name]: wrong }] }] }] })), `${name}: ${wrong}`);

console.log(`${spans.length} spans in ${requests} requests are as the schema has them`);
