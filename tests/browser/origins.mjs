// What a page of somebody else can do to a server on this machine, in a real browser: nothing.
//
//     node origins.mjs <folder for node_modules> <chromium> <schema_server>
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { lines, start } from "../server.mjs";
import { launch } from "./browser.mjs";

const [folder, chromium, program] = process.argv.slice(2);
const server = await start(program);
const target = `http://127.0.0.1:${server.port}`;

// A server of the attacker's own, on a port and under a name that are not those of the target.
const attacker = createServer((request, response) => {
  response.setHeader("Content-Type", "text/html");
  response.end("<!doctype html><title>attacker</title>");
});
await new Promise((resolve) => attacker.listen(0, "127.0.0.1", resolve));
const elsewhere = `http://localhost:${attacker.address().port}`;

// A name of the attacker's that means this machine: DNS rebinding. The browser takes it for one origin all along.
const rebound = `http://rebound.test:${server.port}`;
// New browsers keep pages off local servers by themselves. Here the server has to do it alone.
const browser = await launch(folder, chromium, ["--host-resolver-rules=MAP rebound.test 127.0.0.1",
  "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets,BlockInsecurePrivateNetworkRequests"]);

const observer = await lines(server.port);
const hits = async () => (await observer.call("Counter.count", [])).result;

const message = '{"jsonrpc":"2.0","id":1,"method":"Counter.hit","params":[]}';

