"""Calls over HTTP, kept alive, by wrk: farcall beside a minimal Asio server that answers the same bytes."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import figures, machine, processes, table

NAME, CODE, TITLE = "http", "", "calls over HTTP, kept alive, two connections, one request at a time on each, by wrk"
SERVERS = {"http": "a minimal Asio server", "farcall": "farcall"}
REQUEST = """
wrk.method = "POST"
wrk.body = '{"jsonrpc":"2.0","id":1,"method":"Calculator.add","params":[5,3]}'
wrk.headers["Content-Type"] = "application/json"
"""


def steps(programs, options):
    return len(SERVERS) * options.rounds if shutil.which("wrk") else 0


def requests_per_second(port, script, seconds):
    command = [*machine.pinned(machine.cores()[1]), "wrk", "--threads", "1", "--connections", "2", "--duration",
               f"{seconds}s", "--script", str(script), f"http://127.0.0.1:{port}/"]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=600).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"wrk had failures:\n{said}")
    return float(re.search(r"^Requests/sec:\s*([\d.]+)", said, re.MULTILINE)[1])


def run(field, options, step, failures):
    """A list of rounds, each a dict from a server to its rate."""
    seconds = max(1, round(options.seconds))  # wrk takes whole ones
    found = []
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "add.lua"
        script.write_text(REQUEST, encoding="ascii")
        with (processes.Server(field.programs, ("call_server", "http")) as floor,
              processes.Server(field.programs, ("call_server", "farcall")) as farcall):
            for number in range(options.rounds):
                turn = [("http", floor), ("farcall", farcall)]
                this_round = {}
                for name, server in turn if number % 2 == 0 else reversed(turn):
                    step(f"{NAME}: {SERVERS[name]}")
                    this_round[name] = {"calls_per_second": requests_per_second(server.port, script, seconds)}
                found.append(this_round)
    return found


def lines(found):
    ratio = figures.time_ratio(found, "farcall", "http", "calls_per_second")
    rate = {name: table.number(figures.spread(found, name, "calls_per_second").median) for name in SERVERS}
    return [f"{NAME}: {TITLE}", *table.table(["", "calls/s", "time / floor"], [[SERVERS["http"], rate["http"], ""],
                                                                           ["farcall", rate["farcall"], table.ratio(vars(ratio))]])]
