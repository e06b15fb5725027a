#!/usr/bin/env python3
"""/metrics as Prometheus meets it: promtool finds nothing to blame, and a real Prometheus scrapes and calculates.

    run.py --server CALCULATOR_SERVER --promtool PROGRAM --prometheus PROGRAM [unittest options]
"""

import argparse
import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

PATIENCE = 60  # seconds until something hangs
options = argparse.Namespace()


def get(url):
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        return answer.headers, answer.read().decode()


def wait_for(what, probe):
    """What `probe` returns, once that is true."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = probe()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {PATIENCE} s for {what}")


class Calculator:
    """The calculator of the examples, and calls to it as JSON lines."""

    def __init__(self):
        self.process = subprocess.Popen([options.server, "tcp://127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r"tcp://127\.0\.0\.1:(\d+)", self.process.stdout.readline())[1])
        self.stream = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.lines = self.stream.makefile("r")

    def call(self, method, *params):
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        self.stream.sendall(json.dumps(request).encode() + b"\n")
        return json.loads(self.lines.readline())

    def close(self):
        self.lines.close()
        self.stream.close()
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Case(unittest.TestCase):
    def setUp(self):
        self.calculator = Calculator()
        self.addCleanup(self.calculator.close)

    def make_calls(self):
        for _ in range(20):
            self.calculator.call("Calculator.add", 5, 3)
        for _ in range(3):
            self.calculator.call("Calculator.divide", 1, 0)
        self.calculator.call("Calculator.divide", "x", 0)
        self.calculator.call("Nobody.knows")

    def page(self):
        headers, text = get(f"http://127.0.0.1:{self.calculator.port}/metrics")
        self.assertEqual(headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        return text


class Page(Case):
    def test_promtool_finds_nothing_to_blame(self):
        self.make_calls()
        done = subprocess.run([options.promtool, "check", "metrics"], input=self.page(), capture_output=True, text=True,
                              timeout=PATIENCE)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_counters_equal_the_calls_made(self):
        self.make_calls()
        body = urllib.request.Request(
            f"http://127.0.0.1:{self.calculator.port}/", headers={"Content-Type": "application/json"},
            data=b'[{"jsonrpc":"2.0","id":1,"method":"Calculator.add","params":[1,2]},'
                 b'{"jsonrpc":"2.0","method":"Calculator.add","params":[1,2]}]')
        urllib.request.urlopen(body, timeout=PATIENCE).close()
        lines = self.page().splitlines()
        for line in ('calls_total{method="Calculator.add",code="ok"} 22',
                     'calls_total{method="Calculator.divide",code="unknown"} 3',
                     'calls_total{method="Calculator.divide",code="invalid_argument"} 1',
                     'calls_total{method="Calculator.divide",code="ok"} 0',
                     'calls_total{method="(unknown)",code="unimplemented"} 1',
                     'call_duration_seconds_count{method="Calculator.add"} 22',
                     'call_duration_seconds_count{method="Calculator.divide"} 4',
                     'queue_duration_seconds_bucket{method="Calculator.add",le="+Inf"} 22',
                     'connections{protocol="lines"} 1', 'connections_total{protocol="http"} 2'):
            self.assertIn("farcall_server_" + line, lines)


class RealPrometheus(Case):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "prometheus.yml").write_text(json.dumps({
            "global": {"scrape_interval": "200ms", "scrape_timeout": "200ms"},
            "scrape_configs": [{"job_name": "calculator",
                                "static_configs": [{"targets": [f"127.0.0.1:{self.calculator.port}"]}]}]}))
        self.start()

    def start(self):
        # It does not tell which port it has chosen, so one is chosen for it; somebody may be quicker.
        for _ in range(10):
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            with open(self.folder / "log", "w") as log:
                process = subprocess.Popen(
                    [options.prometheus, f"--config.file={self.folder}/prometheus.yml",
                     f"--storage.tsdb.path={self.folder}/data", f"--web.listen-address=127.0.0.1:{port}"],
                    stdout=log, stderr=log)
            self.url = f"http://127.0.0.1:{port}"
            if wait_for("Prometheus", lambda: process.poll() is not None or self.ready()) is True:
                if process.poll() is None:
                    self.addCleanup(process.wait)
                    self.addCleanup(process.kill)
                    return
        self.fail((self.folder / "log").read_text())

    def ready(self):
        try:
            return bool(get(self.url + "/-/ready"))
        except (urllib.error.URLError, ConnectionError):
            return False

    def ask(self, query):
        """The value of the only series that a query finds; nothing if there is none."""
        found = json.loads(get(f"{self.url}/api/v1/query?query={urllib.parse.quote(query)}")[1])["data"]["result"]
        return float(found[0]["value"][1]) if found else None

    def test_scrapes_and_answers_what_operators_ask(self):
        self.make_calls()
        add = '{method="Calculator.add"}'
        wait_for("the calls", lambda: self.ask(f"sum(farcall_server_calls_total{add})") == 20)
        self.assertEqual(self.ask("up"), 1)
        self.assertEqual(self.ask('sum(farcall_server_calls_total{method="Calculator.divide",code!="ok"})'), 4)
        median = self.ask(f"histogram_quantile(0.5, farcall_server_call_duration_seconds_bucket{add})")
        p99 = self.ask(f"histogram_quantile(0.99, farcall_server_call_duration_seconds_bucket{add})")
        self.assertGreater(median, 0)
        self.assertGreaterEqual(p99, median)
        self.assertLess(p99, 60)
        # What dashboards draw: quantiles of what came lately.
        rate = f"histogram_quantile(0.99, sum by (le) (rate(farcall_server_call_duration_seconds_bucket{add}[30s])))"

        def lately():
            self.calculator.call("Calculator.add", 5, 3)
            value = self.ask(rate)
            return value is not None and value == value and value > 0

        wait_for("a rate", lately)
        self.assertLess(abs(self.ask("process_start_time_seconds") - time.time()), 600)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for name in ("server", "promtool", "prometheus"):
        parser.add_argument("--" + name, required=True)
    rest = parser.parse_known_args(namespace=options)[1]
    unittest.main(argv=[sys.argv[0], *rest])
