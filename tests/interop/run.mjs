// Foreign clients call the example calculator: all on one port.
//
//     node run.mjs <folder for node_modules> <calculator_server> <debian_client>
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packages } from "../npm.mjs";
import { start } from "../server.mjs";
import { exercise } from "./cases.mjs";
import { bareCalls, commandClients, output } from "./command_clients.mjs";
import { nodeClients } from "./node_clients.mjs";

const [folder, calculator, debianClient] = process.argv.slice(2);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const require = packages(here("package.json"), folder);

const done = (name) => console.log(`${name}: ok`);
const server = await start(calculator, "tcp://127.0.0.1:0");
for (const [name, make] of Object.entries({ ...nodeClients(require), ...commandClients })) {
  const client = await make(server.port);
  try {
    await exercise(client);
  } catch (failure) {
    failure.message = `${name}: ${failure.message}`;
    throw failure;
  }
  client.close();
  done(name);
}
await bareCalls(server.port);
done("curl, bare calls");
// Debian's own Python, which its packages are for.
process.stdout.write(await output("/usr/bin/python3", ["-B", here("debian_client.py"), String(server.port)]));
await output(debianClient, [`http://127.0.0.1:${server.port}/`]);
done("libjsonrpccpp, HTTP");
assert.equal(await server.stop(), 0);

const own = mkdtempSync(join(tmpdir(), "farcall-interop-"));
try {
  const path = join(own, "socket");
  const local = await start(calculator, `unix://${path}`);
  await output(debianClient, [path]);
  done("libjsonrpccpp, lines over a Unix socket");
  assert.equal(await local.stop(), 0);
} finally {
  rmSync(own, { recursive: true });
}
