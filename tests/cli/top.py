#!/usr/bin/env python3
"""farcall top in a real terminal, tmux's, as an operator meets it.

    top.py --farcall PROGRAM --server CALCULATOR_SERVER [unittest options]
"""

import argparse
import json
import os
import pathlib
import re
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

from scripted import Scripted

PATIENCE = 20  # seconds until something hangs
options = argparse.Namespace()


class Terminal:
    """A terminal of tmux's own server, in which a command runs."""

    def __init__(self, command, width=80, height=24, locale="C.UTF-8"):
        self.folder = tempfile.TemporaryDirectory()
        self.tmux = ["tmux", "-u", "-S", os.path.join(self.folder.name, "tmux"), "-f", os.devnull]
        # The status of the command stays to be read on the screen.
        script = f"{shlex.join(command)}; echo \"ended with $?\"; exec sleep {PATIENCE}"
        self.run("new-session", "-d", "-x", str(width), "-y", str(height), script,
                 environment={**os.environ, "LC_ALL": locale, "TERM": "xterm-256color"})

    def run(self, *words, environment=None):
        return subprocess.run([*self.tmux, *words], check=True, capture_output=True, text=True, encoding="utf-8",
                              timeout=PATIENCE, env=environment or {**os.environ, "LC_ALL": "C.UTF-8"}).stdout

    def screen(self):
        return self.run("capture-pane", "-p")

    def type(self, *keys):
        for key in keys:
            self.run("send-keys", *(("-l", key) if len(key) == 1 and key != " " else (key,)))

    def resize(self, width, height):
        self.run("resize-window", "-x", str(width), "-y", str(height))

    def until(self, what, condition):
        """The first screen that meets the condition."""
        end = time.monotonic() + PATIENCE
        while not condition(screen := self.screen()):
            if time.monotonic() > end:
                raise AssertionError(f"the terminal does not show {what}:\n{screen}")
            time.sleep(0.02)
        return screen

    def until_shows(self, pattern):
        return self.until(repr(pattern), re.compile(pattern, re.MULTILINE).search)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.run("kill-server")
        self.folder.cleanup()


class Metered:
    """What a server says whose calls a test makes up."""

    def __init__(self, methods):
        self.calls = {name: 0 for name in methods}
        self.failures = dict(self.calls)
        self.rates = dict(self.calls)
        self.uptime = 100

    def __call__(self, request):
        if request["method"] != "rpc.metrics":
            return {"error": {"code": -32601, "message": "Method not found"}}
        self.uptime += 1
        seconds = request.get("params", {}).get("history", 0)
        times = {"count": 1, "sum": 12.5, "min": 12.5, "mean": 12.5, "max": 12.5, "p50": 12.5, "p90": 12.5, "p99": 340.0}
        return {"result": {
            "uptime_s": self.uptime, "started": "2026-11-21T19:00:00Z", "title": "Shop", "version": "2",
            "methods": [{"method": name, "calls": calls, "failures": self.failures[name], "in_flight": 0,
                         "latency_us": times} for name, calls in self.calls.items()],
            "history": {"interval_s": 1, "until_s": self.uptime,
                        "methods": {name: {"calls": [self.rates[name]] * seconds, "failures": [0] * seconds,
                                           "p50_us": [12.5] * seconds, "p99_us": [340.0] * seconds} for name in self.calls}}}}


def column(screen, method, index):
    """A number in the line of a method: 0 is calls a second, 1 calls."""
    line = re.search(rf"^{re.escape(method)} .*$", screen, re.MULTILINE)
    return line and re.split(r" {2,}", line[0].replace("│", " "))[1 + index]


