// The page at GET /, used as a person uses it: by keyboard, on a desk and on a phone.
//
//     node page.mjs <folder for node_modules> <chromium> <schema_server> [<folder for screenshots>]
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { lines, start } from "../server.mjs";
import { launch } from "./browser.mjs";

const [folder, chromium, program, pictures] = process.argv.slice(2);
const server = await start(program);
const browser = await launch(folder, chromium);
const origin = `http://127.0.0.1:${server.port}`;

// A page on which nothing may go wrong that the test does not look for, and which may load nothing but its own.
async function open(options, path = "/", { clock = false, answer } = {}) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`script: ${error.message}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(origin + "/")) complaints.push(`loads ${request.url()}`);
  });
  if (clock) await page.clock.install();
  if (answer) {
    await page.route(origin + "/", (route) => {
      const instead = route.request().method() === "POST" ? answer() : undefined;
      return instead ? route.fulfill(instead) : route.continue();
    });
  }
  await page.goto(origin + path);
  await page.waitForSelector(".method");
  return { page, complaints, box: (name) => page.locator(`[id="method-${name}"]`) };
}

// How a call of an open box ended: all the text that is shown.
async function called(box) {
  await box.getByRole("button", { name: "Call" }).click();
  await box.locator("output .outcome").waitFor();
  return box.locator("output").innerText();
}

async function fitsItsWindow(page) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `${content} pixels wide in a window of ${window}`);
}

async function picture(page, name) {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

// WCAG 2.1, 1.4.3: the contrast of text that is not large.
const lowContrast = () => {
  const channel = (value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const read = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const colour = read(getComputedStyle(node).backgroundColor);
      if (colour[3] !== 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
    if (!own || !node.checkVisibility() || node.matches("script, style, .skip, :disabled")) continue;
    const [a, b] = [light(read(getComputedStyle(node).color)), light(behind(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push(`${node.tagName} ${node.className}: ${ratio.toFixed(2)}`);
  }
  return found;
};

// Calls as others make them, beside the page.
async function callBeside(count, method, params) {
  const others = await lines(server.port);
  await Promise.all(Array.from({ length: count }, () => others.call(method, params)));
  others.close();
}

// The line of a method in the live view: its texts by the columns' names.
const numbersOf = (page, method) => page.locator("#live-rows tr", { has: page.getByText(method, { exact: true }) }).evaluate(
  (row) => Object.fromEntries([...row.querySelectorAll("td[data-name]")].map((cell) => [cell.dataset.name, cell.textContent])));

// What an error looks like when it is an answer.
const refusal = (code, message, status = 200) => ({ status, json: { jsonrpc: "2.0", id: 1, error: { code, message } } });

const tests = {
  async "shows what was called before it was opened, and moves while calls run"() {
    await callBeside(100, "Types.int8", [1]);
    await callBeside(3, "Types.int8", ["no number"]);
    const { page, complaints } = await open();
    const row = page.locator("#live-rows tr", { has: page.getByText("Types.int8", { exact: true }) });
    await row.waitFor();
    const before = await numbersOf(page, "Types.int8");
    assert.equal(before.calls, "103");
    assert.equal(before.failed, "3");
    for (const each of ["min", "mean", "p50", "p99", "max", "total"])
      assert.match(before[each], /^[0-9.]+\u202f(µs|ms|s)$/, each);
    // Once their second is over, they are a bump in the charts.
    await page.waitForFunction(() => /highest [1-9]/.test(document.querySelector("#tiles title").textContent));
    assert.match(await row.locator("title").first().textContent(), /at most [1-9][0-9]*; failed dashed$/);
    assert.match(await row.locator(".chart.rate path").last().getAttribute("d"), /^M[0-9.,L]+$/);
    await callBeside(50, "Types.int8", [1]);
    await row.getByText("153", { exact: true }).waitFor();
    assert.match(await page.locator(".tile", { hasText: "Connections" }).innerText(), /http/);
    await row.getByRole("link").click();
    assert.equal(await page.locator('[id="method-Types.int8"]').getAttribute("open"), "");
    assert.deepEqual(complaints, []);
  },

  async "asks for numbers only as long as somebody looks at them"() {
    const { page, complaints } = await open({}, "/", { clock: true });
    let asked = 0;
    page.on("request", (request) => { asked += request.method() === "POST"; });
    // What the timers of ten seconds would do, done, and answered.
    const later = async () => {
      const before = asked;
      for (let i = 0; i !== 5; ++i) {
        await page.clock.runFor(2_000);
        await page.waitForLoadState("networkidle");
      }
      return asked - before;
    };
    await page.locator("#live").waitFor();
    assert.ok(await later() > 0);
    await page.getByRole("button", { name: "Pause" }).click();
    await later();
    assert.equal(await later(), 0, "paused");
    assert.equal(await page.locator("#live-state").innerText(), "paused");
    await page.getByRole("button", { name: "Go on" }).click();
    assert.ok(await later() > 0);
    await page.locator("#live > summary").click();
    await later();
    assert.equal(await later(), 0, "closed");
    await page.reload();
    await page.waitForSelector(".method");
    assert.equal(await page.locator("#live").getAttribute("open"), null, "it stays as it was left");
    await page.locator("#live > summary").click();
    assert.ok(await later() > 0);
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { get: () => true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await later();
    assert.equal(await later(), 0, "hidden");
    assert.deepEqual(complaints, []);
  },

  async "goes on with the live view after answers that are errors"() {
    let trouble;
    const { page, complaints } = await open({}, "/", { answer: () => trouble });
    const state = (text) => page.locator("#live-state", { hasText: text }).waitFor();
    await state(/^up /);
    for (trouble of [refusal(-32001, "limits.in_flight: busy"), refusal(-32003, "the server is draining", 503),
      { status: 502, contentType: "text/html", body: "<h1>Bad Gateway</h1>" }]) {
      await state("no answer; trying again");
      trouble = undefined;
      await state(/^up /);
      assert.equal(await page.locator("#live").isVisible(), true);
    }
    assert.deepEqual(complaints.filter((each) => !/status of 50[23]/.test(each)), []);
  },

  async "shows no live view where the server tells nothing of its calls"() {
    const { page, complaints } = await open({}, "/", { answer: () => refusal(-32601, "Method not found") });
    await page.waitForLoadState("networkidle");
    assert.equal(await page.locator("#live").isVisible(), false);
    assert.deepEqual(complaints, []);
  },

  async "shows all services and their methods in order"() {
    const { page, complaints } = await open();
    assert.equal(await page.title(), "Counter, Patience, Plain, Shop, Types");
    assert.deepEqual(await page.locator("h2").allInnerTexts(), ["Counter", "Patience", "Plain", "Shop", "Types",
      "Other methods"]);
    const shop = await page.locator("section[aria-label=Shop] .name").allInnerTexts();
    assert.deepEqual(shop, ["add", "cancel", "nameless", "order", "search"]);
    assert.match(await page.locator("#about").innerText(), /^Version 1 · 50 methods · 127\.0\.0\.1:/);
    assert.deepEqual(complaints, []);
  },

  async "calls a method by keyboard alone"() {
    const { page, complaints, box } = await open({ viewport: { width: 1280, height: 900 } });
    await page.keyboard.press("/");
    await page.keyboard.type("shop.add");
    assert.equal(await page.locator(".method:visible").count(), 1);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("5");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("3");
    await page.keyboard.press("Enter");
    const output = box("Shop.add").locator("output");
    await output.locator(".good").waitFor();
    assert.equal(await output.locator("pre").innerText(), "8");
    assert.match(await output.innerText(), /^Result · [0-9.]+ ms/);
    assert.equal(await page.locator("#state").innerText(), "Connected.");
    assert.equal(new URL(page.url()).hash, "#Shop.add");
    assert.equal(await box("Shop.add").locator(".curl").innerText(), `curl -d '[5,3]' ${origin}/Shop.add`);
    assert.deepEqual(complaints, []);
  },

  async "shows where an argument is wrong"() {
    const { page, complaints, box } = await open({}, "/#Shop.add");
    const add = box("Shop.add");
    await add.getByLabel("b").fill("2147483648");
    const answer = await called(add);
    assert.match(answer, /^Error −32602 · invalid arguments/);
    assert.match(answer, /2147483648 is out of range/);
    assert.equal(await add.locator("output .path").innerText(), "/1");
    assert.equal(await add.getByLabel("b").getAttribute("aria-invalid"), "true");
    assert.notEqual(await add.getByLabel("a").getAttribute("aria-invalid"), "true");
    assert.ok(await add.getByLabel("b").evaluate((field) => field === document.activeElement));

    await page.locator('#list a[href="#Shop.order"]').click();
    const order = box("Shop.order");
    await order.getByLabel("lines").fill('[{"item":"a","price":1},{"item":"b","price":"dear"}]');
    assert.match(await called(order), /expected number, found string/);
    assert.equal(await order.locator("output .path").innerText(), "/0/1/price");
    assert.deepEqual(complaints, []);
  },

  async "shows an exception with its value"() {
    const { complaints, box } = await open({}, "/#Shop.order");
    const order = box("Shop.order");
    await order.getByLabel("lines").fill('[{"item":"a","price":1},{"item":"b","price":2}]');
    const answer = await called(order);
    assert.match(answer, /^Error −32000 · exception/);
    assert.match(answer, /no_stock/);
    assert.match(answer, /\{ "left": 1 \}/);
    await order.getByLabel("lines").fill("[]");
    assert.match(await called(order), /^Result/, "an exactly-once call is a new one for each click");
    assert.deepEqual(complaints, []);
  },

  async "says what is no value before it sends it"() {
    const { page, complaints, box } = await open({}, "/#Shop.add");
    await box("Shop.add").getByLabel("a").fill("five");
    await box("Shop.add").getByRole("button", { name: "Call" }).click();
    assert.equal(await box("Shop.add").locator(".wrong").innerText(), "Enter an integer, such as 42.");
    await page.locator('#list a[href="#Shop.order"]').click();
    await box("Shop.order").getByLabel("lines").fill("[");
    await box("Shop.order").getByRole("button", { name: "Call" }).click();
    assert.match(await box("Shop.order").locator(".wrong").innerText(), /^Enter JSON\./);
    assert.match(await page.locator("#state").innerText(), /^Not connected/);
    assert.deepEqual(complaints, []);
  },

  async "leaves out what is optional until it is given"() {
    const { complaints, box } = await open({}, "/#Shop.search");
    const search = box("Shop.search");
    await called(search);
    assert.match(await search.locator(".curl").innerText(), /-d '\[""\]'/);
    await search.getByRole("checkbox", { name: "Give exact" }).check();
    await search.getByLabel("exact", { exact: false }).last().selectOption("true");
    await called(search);
    assert.match(await search.locator(".curl").innerText(), /-d '\["",null,true\]'/);
    assert.deepEqual(complaints, []);
  },

  async "cancels a call that takes long"() {
    const { page, complaints, box } = await open({}, "/#Patience.wait");
    const wait = box("Patience.wait");
    await wait.getByRole("button", { name: "Call" }).click();
    await page.getByText("Connected.").waitFor();
    await wait.getByRole("button", { name: "Cancel" }).click();
    await wait.locator("output .bad").waitFor();
    assert.match(await wait.locator("output").innerText(), /^Error −32001 · cancelled/);
    assert.equal(await wait.getByRole("button", { name: "Cancel" }).count(), 0);
    assert.equal(await wait.locator("output").getAttribute("aria-busy"), null);
    assert.deepEqual(complaints, []);
  },

  async "keeps every digit, and shows text of the server as text"() {
    const { page, complaints, box } = await open({}, "/#echo");
    const echo = box("echo");
    const hostile = '<img src=x onerror="document.title=1"></script>';
    await echo.getByLabel("params").fill(`[18446744073709551615,-9007199254740993,1.10,${JSON.stringify(hostile)}]`);
    assert.match(await called(echo), /18446744073709551615,\n  -9007199254740993,\n  1\.10,\n  "<img src=x onerror/);
    await echo.getByLabel("params").fill("7");
    await echo.getByRole("button", { name: "Call" }).click();
    assert.equal(await echo.locator(".wrong").innerText(), "Enter an array or an object.");
    await page.locator('#list a[href="#Types.uint64"]').click();
    assert.equal(await box("Types.uint64").locator(".hint").first().innerText(), "0 to 2⁶⁴ − 1");
    assert.deepEqual(complaints, []);
  },

  // Whatever the types are, the form that the page makes of them is one that the server takes.
  async "offers a good example for every type"() {
    const { page, complaints } = await open();
    const types = page.locator("section[aria-label=Types]");
    await types.evaluate((section) => { for (const each of section.querySelectorAll(".method")) each.open = true; });
    const count = await types.locator(".method").count();
    await types.locator("form").nth(count - 1).waitFor();
    await types.evaluate((section) => { for (const each of section.querySelectorAll("form")) each.requestSubmit(); });
    await types.locator("output .outcome").nth(count - 1).waitFor();
    const refused = await types.evaluate((section) => [...section.querySelectorAll(".method")]
      .filter((each) => !each.querySelector("output .good")).map((each) => each.id));
    // No example can be made of its pattern.
    assert.deepEqual(refused, ["method-Types.money"]);
    assert.deepEqual(complaints, []);
  },

  async "fits a desk and a phone, light and dark, and can be read"() {
    for (const [name, options] of Object.entries({
      "desk-light": { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
      "desk-dark": { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
      "phone-light": { viewport: { width: 390, height: 844 }, colorScheme: "light", hasTouch: true },
      "phone-dark": { viewport: { width: 320, height: 640 }, colorScheme: "dark", hasTouch: true },
    })) {
      const { page, complaints, box } = await open(options);
      await page.getByLabel("Filter the methods").fill("shop");
      for (const method of ["Shop.search", "Shop.order", "Shop.cancel"]) await box(method).locator("summary").click();
      await called(box("Shop.search"));
      await box("Shop.cancel").getByLabel("number").fill("99999999999");
      await called(box("Shop.cancel"));
      await box("Shop.order").getByLabel("lines").fill('[{"item":"a","price":1},{"item":"b","price":2}]');
      await called(box("Shop.order"));
      await fitsItsWindow(page);
      assert.deepEqual(await page.evaluate(lowContrast), [], name);
      await picture(page, name);
      assert.deepEqual(complaints, []);
    }
  },

  // The last, because it ends the server.
  async "says that the connection is lost"() {
    const { page, complaints, box } = await open({}, "/#Shop.add");
    await called(box("Shop.add"));
    assert.equal(await server.stop(), 0);
    await page.getByText("Connection closed; the next call connects again.").waitFor();
    assert.match(await called(box("Shop.add")), /^No answer.*\n+The server does not answer\. Nothing was called\./);
    assert.match(complaints.join(), /ERR_CONNECTION_REFUSED/);
  },
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  const since = performance.now();
  try {
    await test();
    if (process.env.VERBOSE) console.log(`${name}: ${Math.round(performance.now() - since)} ms`);
  } catch (problem) {
    ++failed;
    console.error(`FAILED: the page ${name}\n${problem.stack}`);
  }
  for (const context of browser.contexts()) await context.close();
}
await browser.close();
await server.stop();
if (failed === 0) console.log(`${Object.keys(tests).length} tests passed`);
process.exit(failed === 0 ? 0 : 1);
