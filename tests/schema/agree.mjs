// A foreign validator accepts the OpenRPC document of a server, and finds the same arguments good and bad as the
// server does.
//
//     node agree.mjs <folder for node_modules> <schema_server>
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { packages } from "../npm.mjs";
import { lines, start } from "../server.mjs";

const [folder, program] = process.argv.slice(2);
const require = packages(fileURLToPath(new URL("package.json", import.meta.url)), folder);
const { MethodCallValidator, parseOpenRPCDocument, validateOpenRPCDocument } = require("@open-rpc/schema-utils-js");

// Every one is an argument of every method that takes one. Of numbers only what a JavaScript program can tell apart:
// 2^63 and 2^63 - 1 are the same to it.
const values = [
  null, true, false,
  0, -0, 1, -1, 1.5, 1e-9, 127, 128, -128, -129, 255, 256, 32767, 32768, -32768, -32769, 65535, 65536,
  2147483647, 2147483648, -2147483648, -2147483649, 4294967295, 4294967296, 9007199254740991, -9007199254740991,
  9.3e18, -9.3e18, 1.9e19, 1e20, 3.4e38, 3.5e38, -3.5e38, 1e300, -1.7e308,
  "", "a", "ab", "é", "€", "\n", "\u0000", "\u007f", "\u0080", "😀", "red", "green", "Red", "yellow", "0", "7",
  "QQ==", "QR==", "QUI=", "QUJD", "QUJDRA==", "QU-_", "=", "====", "EUR", "eur", "EURO", "EU\n",
  "AAAAAAAA8D8=", "AAAAAAAA8D9=", "AAAAAAAA8D8", "AAAAAAAA8D8AAAAAAAAEwA==", "AAAAAAAA8D8AAAAAAAAEwAAAAAAAAOC/", "AQAB", "AQAC", "AQIDBA==",
  "2024-02-29T12:30:00Z", "2024-02-28t12:30:00.5z", "2024-02-28T12:30:00+01:30", "2024-02-28T12:30:00", "2024-02-28",
  "2024-13-28T12:30:00Z", "2024-12-32T12:30:00Z", "2024-12-31T24:30:00Z", "2024-12-31T23:59:60Z", "12:30:00Z",
  [], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4], [-128], [-129], [300], [1, "a"], ["a", 1], [1, "a", 2], [null], [true],
  [true, false], ["a"], ["a", "b"], ["a", "a"], [[]], [{}], [1.5], [1.0, 2, 3],
  {}, { a: 1 }, { a: "1" }, { a: 1, b: 2147483648 }, { 1: 1 }, { "-1": 1 }, { 127: 1, "-128": 2 }, { 128: 1 },
  { "-129": 1 }, { "01": 1 }, { "-0": 1 }, { "1.0": 1 }, { "": 1 }, { red: true }, { red: true, green: false },
  { red: 1 }, { yellow: true },
  { x: 1, y: 2 }, { x: 1 }, { x: 1, y: "2" }, { x: 1, y: 2, z: 3 }, { X: 1, y: 2 }, { x: 1.5, y: 2 },
  { type: "point", value: { x: 1, y: 2 } }, { type: "point", value: { x: 1 } }, { type: "int32", value: 7 },
  { type: "int32", value: "7" }, { type: "string", value: "7" }, { type: "vector", value: ["7"] },
  { type: "vector", value: [7] }, { type: "circle", value: 7 }, { type: "int32" }, { value: 7 }, { type: 1, value: 7 },
  { value: 7, type: "int32", more: true },
  { item: "a", price: 1 }, { item: "a", price: 1, count: 2 }, { item: "a", price: 1, count: null, where: null },
  { item: "a", price: 1, count: "2" }, { item: "a", price: 1, where: { x: 1, y: 2 } },
  { item: "a", price: 1, where: { x: 1 } }, { item: 1, price: 1 }, { price: 1 }, { item: "a" },
  [{ value: 1, children: [] }], [{ value: 1, children: [{ value: 2, children: [{ value: 3, children: [] }] }] }],
  [{ value: 1, children: [{ value: 2, children: [{ value: 300, children: [] }] }] }], [{ value: 1 }],
  [{ value: 1, children: [null] }], { value: 1, children: [] },
  { owner_: "a", paint_: "red" }, { owner_: "a", paint_: "yellow" }, { owner_: "a" }, { owner: "a", paint: "red" },
];