class Live(unittest.TestCase):
    def setUp(self):
        self.says = Metered(["Bank.pay", "Shop.add", "Shop.list"])
        self.server = Scripted(self.says)
        self.addCleanup(self.server.__exit__)

    def top(self, *words, **more):
        terminal = Terminal([options.farcall, "top", self.server.url, "--interval", "100ms", *words], **more)
        self.addCleanup(terminal.__exit__)
        return terminal

    def order(self, screen):
        return re.findall(r"^(\w+\.\w+) ", screen, re.MULTILINE)

    def test_moves_while_calls_run(self):
        top = self.top()
        top.until_shows(r"^Shop\.add +0 +0 ")
        self.says.calls["Shop.add"], self.says.rates["Shop.add"] = 100, 50
        top.until_shows(r"^Shop\.add +50 +100 .* 12µs +340µs +█+$")
        self.says.calls["Shop.add"], self.says.failures["Shop.add"] = 101, 7
        top.until_shows(r"^Shop\.add +50 +101 +7 ")

    def test_sorts_filters_pauses_and_quits_by_key(self):
        self.says.calls.update({"Bank.pay": 1, "Shop.add": 5, "Shop.list": 3})
        top = self.top()
        self.assertEqual(self.order(top.until_shows(r"^Shop\.list")), ["Bank.pay", "Shop.add", "Shop.list"])
        top.type("s")  # by calls
        top.until("the methods by calls", lambda screen: self.order(screen) == ["Shop.add", "Shop.list", "Bank.pay"])
        top.type("r")
        top.until("the other way round", lambda screen: self.order(screen) == ["Bank.pay", "Shop.list", "Shop.add"])
        top.type("/", "s", "h", "o", "p")
        top.until_shows(r"^filter: shop")
        top.type("Enter")
        top.until("only what the filter lets", lambda screen: self.order(screen) == ["Shop.list", "Shop.add"])
        top.type("Escape")
        top.until("all again", lambda screen: len(self.order(screen)) == 3)
        top.type("Space")
        top.until_shows(r"^paused ")
        self.says.calls["Shop.add"] = 1000
        asked = len(self.server.requests)
        top.type("?")
        top.until_shows(r"sort by the next column")
        top.type("?")
        self.assertRegex(top.until_shows(r"^Shop\.add"), r"Shop\.add +0 +5 ")
        self.assertLessEqual(len(self.server.requests), asked + 1, "a paused view asks no more")
        top.type("Space")
        top.until_shows(r"^Shop\.add +0 +1 000 ")
        top.type("q")
        self.assertNotIn("METHOD", top.until_shows(r"^ended with 0$"))

    def test_follows_the_size_of_the_terminal(self):
        top = self.top()
        top.until_shows(r"^METHOD")
        for width, height, titles in ((120, 30, r"BUSY +P50 +P99 +calls/s, last 37 s"), (40, 10, r"FAILED +P99"),
                                      (80, 24, r"BUSY +P50 +P99 +calls/s")):
            top.resize(width, height)
            screen = top.until_shows(f"^METHOD .*{titles}$")
            self.assertEqual(top.until_shows("^q quit").rstrip("\n").count("\n"), height - 1)
            self.assertTrue(all(len(line) <= width for line in screen.splitlines()))

    def test_needs_only_ascii(self):
        top = self.top(locale="C")
        self.says.rates["Shop.add"] = 5
        self.assertTrue(top.until_shows(r"^Shop\.add +5\.0 .*@@@$").isascii())

    def test_ends_by_interrupt_and_leaves_the_terminal_as_it_was(self):
        top = self.top()
        top.until_shows(r"^METHOD")
        top.type("C-c")
        top.until_shows(r"^ended with 0$")
        self.assertEqual(top.run("display-message", "-p", "#{alternate_on}#{cursor_flag}").strip(), "01")

    def test_stops_and_goes_on_as_the_shell_says(self):
        shell = Terminal(["env", "PS1=% ", "bash", "--norc", "--noprofile", "-i"])
        self.addCleanup(shell.__exit__)
        shell.until_shows(r"^% $|^%$")
        shell.run("send-keys", "-l", f"{options.farcall} top {self.server.url} --interval 100ms")
        shell.type("Enter")
        shell.until_shows(r"^METHOD")
        shell.type("C-z")
        self.assertNotIn("METHOD", shell.until_shows(r"Stopped"))
        shell.run("send-keys", "-l", "fg")
        shell.type("Enter")
        shell.until_shows(r"^METHOD")
        self.says.calls["Shop.add"] = 11
        shell.until_shows(r"^Shop\.add +0 +11 ")
        shell.type("q")
        self.assertNotIn("METHOD", shell.until_shows(r"^% fg"))

    def test_waits_for_a_server_that_goes_away(self):
        top = self.top()
        top.until_shows(r"^METHOD")
        answer, self.server.answer = self.server.answer, lambda request: None
        screen = top.until_shows(r"connection|closed|lost")
        self.assertIn("Shop.add", screen, "the last numbers stay")
        self.server.answer = answer
        self.says.calls["Shop.add"] = 42
        top.until_shows(r"^Shop\.add +0 +42 ")


