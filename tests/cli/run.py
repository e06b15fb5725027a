#!/usr/bin/env python3
"""farcall, the command-line client, as its users meet it: what it prints, where, and what it exits with.

    run.py --farcall PROGRAM --server CALCULATOR_SERVER [--build FOLDER] [unittest options]

The servers are the calculator of the examples, and one of a few lines below that says whatever a test wants.
"""

import argparse
import http.server
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from scripted import Scripted

HERE = pathlib.Path(__file__).resolve().parent
PATIENCE = 20  # seconds until something hangs
options = argparse.Namespace()


class Web:
    """A server of HTTP/1.0 that knows nothing of farcall: `answer(body, headers)` gives status and object."""

    def __init__(self, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                status, found = answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))), self.headers)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(found).encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/rpc"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


OPENRPC = {
    "openrpc": "1.3.2",
    "info": {"title": "Bank", "version": "1.0"},
    "methods": [
        {"name": "Bank.transfer", "description": "Moves money.", "x-semantics": "exactly_once",
         "params": [{"name": "from", "required": True, "schema": {"type": "string"}},
                    {"name": "amount", "required": True, "schema": {"type": "integer", "minimum": 1, "maximum": 99}}],
         "result": {"name": "result", "schema": {"type": "boolean"}}},
        {"name": "Bank.balance", "params": [], "result": {"name": "result", "schema": {"type": "integer"}}},
    ],
}
NOT_FOUND = {"error": {"code": -32601, "message": "Method not found"}}