// Every way in which a page can send something. Each runs in the page, and ends when the browser is done with it.
const ways = {
  async "fetch without asking"(base, body) {
    await fetch(base + "/", { method: "POST", mode: "no-cors", body });
  },
  async "fetch with JSON, which the browser asks for first"(base, body) {
    await fetch(base + "/", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  },
  async "fetch of a bare call"(base) {
    await fetch(base + "/Counter.hit", { method: "POST", mode: "no-cors", body: "[]" });
  },
  async "fetch of a bare call with JSON"(base) {
    await fetch(base + "/Counter.hit", { method: "POST", headers: { "Content-Type": "application/json" }, body: "[]" });
  },
  async "fetch by GET"(base) {
    await fetch(base + "/Counter.hit", { mode: "no-cors" });
  },
  async "fetch with other methods"(base, body) {
    for (const method of ["PUT", "PATCH", "DELETE", "REPORT"]) await fetch(base + "/", { method, body }).catch(() => {});
  },
  async "a beacon"(base, body) {
    navigator.sendBeacon(base + "/", body);
    navigator.sendBeacon(base + "/Counter.hit", "[]");
    navigator.sendBeacon(base + "/", new Blob([body], { type: "application/json" }));
    // A beacon has no answer: one that has comes behind it.
    await fetch(base + "/healthz", { mode: "no-cors" });
  },
  async "a form, whose text is JSON"(base, body) {
    await send(base + "/", "text/plain", body.replace("}", ',"x":"'), '"}');
  },
  async "a form of a bare call"(base) {
    await send(base + "/Counter.hit", "text/plain", "[", "]");
    await send(base + "/Counter.hit", "application/x-www-form-urlencoded", "a", "1");
    await send(base + "/Counter.hit", "multipart/form-data", "a", "1");
    await send(base + "/Counter.hit", "text/plain");
  },
  async "an image, a script and a style"(base) {
    for (const [name, source] of [["img", "src"], ["script", "src"], ["link", "href"]]) {
      const node = document.createElement(name);
      node[source] = base + "/Counter.hit?params=[]";
      node.rel = "stylesheet";
      await new Promise((resolve) => {
        node.onload = node.onerror = resolve;
        document.body.append(node);
      });
    }
  },
  async "events"(base) {
    const source = new EventSource(base + "/Counter.hit");
    await new Promise((resolve) => { source.onopen = source.onerror = resolve; });
    source.close();
  },
  async "a WebSocket"(base, body) {
    const socket = new WebSocket(base.replace("http", "ws") + "/");
    return new Promise((resolve) => {
      socket.onopen = () => socket.send(body);
      socket.onmessage = () => resolve("answered");
      socket.onerror = socket.onclose = () => resolve("closed");
    });
  },
  async "a WebSocket with a protocol"(base) {
    const socket = new WebSocket(base.replace("http", "ws") + "/Counter.hit", ["jsonrpc"]);
    return new Promise((resolve) => {
      socket.onopen = () => resolve("open");
      socket.onerror = socket.onclose = () => resolve("closed");
    });
  },
};

// Forms are sent into a frame; its load says that the answer is there.
const helper = `async function send(action, enctype, name, value) {
  const frame = document.createElement("iframe");
  frame.name = "frame" + Math.random();
  const form = document.createElement("form");
  Object.assign(form, { action, method: "POST", enctype, target: frame.name });
  if (name !== undefined) {
    const input = document.createElement("input");
    Object.assign(input, { name, value });
    form.append(input);
  }
  document.body.append(frame, form);
  const loaded = new Promise((resolve) => { frame.onload = resolve; });
  form.submit();
  await loaded;
}`;

// A page without content whose origin is this, and which did not come from there.
async function pageAt(base) {
  const page = await browser.newPage();
  await page.route(base + "/attack", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><body>" }));
  await page.goto(base + "/attack");
  return page;
}

async function attempt(page, base, name, way) {
  const source = way.toString().replace(/^async "[^"]*"/, "async function");
  const outcome = page.evaluate(
    `(() => { ${helper}\nreturn (${source})(${JSON.stringify(base)}, ${JSON.stringify(message)})` +
    '.catch((error) => "refused: " + error.message); })()');
  let timer;
  const late = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${name}, to ${base}: the browser is not done with it`)), 20_000);
  });
  try {
    return `${name}: ${await Promise.race([outcome, late])}`;
  } finally {
    clearTimeout(timer);
  }
}

try {
  // From a page of the target's own origin they work: so the test can fail.
  const own = await pageAt(target);
  const worked = [];
  for (const [name, way] of Object.entries(ways)) {
    const before = await hits();
    await attempt(own, target, name, way);
    if ((await hits()) !== before) worked.push(name);
  }
  assert.deepEqual(worked, ["fetch with JSON, which the browser asks for first", "fetch of a bare call with JSON",
    "a beacon", "a WebSocket"]);
  await own.close();
  const before = await hits();

  // A page of another origin.
  const foreign = await browser.newPage();
  await foreign.goto(elsewhere);
  for (const base of [target, `http://localhost:${server.port}`, rebound])
    for (const [name, way] of Object.entries(ways)) {
      const outcome = await attempt(foreign, base, name, way);
      assert.equal(await hits(), before, `from ${elsewhere} to ${base}: ${outcome}`);
    }
  // What it cannot do, it cannot read either.
  const read = await foreign.evaluate(
    (base) => fetch(base + "/openrpc.json").then((answer) => answer.text()).catch(() => "unreadable"), target);
  assert.equal(read, "unreadable");
  await foreign.close();

  // A page that was loaded from the attacker under a name that means the target now: the same origin to the browser.
  const same = await pageAt(rebound);
  for (const [name, way] of Object.entries(ways)) {
    const outcome = await attempt(same, rebound, name, way);
    assert.equal(await hits(), before, `under a rebound name: ${outcome}`);
  }
  const answer = await same.evaluate(() => fetch("/openrpc.json").then((response) => response.status));
  assert.equal(answer, 421);
  assert.equal((await same.goto(rebound + "/")).status(), 421);
  await same.close();

  // An origin that the server was told to trust may call and read, and others still may not.
  const trusting = await start(program, elsewhere);
  try {
    const callFrom = async (page) => page.evaluate(([base, body]) =>
      fetch(base + "/", { method: "POST", headers: { "Content-Type": "application/json" }, body })
        .then((answer) => answer.json()).then(({ result }) => result).catch((error) => error.message),
    [`http://127.0.0.1:${trusting.port}`, message]);
    const trusted = await browser.newPage();
    await trusted.goto(elsewhere);
    assert.equal(await callFrom(trusted), 1);
    await trusted.goto(elsewhere.replace("localhost", "127.0.0.1"));
    assert.equal(await callFrom(trusted), "Failed to fetch");
  } finally {
    await trusting.stop();
  }

  console.log(`${Object.keys(ways).length} ways, ${worked.length} of which work on the server's own page: ` +
    "none works from elsewhere");
  observer.close();
} finally {
  await browser.close();
  attacker.close();
  assert.equal(await server.stop(), 0);
}
