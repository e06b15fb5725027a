// Clients from npm: JSON lines and HTTP with jayson, WebSocket with rpc-websockets, Content-Length with vscode-jsonrpc.
import { connect } from "node:net";

/** A jayson client: a function that sends one request, or an array of them. */
function jayson(client) {
  const request = (...all) => new Promise((resolve, reject) =>
    client.request(...all, (failure, response) => (failure ? reject(failure) : resolve(response))));
  return {
    names: true,
    async call(method, params) {
      const response = await request(method, params);
      if (response.error) throw response.error;
      return response.result;
    },
    // Version 2 makes a notification of an id that is undefined.
    notify: (method, params) => request(method, params, null),
    batch: (calls) =>
      request(calls.map((each) => client.request(each.method, each.params, each.notification ? null : undefined, false))),
    close() {},
  };
}

async function rpcWebsockets(Client, port) {
  const client = new Client(`ws://127.0.0.1:${port}`, { reconnect: false });
  await new Promise((resolve, reject) => client.once("open", resolve).once("error", reject));
  return {
    names: true,
    call: (method, params) => client.call(method, params),
    notify: (method, params) => client.notify(method, params),
    close: () => client.close(),
  };
}

async function vscode({ createMessageConnection, ParameterStructures, StreamMessageReader, StreamMessageWriter }, port) {
  const socket = connect(port, "127.0.0.1");
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  const connection = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
  connection.listen();
  const arranged = (params) => (Array.isArray(params) ? params : [ParameterStructures.byName, params]);
  return {
    names: true,
    call: (method, params) => connection.sendRequest(method, ...arranged(params)),
    notify: (method, params) => connection.sendNotification(method, ...arranged(params)),
    close() {
      connection.dispose();
      socket.end();
    },
  };
}

/** By name, what makes a client for the port. */
export function nodeClients(require) {
  const tcp = require("jayson/lib/client/tcp.js");
  const http = require("jayson/lib/client/http.js");
  return {
    "jayson, lines": (port) => jayson(tcp({ host: "127.0.0.1", port })),
    "jayson, HTTP": (port) => jayson(http({ host: "127.0.0.1", port })),
    "rpc-websockets": (port) => rpcWebsockets(require("rpc-websockets").Client, port),
    "vscode-jsonrpc, Content-Length": (port) => vscode(require("vscode-jsonrpc/node"), port),
  };
}
