#!/usr/bin/env python3
"""Counts instructions per call by callgrind, on the server and on the client, and says where they go.

Counts in user space only: the kernel's part of a call is its system calls, which cost.py counts. Two runs of different
length are subtracted from each other, so that what is done once does not count. Timing does not matter here.
"""

import argparse
import sys
from pathlib import Path

from suite import machine
from suite.callgrind import LONG, SHORT, profile_side, short
from suite.rounds import Field
from suite.subjects import SUBJECTS
from suite.workloads import Case

USUAL = ["raw-epoll", "raw-asio", "farcall-context", "farcall-callback", "farcall-coroutine", "farcall-uncounted"]
SAME_SERVER = ["farcall-callback", "farcall-coroutine"]  # the server cannot tell them from farcall-context


def report(title, profile, top):
    print(f"\n{title}: {profile.total():.0f} instructions a call")
    for table in (profile.functions, profile.lines) if top else ():
        for key, cost in table.most_common(top):
            if cost >= 1:
                print(f"  {cost:7.1f}  {short(key) if table is profile.functions else key}")
        print()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=Path, default=machine.PROGRAMS, help="folder of the built programs")
    parser.add_argument("--client", default="farcall-context", choices=["all", *SUBJECTS], metavar="SUBJECT",
                        help="a subject (run.py --list names them), or all that are usual; default: farcall-context")
    parser.add_argument("--call", default="add", help="what is called: add (default), once, record, text, doubles, ...")
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--connections", type=int, default=1)
    parser.add_argument("--side", choices=["server", "client"], help="default: both")
    parser.add_argument("--calls", type=int, default=LONG, help="of the longer run; fewer for large values")
    parser.add_argument("--top", type=int, default=25, help="lines of each table; 0: only the sums")
    parser.add_argument("--function", default="", help="show the lines of functions with this in their name only")
    options = parser.parse_args()

    subjects = USUAL if options.client == "all" else [options.client]
    parameters = {"call": options.call, "connections": options.connections, "in_flight": options.in_flight, "threads": 1,
                  "share": False, "server_threads": 1}
    counts = (max(1, options.calls * SHORT // LONG), options.calls)
    with Field(options.programs) as field:
        for subject in subjects:
            for side in [options.side] if options.side else ["server", "client"]:
                if side == "server" and subject in SAME_SERVER and len(subjects) > 1:
                    continue
                profile = profile_side(field, Case(subject), parameters, side, options.function, counts)
                report(f"{subject}, {options.call}, {options.in_flight} in flight, {side}", profile, options.top)


if __name__ == "__main__":
    sys.exit(main())
