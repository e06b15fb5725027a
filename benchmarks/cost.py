#!/usr/bin/env python3
"""What one call costs on each side: system calls by strace, instructions by callgrind, allocations, and copies of a large
value. None of these depends on what else the machine does.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from suite import callgrind, machine, syscalls, table
from suite.rounds import PLAIN, Field
from suite.workloads import Case

# title: (subject, what changes, what the program `allocations` calls it)
WAYS = {
    "blocking, one at a time": ("farcall-blocking", {}, "blocking, 1"),
    "callbacks, 64 in flight": ("farcall-context", {"in_flight": 64}, "callbacks, 64"),
    "coroutines, 64 in flight": ("farcall-coroutine", {"in_flight": 64}, "coroutines, 64"),
    "raw epoll, one at a time": ("raw-epoll", {}, None),
    "raw epoll, 64 in flight": ("raw-epoll", {"in_flight": 64}, None),
}


def allocations(programs):
    """Allocations a call, by what is called and side."""
    said = subprocess.run([programs / "allocations"], capture_output=True, text=True, check=True, timeout=300).stdout
    found = {}
    for way, server, client in re.findall(r"^(.+?)\s+server\s+([\d.]+) allocations a call, client\s+([\d.]+)", said, re.MULTILINE):
        found[way] = {"server": float(server), "client": float(client)}
    return found


def measure(programs):
    rows = []
    taken = allocations(programs)
    with Field(programs) as field:
        for title, (subject, changes, way) in WAYS.items():
            for side in ("server", "client"):
                case, parameters = Case(subject), PLAIN | changes
                rows.append({
                    "way": title, "side": side,
                    "system_calls": syscalls.count_side(field, case, parameters, side) if shutil.which("strace") else None,
                    "instructions": callgrind.profile_side(field, case, parameters, side).total()
                    if shutil.which("valgrind") else None,
                    "allocations": taken[way][side] if way else None,
                })
    return {"calls": rows, "large_value": json.loads(subprocess.run([programs / "copies"], capture_output=True, text=True,
                                                                    check=True, timeout=300).stdout)}


def lines(found):
    def text(row):
        calls = row["system_calls"]
        names = ", ".join(f"{name} {count:.2f}" for name, count in sorted(calls.items(), key=lambda one: -one[1])) if calls else ""
        return [row["way"], row["side"], table.number(sum(calls.values())) if calls is not None else "-",
                table.number(row["instructions"]), table.number(row["allocations"]), names]
    large = found["large_value"]
    return ["What one call costs on each side",
            *table.table(["", "side", "system calls", "instructions", "allocations", "which system calls"],
                         [text(row) for row in found["calls"]]),
            "",
            f"A string of {large['bytes']:,} bytes there and back: {large['milliseconds']:.1f} ms, copied "
            f"{large['server_copies']:.2f} times on the server, {large['client_copies']:.2f} times on the client "
            "(besides the system's own copies)"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=Path, default=machine.PROGRAMS, help="folder of the built programs")
    parser.add_argument("--json", type=Path, help="also write everything there")
    options = parser.parse_args()
    found = measure(options.programs)
    print("\n".join(lines(found)))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