// Arguments of several parameters.
const calls = [
  ["Shop.add", [5, 3]], ["Shop.add", [5]], ["Shop.add", []], ["Shop.add", ["5", 3]], ["Shop.add", { a: 5, b: 3 }],
  ["Shop.add", { b: 3, a: 5 }], ["Shop.add", { a: 5 }], ["Shop.add", { a: 5, b: null }], ["Shop.add", [5, 2.5]],
  ["Shop.search", ["a"]], ["Shop.search", ["a", 1]], ["Shop.search", ["a", 1, true]], ["Shop.search", ["a", null, true]],
  ["Shop.search", ["a", 1, 1]], ["Shop.search", { text: "a", exact: true }], ["Shop.search", { limit: 1 }],
  ["Shop.search", { text: "a", limit: "1" }], ["Shop.search", []],
  ["Shop.order", [[{ item: "a", price: 1 }]]], ["Shop.order", [[{ item: "a" }]]], ["Shop.order", [{}]],
  ["Shop.nameless", [1, "a"]], ["Shop.nameless", [1]], ["Shop.nameless", ["a", 1]],
  ["Plain.twice", ["a"]], ["Plain.twice", [1]],
  ["echo", []], ["echo", { a: 1 }],
];

const server = await start(program);
try {
  const peer = await lines(server.port);
  const document = (await peer.call("rpc.discover")).result;

  // It is an OpenRPC document.
  assert.equal(validateOpenRPCDocument(document), true);
  const names = document.methods.map((method) => method.name);
  assert.deepEqual(names, [...names].sort());
  assert.notEqual(validateOpenRPCDocument({ ...document, methods: [{ name: "a" }] }), true, "the validator sees nothing");

  // The foreign tools follow its references. (Those of types that contain themselves they follow for ever.)
  const flat = structuredClone(document);
  flat.methods = flat.methods.filter((method) => method.name !== "Types.forest");
  delete flat.components.schemas.tree;
  const parsed = await parseOpenRPCDocument(flat);
  const place = parsed.methods.find((method) => method.name === "Types.place");
  assert.equal(place.params[0].schema.properties.x.maximum, 2147483647);

  // Formats and keywords are those of JSON Schema.
  const known = new Set(["date-time"]);
  JSON.stringify(document.components, (key, value) => {
    if (key === "format") assert.ok(known.has(value), `format ${value}`);
    return value;
  });

  // Both sides agree on every argument. A schema brings along what it refers to.
  const whole = structuredClone(document);
  for (const method of whole.methods)
    for (const param of method.params)
      param.schema = { allOf: [param.schema], components: structuredClone(document.components) };
  const validator = new MethodCallValidator(whole);
  const wanted = [...calls];
  for (const name of names.filter((each) => each.startsWith("Types.")))
    for (const value of values) wanted.push([name, [value]], [name, { v: value }]);
  const answers = await Promise.all(wanted.map(([method, params]) => peer.call(method, params)));
  const seen = new Map();
  wanted.forEach(([method, params], i) => {
    const errors = validator.validate(method, params);
    const good = errors.length === 0;
    const { error } = answers[i];
    assert.ok(error === undefined || error.code === -32602, `${method}: ${JSON.stringify(error)}`);
    assert.equal(error === undefined, good,
      `${method}(${JSON.stringify(params)}): the server says ${error?.message ?? "good"}; ` +
      `the validator says ${errors[0]?.message ?? "good"}`);
    seen.set(method, (seen.get(method) ?? new Set()).add(good));
  });
  for (const [method, outcomes] of seen)
    assert.equal(outcomes.size, ["Types.any", "echo"].includes(method) ? 1 : 2, `${method} was not asked both ways`);
  console.log(`${names.length} methods, ${wanted.length} calls: the validator and the server agree`);
  peer.close();
} finally {
  assert.equal(await server.stop(), 0);
}
