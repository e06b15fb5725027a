#!/usr/bin/env python3
"""Counts instructions per call by callgrind, on the server and on the client, and says where they go.

Counts in user space only: the kernel's part of a call is the system calls, which the last column counts. Two runs of
different length are subtracted from each other, so that what is done once does not count. Timing does not matter here.
"""

import argparse
import collections
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import processes

SHORT, LONG = 4_000, 24_000
CALLGRIND = ["valgrind", "-q", "--tool=callgrind", "--compress-strings=no", "--compress-pos=no", "--dump-line=yes"]
FARCALL_CLIENTS = ["farcall-context", "farcall-callback", "farcall-coroutine"]


class Profile:
    """Instructions of one run: by function, by source line, and in all."""

    def __init__(self):
        self.functions = collections.Counter()
        self.lines = collections.Counter()

    def total(self):
        return sum(self.functions.values())

    def minus(self, other, calls):
        result = Profile()
        for name in ("functions", "lines"):
            mine, theirs, into = getattr(self, name), getattr(other, name), getattr(result, name)
            for key in mine.keys() | theirs.keys():
                into[key] = (mine[key] - theirs[key]) / calls
        return result


def read_profile(folder, within):
    """Reads callgrind's files (one a process and thread), of which only own costs count.

    Lines are those of functions whose name contains `within`.
    """
    profile = Profile()
    for path in folder.glob("callgrind.*"):
        function = source = ""
        called = False
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            if match := re.match(r"(fn|fl|fi|fe)=(.*)", line):
                if match[1] == "fn":
                    function = match[2]
                else:
                    source = match[2]
            elif line.startswith("calls="):
                called = True  # the next line is the cost of what was called
            elif re.match(r"\d+ \d+$", line):
                if called:
                    called = False
                    continue
                at, cost = map(int, line.split())
                profile.functions[function] += cost
                if within in function:
                    profile.lines[f"{source}:{at}"] += cost
    return profile


def run(programs, frames, side, client, calls, in_flight, within):
    """One profile of one side, with the other running natively."""
    with tempfile.TemporaryDirectory() as folder:
        under = [*CALLGRIND, f"--callgrind-out-file={folder}/callgrind.%p"]
        kind = processes.server_of(client)
        with processes.Server(programs, kind, frames, under if side == "server" else []) as server:
            processes.run_client(programs, client, server.port, frames, calls, in_flight,
                                 under if side == "client" else [])
        return read_profile(Path(folder), within)


def short(name):
    """A function's name without what only makes it long."""
    name = re.sub(r"<(?:[^<>]|<(?:[^<>]|<[^<>]*>)*>)*>", "<>", name)
    name = re.sub(r"\((?:[^()]|\([^()]*\))*\)", "()", name)
    return name if len(name) < 110 else name[:107] + "..."


def report(title, profile, top):
    print(f"\n{title}: {profile.total():.0f} instructions a call")
    for table in (profile.functions, profile.lines) if top else ():
        for key, cost in table.most_common(top):
            if cost >= 1:
                print(f"  {cost:7.1f}  {short(key) if table is profile.functions else key}")
        print()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=Path, default=processes.PROGRAMS, help="folder of the built programs")
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--client", default="farcall-context",
                        help="a subject of call_client, farcall-uncounted (the server's metrics off), or all")
    parser.add_argument("--top", type=int, default=25, help="lines of each table; 0: only the sums")
    parser.add_argument("--function", default="", help="show the lines of functions with this in their name only")
    options = parser.parse_args()

    clients = ["raw-epoll", "raw-asio", *FARCALL_CLIENTS, "farcall-uncounted"] if options.client == "all" else [options.client]
    with tempfile.TemporaryDirectory() as folder:
        frames = processes.capture(options.programs, Path(folder))
        for client in clients:
            for side in ("server", "client"):
                if side == "server" and client in FARCALL_CLIENTS[1:] and len(clients) > 1:
                    continue  # the server cannot tell them apart
                few, many = (run(options.programs, frames, side, client, calls, options.in_flight, options.function)
                             for calls in (SHORT, LONG))
                # The client's warm-up grows with its calls, by a tenth.
                report(f"{client}, {options.in_flight} in flight, {side}", many.minus(few, (LONG - SHORT) * 1.1), options.top)


if __name__ == "__main__":
    sys.exit(main())