def bank(request):
    return {"result": OPENRPC} if request["method"] == "rpc.discover" else NOT_FOUND


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if options.server_process is None:
            process = subprocess.Popen([options.server, "tcp://127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
            options.server_process = process
            line = process.stdout.readline()
            options.url = re.search(r"tcp://\S+", line)[0]
        cls.url = options.url

    def run_farcall(self, *words, stdin="", **more):
        return subprocess.run([options.farcall, *words], input=stdin, capture_output=True, text=True, encoding="utf-8",
                              timeout=PATIENCE, **more)

    def check(self, words, status, out="", err="", stdin=""):
        """`out` is all of standard output, `err` a part of standard error; none if it is empty."""
        done = self.run_farcall(*words, stdin=stdin)
        self.assertEqual((done.returncode, done.stdout), (status, out), done.stderr)
        if err:
            self.assertIn(err, done.stderr)
        else:
            self.assertEqual(done.stderr, "")
        return done


class Call(Case):
    def test_prints_the_result(self):
        self.check(["call", self.url, "Calculator.add", "5", "3"], 0, "8\n")
        self.check(["call", self.url.removeprefix("tcp://"), "Calculator.add", "5", "-3"], 0, "2\n")
        self.check(["call", self.url, "Calculator.greet", "Ada"], 0, "Hello, Ada! Welcome to the Calculator Service.\n")

    def test_takes_arguments_in_every_form(self):
        for words in (["a=5", "b=3"], ["b=3", "a=5"], ["[5,3]"], ['{"a":5,"b":3}'], ["5.0", "3e0"]):
            self.check(["call", self.url, "Calculator.add", *words], 0, "8\n")
        for text in ("[5,3]", ' {"b": 3,\n "a": 5}\n'):
            self.check(["call", self.url, "Calculator.add", "-"], 0, "8\n", stdin=text)

    def test_prints_exact_json_where_it_is_asked_to(self):
        self.check(["call", self.url, "Calculator.greet", "é", "--json"], 0,
                   '"Hello, é! Welcome to the Calculator Service."\n')
        done = self.check(["--json", "call", self.url, "Calculator.divide", "1", "0"], 1, err="Division by zero")
        error = json.loads(done.stderr)["error"]
        self.assertEqual(error["code"], -32000)
        self.assertEqual(error["data"]["value"], {"dividend": 1})

    def test_tells_what_the_server_refuses(self):
        done = self.check(["call", self.url, "Calculator.divide", "1", "0"], 1,
                          err="farcall: Calculator.divide: Division by zero (unknown, code -32000)\n")
        self.assertIn("type: division_by_zero", done.stderr)
        self.assertIn('value: {"dividend":1}', done.stderr)
        self.check(["call", self.url, "Calculator.greet", "5"], 1, err="""quotes of its own: '"5"'""")
        self.check(["call", self.url, "Calculator.add", "5"], 1, err="takes 2 arguments (a, b), found 1")

    def test_suggests_the_nearest_method(self):
        self.check(["call", self.url, "Calculator.ad", "5", "3"], 1, err="did you mean Calculator.add?")
        with Scripted(bank) as server:  # that says nothing of it itself
            self.check(["call", server.url, "Bank.transfr"], 1, err="hint: did you mean Bank.transfer?")

    def test_shows_what_a_method_takes(self):
        def picky(request):
            refusal = {"error": {"code": -32602, "message": "Invalid params"}}
            return refusal if request["method"] == "Bank.transfer" else bank(request)
        with Scripted(picky) as server:
            self.check(["call", server.url, "Bank.transfer", "x"], 1,
                       err="hint: it is Bank.transfer(from: string, amount: integer) -> boolean")

    def test_sends_headers_and_the_deadline(self):
        with Scripted(lambda request: {"result": 1}) as server:
            self.check(["call", server.url, "m", "-H", "tenant: a7", "-H", "Trace: 1:2", "--timeout", "3s", "x"], 0, "1\n")
            meta = server.requests[0]["meta"]
            self.assertEqual(meta["headers"], {"tenant": "a7", "Trace": "1:2"})
            self.assertTrue(2000 < meta["timeout_ms"] <= 3000, meta)
            self.assertEqual(server.requests[0]["params"], ["x"])
            self.check(["call", server.url, "m", "--timeout", "none"], 0, "1\n")
            self.assertNotIn("meta", server.requests[1])

    def test_gives_up_in_time(self):
        with Scripted(lambda request: time.sleep(PATIENCE)) as server:
            self.check(["call", server.url, "m", "--timeout", "100ms"], 4, err="--timeout 30s allows more time")

    def test_tells_that_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        self.check(["call", f"127.0.0.1:{port}", "m"], 3, err=f"cannot connect to tcp://127.0.0.1:{port}")
        self.check(["call", "unix:///nowhere/at.all", "m"], 3, err="cannot connect to unix:///nowhere/at.all")

    def test_tells_that_the_connection_was_lost(self):
        with Scripted(lambda request: None) as server:
            self.check(["call", server.url, "m"], 3, err="executed: unknown")

    def test_does_not_understand_every_answer(self):
        for answer in (b"SSH-2.0-OpenSSH_9.2\r\n", b"\0\0\0\x05hello"):
            with Scripted(lambda request: answer) as server:
                self.check(["call", server.url, "m"], 5, err="hint: does a JSON-RPC server listen there")

    def test_refuses_urls_that_are_none(self):
        for url, says in (("foo", "lacks a port"), ("tcp://h:70000", "no port"), ("ftp://h", "no transport")):
            self.check(["call", url, "m"], 2, err=says)

    def test_lets_no_peer_control_the_terminal(self):
        evil = {"error": {"code": 7, "message": "\x1b[2J\u009b", "data": "\x1b]0;"}}
        with Scripted(lambda request: evil) as server:
            done = self.check(["call", server.url, "m"], 1, err="\\u001b[2J\\u009b")
            self.assertNotIn("\x1b", done.stderr)
        with Scripted(lambda request: {"result": "a\x1b[2J\nb"}) as server:
            self.check(["call", server.url, "m"], 0, "a\x1b[2J\nb\n")  # no terminal: as it is
            seen = in_terminal([options.farcall, "call", server.url, "m"])
            self.assertEqual(seen.replace("\r\n", "\n"), "a\\u001b[2J\nb\n")

    def test_takes_large_results(self):
        with Scripted(lambda request: {"result": "x" * (6 << 20)}) as server:
            done = self.run_farcall("call", server.url, "m")
            self.assertEqual(len(done.stdout), (6 << 20) + 1)

    def test_tells_that_it_cannot_write(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([options.farcall, "call", self.url, "Calculator.add", "5", "3"], stdout=full,
                                  stderr=subprocess.PIPE, text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 5)
        self.assertIn("standard output cannot be written", done.stderr)

    def test_speaks_every_protocol(self):
        host = self.url.removeprefix("tcp://")
        for url in (f"http://{host}", f"http://{host}/", f"ws://{host}", f"ws://{host}/"):
            self.check(["call", url, "Calculator.add", "5", "3"], 0, "8\n")
            self.check(["call", url, "Calculator.divide", "1", "0"], 1, err="type: division_by_zero")
            self.check(["call", url, "Calculator.ad"], 1, err="did you mean Calculator.add?")
            self.assertIn("Calculator.greet(name: string) -> string\n", self.run_farcall("list", url).stdout)
        self.check(["call", f"http://{host}/elsewhere", "m"], 1, err="HTTP 404 Not Found")
        self.check(["list", f"http://{host}/elsewhere"], 1, err="is that the path where it takes JSON-RPC?")
        self.check(["call", f"ws://{host}/elsewhere", "m"], 3, err="did not open a WebSocket: HTTP 404 Not Found")
        self.check(["call", f"https://{host}/", "m"], 2, err="TLS")

    def test_sends_headers_over_http(self):
        with Web(lambda body, headers: (200, {"jsonrpc": "2.0", "id": body["id"], "result": headers["Authorization"]})) as web:
            self.check(["call", web.url, "m", "-H", "Authorization: Bearer x"], 0, "Bearer x\n")
        with Web(lambda body, headers: (401, {"error": "who are you?"})) as web:
            self.check(["call", web.url, "m"], 1, err="HTTP 401 Unauthorized")

    def test_speaks_over_a_unix_socket(self):
        with tempfile.TemporaryDirectory() as folder:
            url = f"unix://{folder}/calculator"
            process = subprocess.Popen([options.server, url], stdout=subprocess.PIPE, text=True)
            try:
                process.stdout.readline()
                self.check(["call", url, "Calculator.add", "5", "3"], 0, "8\n")
            finally:
                process.terminate()
                process.wait(PATIENCE)
                process.stdout.close()


class Describe(Case):
    def test_lists_what_our_own_server_has(self):
        self.check(["list", self.url], 0,
                   "Calculator.add(a: integer, b: integer) -> integer\n"
                   "Calculator.divide(a: number, b: number) -> number\n"
                   "Calculator.greet(name: string) -> string\n"
                   "Calculator.multiply(a: integer, b: integer) -> integer\n"
                   "Calculator.subtract(a: integer, b: integer) -> integer\n")
        done = self.run_farcall("describe", self.url, "Calculator.divide")
        for line in ("  throws division_by_zero", "  readonly\n", "  division_by_zero  {dividend: number}\n"):
            self.assertIn(line, done.stdout)
        self.check(["call", self.url, "Calculator.add", "5"], 1, err="hint: it is Calculator.add(a: integer, b: integer)")

    def test_lists_the_methods(self):
        with Scripted(bank) as server:
            self.check(["list", server.url], 0,
                       "Bank.balance() -> integer\n"
                       "Bank.transfer(from: string, amount: integer) -> boolean  Moves money.\n")
            self.check(["list", server.url, "--json"], 0, '["Bank.balance","Bank.transfer"]\n')

    def test_describes_a_method(self):
        with Scripted(bank) as server:
            self.check(["describe", server.url, "Bank.transfer"], 0,
                       "Bank.transfer(from: string, amount: integer) -> boolean\n"
                       "  Moves money.\n"
                       "  runs exactly once\n"
                       "  from    string\n"
                       "  amount  integer, 1 to 99\n"
                       "  result  boolean\n")
            done = self.run_farcall("describe", server.url, "Bank.transfer", "--json")
            self.assertEqual(json.loads(done.stdout), OPENRPC["methods"][0])
            done = self.run_farcall("describe", server.url, "--json")
            self.assertEqual(json.loads(done.stdout), OPENRPC)

    def test_suggests_the_nearest_method(self):
        with Scripted(bank) as server:
            self.check(["describe", server.url, "balance"], 1, err="did you mean Bank.balance?")

    def test_tells_that_a_server_does_not_describe_itself(self):
        with Scripted(lambda request: NOT_FOUND) as server:
            self.check(["list", server.url], 1, err="it has no rpc.discover")
        with Scripted(lambda request: {"result": {"methods": 7}}) as server:
            self.check(["list", server.url], 5, err="no OpenRPC document")


class CommandLine(Case):
    def test_shows_help(self):
        done = self.check(["--help"], 0, self.run_farcall("help").stdout)
        for word in ("list URL", "describe URL", "call URL METHOD", "--timeout", "--header", "--json", "EXIT STATUS"):
            self.assertIn(word, done.stdout)
        self.assertLess(max(map(len, done.stdout.splitlines())), 120)
        self.assertRegex(self.run_farcall("--version").stdout, r"^farcall \d+\.\d+\.\d+\n$")

    def test_tells_what_is_wrong(self):
        for words, says in (([], "no command is given"), (["lst"], "did you mean list?"),
                            (["call"], "URL is missing behind call"), (["call", "h:1"], "METHOD is missing"),
                            (["list", "h:1", "--tiemout", "1"], "did you mean --timeout?"),
                            (["call", "h:1", "m", "[5,"], "is no JSON"), (["call", "h:1", "m", "a=1", "2"], "not both"),
                            (["list", "h:1", "--timeout", "soon"], "500ms"), (["completion", "tcsh"], "bash, zsh or fish")):
            self.check(words, 2, err=says)

    def test_takes_only_json_from_standard_input(self):
        self.check(["call", "h:1", "m", "-"], 2, err="standard input is no JSON")
        self.check(["call", "h:1", "m", "-"], 2, err="neither an array nor an object", stdin="5")


def in_terminal(command, keys="", until=None):
    """What a terminal shows of a command, to which `keys` are typed. Ends with the command, or when `until` is seen."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(command[0], command, {**os.environ, "TERM": "dumb", "PS1": "$ ", "INPUTRC": "/dev/null"})
    seen = b""
    try:
        os.write(terminal, keys.encode())
        end = time.monotonic() + PATIENCE
        while not (until and until in seen.decode(errors="replace")):
            ready, _, _ = select.select([terminal], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise AssertionError(f"the terminal shows no {until!r}, but {seen!r}")
            try:
                more = os.read(terminal, 65536)
            except OSError:  # Linux: the other side is closed
                more = b""
            if not more:
                break
            seen += more
    finally:
        os.close(terminal)
        if until:
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return seen.decode()


class Completion(Case):
    def test_offers_what_a_live_server_has(self):
        with Scripted(bank) as server:
            self.check(["__complete", "call", server.url, "B"], 0, "Bank.balance\nBank.transfer\n")
            self.check(["__complete", "call", server.url, "Bank.transfer", "a"], 0, "amount=\n")
        self.check(["__complete", "call", "nowhere", ""], 0, "")
        self.check(["__complete", "call", "127.0.0.1:1", ""], 0, "")

    def test_does_not_wait_for_a_silent_server(self):
        with Scripted(lambda request: time.sleep(PATIENCE)) as server:
            began = time.monotonic()
            self.check(["__complete", "call", server.url, ""], 0, "")
            self.assertLess(time.monotonic() - began, 5)

    @unittest.skipUnless(shutil.which("bash"), "there is no bash")
    def test_works_in_bash(self):
        folder = pathlib.Path(options.farcall).parent
        with Scripted(bank) as server, tempfile.NamedTemporaryFile("w", suffix=".sh") as start:
            start.write(f"PATH={folder}:$PATH\nsource <(farcall completion bash)\nPS1='$ '\n")
            start.flush()
            bash = [shutil.which("bash"), "--rcfile", start.name, "-i"]
            for typed, completed in (("farcall comp\t", "farcall completion "),
                                     (f"farcall call {server.url} Bank.b\t", f"{server.url} Bank.balance "),
                                     (f"farcall --timeout=2s call {server.url} Bank.t\t", f"{server.url} Bank.transfer "),
                                     (f"farcall call {server.url} Bank.transfer am\t7", "amount=7"),
                                     (f"farcall call -H 'a: b' {server.url} Bank.transfer f\tDE", "from=DE")):
                in_terminal(bash, typed, until=completed)


class Install(Case):
    def test_puts_everything_in_its_place(self):
        if not options.build:
            self.skipTest("no build folder was given")
        with tempfile.TemporaryDirectory() as prefix:
            subprocess.run(["cmake", "--install", options.build, "--prefix", prefix], check=True, capture_output=True,
                           timeout=PATIENCE)
            done = subprocess.run([f"{prefix}/bin/farcall", "call", self.url, "Calculator.add", "5", "3"],
                                  capture_output=True, text=True, timeout=PATIENCE)
            self.assertEqual(done.stdout, "8\n", done.stderr)
            for shell, path in (("bash", "bash-completion/completions/farcall"), ("zsh", "zsh/site-functions/_farcall"),
                                ("fish", "fish/vendor_completions.d/farcall.fish")):
                installed = pathlib.Path(prefix, "share", path).read_text(encoding="utf-8")
                self.assertEqual(installed, self.run_farcall("completion", shell).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--farcall", required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--build", help="build folder, for the test of cmake --install")
    _, rest = parser.parse_known_args(namespace=options)
    options.farcall, options.server = os.path.abspath(options.farcall), os.path.abspath(options.server)
    options.server_process = None
    try:
        done = unittest.main(argv=[sys.argv[0], *rest], exit=False)
    finally:
        if options.server_process is not None:
            options.server_process.terminate()
            options.server_process.wait(PATIENCE)
            options.server_process.stdout.close()
    sys.exit(0 if done.result.wasSuccessful() else 1)


if __name__ == "__main__":
    main()