class Real(unittest.TestCase):
    """The example calculator, with calls of the tool itself."""

    def setUp(self):
        self.process = subprocess.Popen([options.server, "tcp://127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end)
        self.address = re.search(r"tcp://(\S+)", self.process.stdout.readline())[1]

    def end(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stdout.close()

    def call(self, method, arguments, count=1):
        batch = [{"jsonrpc": "2.0", "id": id, "method": method, "params": arguments} for id in range(count)]
        request = urllib.request.Request(f"http://{self.address}/", json.dumps(batch).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            self.assertEqual(len(json.load(answer)), count)

    def test_shows_the_calls_that_were_made_before_and_those_that_are_made_now(self):
        self.call("Calculator.add", [5, 3], count=100)
        self.call("Calculator.divide", [1, 0])
        for url in (f"tcp://{self.address}", f"ws://{self.address}", f"http://{self.address}"):
            with Terminal([options.farcall, "top", url]) as top:
                screen = top.until_shows(r"^Calculator\.add +\S+ +100 +0 ")
                self.assertRegex(screen, r"(?m)^Calculator\.divide +\S+ +1 +1 ")
                self.assertRegex(screen, r"(?m)^Calculator\.greet +0 +0 +0 ")
        with Terminal([options.farcall, "top", self.address, "--interval", "100ms"]) as top:
            top.until_shows(r"^Calculator\.add +\S+ +100 ")
            self.call("Calculator.add", [5, 3], count=23)
            top.until_shows(r"^Calculator\.add +\S+ +123 ")
            # Once their second is over, the server's history has them.
            top.until_shows(r"^calls/s .*█")


class Once(unittest.TestCase):
    def farcall(self, *words):
        return subprocess.run([options.farcall, "top", *words], capture_output=True, text=True, encoding="utf-8",
                              timeout=PATIENCE, env={**os.environ, "LC_ALL": "C.UTF-8", "COLUMNS": "80"})

    def test_prints_once(self):
        says = Metered(["Shop.add"])
        says.calls["Shop.add"] = 100
        with Scripted(says) as server:
            for words in (["--once"], []):  # what is no terminal gets it once, too
                done = self.farcall(server.url, *words)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertRegex(done.stdout, r"(?m)^Shop\.add +0 +100 +0 +0 +12µs +340µs$")
                self.assertNotIn("\x1b", done.stdout)
            done = self.farcall(server.url, "--json")
            self.assertEqual(json.loads(done.stdout)["methods"][0]["calls"], 100)
            self.assertEqual(done.stdout.count("\n"), 1)

    def test_prints_again_and_again(self):
        with Scripted(Metered(["Shop.add"])) as server:
            process = subprocess.Popen([options.farcall, "top", server.url, "--json", "--interval", "100ms"],
                                       stdout=subprocess.PIPE, text=True)
            seen = [json.loads(process.stdout.readline())["uptime_s"] for _ in range(3)]
            process.terminate()
            self.assertEqual(process.wait(PATIENCE), 0)
            process.stdout.close()
            self.assertEqual(seen, [101, 102, 103])

    def test_waits_for_a_server_that_fails_once(self):
        for words in (["--json"], []):
            with Scripted(Metered(["Shop.add"])) as server:
                process = subprocess.Popen([options.farcall, "top", server.url, "--interval", "100ms", *words],
                                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                self.addCleanup(process.kill)
                process.stdout.readline()
                answers, good = [{"error": {"code": -32001, "message": "busy for a moment"}}] * 2 + [None], server.answer
                server.answer = lambda request: answers.pop(0) if answers else good(request)
                # Beyond what may have been written before.
                for _ in range(8):
                    self.assertNotEqual(process.stdout.readline(), "", f"{words} ended")
                self.assertEqual(answers, [])
                process.terminate()
                says = process.communicate(timeout=PATIENCE)[1]
                self.assertEqual(process.returncode, 0)
                self.assertEqual(says.count("busy for a moment"), 1, "said once until it is back")

    def test_lets_no_server_control_the_terminal(self):
        evil = {"uptime_s": 1, "methods": [], "title": "\x1b\u009b\u202e\x7f\u00e9"}

        def raw(request):  # not as Python would escape it
            text = json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": evil}, ensure_ascii=False).encode()
            return struct.pack(">I", len(text)) + text

        with Scripted(raw) as server:
            done = self.farcall(server.url, "--json")
            self.assertEqual(json.loads(done.stdout), evil)
            self.assertIn('"\\u001b\\u009b\\u202e\\u007f\u00e9"', done.stdout)

    def test_tells_what_is_wrong(self):
        done = self.farcall("127.0.0.1:1")
        self.assertEqual(done.returncode, 3)
        with Scripted(lambda request: {"error": {"code": -32601, "message": "Method not found"}}) as server:
            done = self.farcall(server.url)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn("it has no rpc.metrics", done.stderr)
        with Scripted(lambda request: {"result": {"methods": 7}}) as server:
            done = self.farcall(server.url)
            self.assertEqual(done.returncode, 5)
            self.assertIn("cannot be read", done.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--farcall", required=True)
    parser.add_argument("--server", required=True)
    _, rest = parser.parse_known_args(namespace=options)
    options.farcall, options.server = (str(pathlib.Path(path).resolve()) for path in (options.farcall, options.server))
    if not shutil.which("tmux"):
        sys.exit("there is no tmux: run tools/setup.sh")
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
