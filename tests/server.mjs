// A server program under test, and calls of it as JSON on lines.
import { spawn } from "node:child_process";
import { connect } from "node:net";
import { createInterface } from "node:readline";

/** Starts a program that prints its port, or the URL that it listens on, on a line of its own. */
export async function start(program, ...args) {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  process.once("exit", () => child.kill("SIGKILL"));
  const ended = new Promise((resolve) => child.on("exit", (code, signal) => resolve(code ?? signal)));
  const port = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (text) => {
      const found = /^(?:listening on tcp:\/\/127\.0\.0\.1:)?([0-9]+)$/.exec(text);
      if (found) resolve(Number(found[1]));
      if (text.startsWith("listening on unix:")) resolve(undefined);
    });
    child.on("error", reject);
    ended.then((how) => reject(new Error(`${program} ended (${how}) before it listened`)));
  });
  return {
    port,
    async stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

/** A connection on which calls are sent without waiting for each other. */
export async function lines(port) {
  const socket = connect(port, "127.0.0.1");
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  const waiting = new Map();
  createInterface({ input: socket }).on("line", (text) => {
    const answer = JSON.parse(text);
    waiting.get(answer.id)(answer);
    waiting.delete(answer.id);
  });
  let id = 0;
  return {
    /** The whole answer, be it a result or an error. */
    call(method, params) {
      const number = ++id;
      socket.write(JSON.stringify({ jsonrpc: "2.0", id: number, method, params }) + "\n");
      return new Promise((resolve) => waiting.set(number, resolve));
    },
    close: () => socket.end(),
  };
}
