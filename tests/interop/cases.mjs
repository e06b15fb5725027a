// What every foreign client does with the calculator, and what must come of it.
import assert from "node:assert/strict";

/**
 * @param client  what a client can do:
 *   `call(method, params)` gives the result, or throws something with `code` and perhaps `data`; params are an array, or
 *   an object if the client `names` them; `notify(method, params)`; `batch(calls)`, if it can: calls are
 *   `{method, params, notification}`, the result is the answers `{result}` or `{error}` in any order
 */
export async function exercise(client) {
  const failure = (method, params) => client.call(method, params).then(
    (result) => assert.fail(`${method} of ${JSON.stringify(params)} should fail, and gave ${JSON.stringify(result)}`),
    (error) => error);

  assert.equal(await client.call("Calculator.add", [5, 3]), 8);
  assert.equal(await client.call("Calculator.divide", [1, 4]), 0.25);
  assert.equal(await client.call("Calculator.greet", ["Zażółć 😀 \"\n"]),
    "Hello, Zażółć 😀 \"\n! Welcome to the Calculator Service.");
  if (client.names) assert.equal(await client.call("Calculator.subtract", { b: 3, a: 10 }), 7);

  const unknown = await failure("Calculator.ad", [5, 3]);
  assert.equal(unknown.code, -32601);
  assert.match(unknown.message, /did you mean Calculator\.add/);
  const wrong = await failure("Calculator.add", [5, "three"]);
  assert.equal(wrong.code, -32602);
  assert.match(wrong.message, /params\[1\]|b/);
  assert.equal((await failure("Calculator.add", [5])).code, -32602);
  const zero = await failure("Calculator.divide", [7, 0]);
  assert.equal(zero.code, -32000);
  if (zero.data !== undefined) assert.deepEqual(zero.data.value, { dividend: 7 });

  await client.notify("Calculator.add", [1, 2]);
  assert.equal(await client.call("Calculator.multiply", [6, 7]), 42);

  if (!client.batch) return;
  const answers = await client.batch([
    { method: "Calculator.add", params: [1, 2] },
    { method: "Calculator.add", params: [1, 2], notification: true },
    { method: "Calculator.nothing", params: [] },
    { method: "Calculator.greet", params: ["Ada"] },
  ]);
  assert.equal(answers.length, 3);
  assert.deepEqual(answers.filter((each) => each.error === undefined || each.error === null).map((each) => each.result).sort(),
    [3, "Hello, Ada! Welcome to the Calculator Service."]);
  assert.equal(answers.find((each) => each.error).error.code, -32601);
}
