#!/usr/bin/python3
"""Calls the calculator with Debian's Python clients; prints "NAME: ok" for each.

    debian_client.py PORT
"""

import json
import sys

import jsonrpclib
import websocket


def expect(condition, what):
    if not condition:
        sys.exit(f"debian_client.py: {what}")


def pelix(port):
    """python3-jsonrpclib-pelix, over HTTP."""
    server = jsonrpclib.ServerProxy(f"http://127.0.0.1:{port}")
    calculator = server.Calculator
    expect(calculator.add(5, 3) == 8, "add")
    expect(calculator.subtract(b=3, a=10) == 7, "named parameters")
    expect(calculator.greet("Zażółć 😀") == "Hello, Zażółć 😀! Welcome to the Calculator Service.", "text")
    for code, failing in ((-32601, lambda: calculator.nothing()), (-32602, lambda: calculator.add("five", 3)),
                          (-32000, lambda: calculator.divide(7, 0))):
        try:
            failing()
        except jsonrpclib.ProtocolError as error:
            expect(error.args[0][0] == code, f"{error} should have code {code}")
        else:
            expect(False, f"no error where {code} should be")
    expect(server._notify.Calculator.add(1, 2) is None, "notification")
    batch = jsonrpclib.MultiCall(server)
    batch.Calculator.add(1, 2)
    batch._notify.Calculator.add(3, 4)
    batch.Calculator.greet("Ada")
    expect(list(batch()) == [3, "Hello, Ada! Welcome to the Calculator Service."], "batch")


def plain_websocket(port):
    """python3-websocket: messages by hand, also one in fragments, and a close in order."""
    wire = websocket.create_connection(f"ws://127.0.0.1:{port}/", timeout=20)

    def call(method, params):
        wire.send(json.dumps({"jsonrpc": "2.0", "id": method, "method": method, "params": params}))
        answer = json.loads(wire.recv())
        expect(answer["id"] == method, "id")
        return answer

    expect(call("Calculator.add", [5, 3])["result"] == 8, "add")
    expect(call("Calculator.add", {"b": 3, "a": 5})["result"] == 8, "named parameters")
    expect(call("Calculator.nothing", [])["error"]["code"] == -32601, "unknown method")
    expect(call("Calculator.add", ["five", 3])["error"]["code"] == -32602, "wrong type")
    expect(call("Calculator.divide", [7, 0])["error"]["data"]["value"] == {"dividend": 7}, "application error")
    text = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "Calculator.greet", "params": ["Zażółć"]}, ensure_ascii=False)
    data = text.encode()
    for part, opcode, last in ((data[:-12], websocket.ABNF.OPCODE_TEXT, 0), (data[-12:-9], websocket.ABNF.OPCODE_CONT, 0),
                               (data[-9:], websocket.ABNF.OPCODE_CONT, 1)):
        wire.send_frame(websocket.ABNF(fin=last, opcode=opcode, mask=1, data=part))
        wire.ping("still there?")
    expect("Zażółć" in json.loads(wire.recv())["result"], "fragments")
    wire.send(json.dumps([{"jsonrpc": "2.0", "id": 1, "method": "Calculator.add", "params": [1, 2]},
                          {"jsonrpc": "2.0", "method": "Calculator.add", "params": [1, 2]}]))
    expect(json.loads(wire.recv()) == [{"jsonrpc": "2.0", "id": 1, "result": 3}], "batch")
    wire.send_close(websocket.STATUS_NORMAL)
    frame = wire.recv_frame()
    while frame.opcode == websocket.ABNF.OPCODE_PONG:
        frame = wire.recv_frame()
    expect(frame.opcode == websocket.ABNF.OPCODE_CLOSE and frame.data == (1000).to_bytes(2, "big"), "close")


def main():
    port = int(sys.argv[1])
    for name, client in (("jsonrpclib-pelix", pelix), ("python3-websocket", plain_websocket)):
        client(port)
        print(f"{name}: ok", flush=True)


if __name__ == "__main__":
    main()
