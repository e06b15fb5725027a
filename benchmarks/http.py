#!/usr/bin/env python3
"""Measures calls over HTTP, kept alive, by wrk: farcall against a minimal Asio server that answers the same bytes.

Two connections, one request at a time on each. Every round runs both, one after another; the table shows medians over the
rounds, and the ratio of the same round. Started by run.sh where wrk is installed.
"""

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from suite import machine, processes

REQUEST = """
wrk.method = "POST"
wrk.body = '{"jsonrpc":"2.0","id":1,"method":"Calculator.add","params":[5,3]}'
wrk.headers["Content-Type"] = "application/json"
"""


def requests_per_second(port, script, seconds):
    command = [*machine.pinned(machine.cores()[1]), "wrk", "--threads", "1", "--connections", "2", "--duration",
               f"{seconds}s", "--script", str(script), f"http://127.0.0.1:{port}/"]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=600).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"wrk had failures:\n{said}")
    return float(re.search(r"^Requests/sec:\s*([\d.]+)", said, re.MULTILINE)[1])


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true", help="three rounds of a second")
    options.add_argument("--json", type=Path, help="also write what was measured here")
    options.add_argument("--programs", type=Path, default=machine.PROGRAMS)
    chosen = options.parse_args()
    if shutil.which("wrk") is None:
        print("Calls over HTTP: wrk is not installed, left out")
        return 0
    rounds, seconds = (3, 1) if chosen.quick else (7, 3)
    found = {"echo": [], "farcall": []}
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "add.lua"
        script.write_text(REQUEST, encoding="ascii")
        with (processes.Server(chosen.programs, ("call_server", "http")) as echo,
              processes.Server(chosen.programs, ("call_server", "farcall")) as farcall):
            for number in range(rounds):
                turn = [("echo", echo), ("farcall", farcall)]
                for kind, server in turn if number % 2 == 0 else reversed(turn):
                    found[kind].append(requests_per_second(server.port, script, seconds))
    ratio = statistics.median(a / b for a, b in zip(found["echo"], found["farcall"]))
    print("Calls over HTTP, kept alive, by wrk with 2 connections")
    print(f"  minimal Asio server   {statistics.median(found['echo']):>9,.0f} /s")
    print(f"  farcall               {statistics.median(found['farcall']):>9,.0f} /s   {ratio:.2f} times the time")
    if chosen.json:
        chosen.json.write_text(json.dumps({"requests_per_second": found, "ratio": ratio}, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
