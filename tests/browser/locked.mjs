// The page of a server whose pages want a token, in a browser that asks for it once.
//
//     node locked.mjs <folder for node_modules> <chromium> <schema_server>
import assert from "node:assert/strict";
import { start } from "../server.mjs";
import { launch } from "./browser.mjs";

const [folder, chromium, program] = process.argv.slice(2);
const server = await start(program, "--token=s3cret");
const origin = `http://127.0.0.1:${server.port}`;
const browser = await launch(folder, chromium);

// Whoever has no answer to the browser's question, or a wrong one, sees nothing.
for (const options of [{}, { httpCredentials: { username: "ops", password: "wrong" } }]) {
  const context = await browser.newContext(options);
  for (const path of ["/", "/openrpc.json", "/metrics"]) {
    // One each: Chromium goes to a page of its own after a failure, and that could interrupt where we go next.
    const page = await context.newPage();
    // Without anybody to ask, Chromium fails; after a wrong answer it shows the refusal.
    const shown = await page.goto(origin + path).then((given) => given.status(), (why) => /INVALID_AUTH/.test(why.message));
    assert.equal(shown, options.httpCredentials ? 401 : true, path);
    const answer = await fetch(origin + path);
    assert.equal(answer.status, 401, path);
    assert.doesNotMatch(await answer.text(), /Types|openrpc|farcall_server/);
  }
  assert.equal((await (await context.newPage()).goto(origin + "/healthz")).status(), 200);
  await context.close();
}

// With the token the page works as ever: its document, the live numbers, and calls.
const context = await browser.newContext({ httpCredentials: { username: "ops", password: "s3cret" } });
const page = await context.newPage();
page.setDefaultTimeout(10_000);
assert.equal((await page.goto(origin + "/")).status(), 200);
await page.waitForSelector(".method");
await page.locator("#live").waitFor();
await page.goto(origin + "/#method-Counter.hit");
const box = page.locator('[id="method-Counter.hit"]');
await box.waitFor();
if (!(await box.getByRole("button", { name: "Call" }).isVisible())) await box.locator("summary").first().click();
await box.getByRole("button", { name: "Call" }).click();
await box.locator("output .outcome").waitFor();
await page.locator("#live-rows tr", { has: page.getByText("Counter.hit", { exact: true }) }).waitFor();

// A page of somebody else cannot use what the browser knows.
const foreign = await context.newPage();
await foreign.goto("data:text/html,foreign");
const seen = await foreign.evaluate(async (url) => {
  try {
    return (await fetch(url, { credentials: "include" })).status;
  } catch {
    return "nothing";
  }
}, origin + "/openrpc.json");
assert.equal(seen, "nothing");

await browser.close();
assert.equal(await server.stop(), 0);
