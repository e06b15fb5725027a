#!/usr/bin/env python3
"""Says when a change moves the instructions of a call by more than 5 %: compares with baseline.json, by callgrind.

Counts of one compiler and one set of libraries compare with nothing else: baseline.json says of which it is. Ends with 1 if
anything moved, and with 2 if it cannot be compared.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

from suite import machine
from suite.baseline import line, moved
from suite.callgrind import LONG, SHORT, profile_side
from suite.rounds import PLAIN, Field
from suite.workloads import Case

BASELINE = Path(__file__).resolve().parent / "baseline.json"
# name: (subject, side, what changes)
COUNTED = {
    "add, server": ("farcall-context", "server", {"in_flight": 64}),
    "add, client, callbacks on the caller's io_context": ("farcall-context", "client", {"in_flight": 64}),
    "add, client, callbacks on its own thread": ("farcall-callback", "client", {"in_flight": 64}),
    "add, client, coroutines": ("farcall-coroutine", "client", {"in_flight": 64}),
    "add, client, blocking": ("farcall-blocking", "client", {}),
    "add, server, one at a time": ("farcall-blocking", "server", {}),
    "add, server, exactly once": ("farcall-context", "server", {"in_flight": 64, "call": "once"}),
    "struct, server": ("farcall-context", "server", {"in_flight": 64, "call": "record"}),
    "struct, client": ("farcall-context", "client", {"in_flight": 64, "call": "record"}),
}


def measure(programs):
    found = {}
    with Field(programs) as field:
        for name, (subject, side, changes) in COUNTED.items():
            calls = 4 if changes.get("call") == "record" else 1  # these take ten times as long
            counts = (SHORT // calls, LONG // calls)
            found[name] = round(profile_side(field, Case(subject), PLAIN | changes, side, counts=counts).total())
            print(f"{found[name]:8}  {name}", flush=True)
    return found


def conditions():
    """What counts depend on besides the sources."""
    about = machine.description()
    return {"compiler": about["compiler"], "flags": about["flags"],
            "versions": {name: about["versions"].get(name) for name in ("Boost", "RapidJSON")}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--check", action="store_true", help="compare with baseline.json (default)")
    action.add_argument("--write", action="store_true", help="write baseline.json")
    parser.add_argument("--programs", type=Path, default=machine.PROGRAMS, help="folder of the built programs")
    options = parser.parse_args()
    if shutil.which("valgrind") is None:
        print("baseline.py: there is no valgrind", file=sys.stderr)
        return 2
    if options.write:
        text = {"conditions": conditions(), "instructions": measure(options.programs)}
        BASELINE.write_text(json.dumps(text, indent=2) + "\n", encoding="utf-8")
        return 0
    known = json.loads(BASELINE.read_text(encoding="utf-8"))
    if known["conditions"] != conditions():
        print(f"baseline.py: the baseline is of {known['conditions']}; here is {conditions()}", file=sys.stderr)
        return 2
    changes = moved(known["instructions"], measure(options.programs))
    for change in changes:
        print(line(*change))
    print("nothing moved by more than 5 %" if not changes else
          "if that is meant: benchmarks/baseline.py --write, and say why in the commit")
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main())
