#!/usr/bin/env python3
"""Measures the codec alone (the program `codec`): nanoseconds, instructions by callgrind, bytes of the text.

Instructions are the difference of two runs of different length, so that what is done once does not count. With several
programs (builds of different commits, say), each round runs all of them, and the table has a ratio to the first.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent.parent / "build/bench/benchmarks/codec"


def nanoseconds(program, subjects):
    """What the program says, by subject."""
    lines = subprocess.run([program, *subjects], check=True, capture_output=True, text=True).stdout.splitlines()
    return {line["subject"]: line for line in map(json.loads, lines)}


def instructions(program, subject, size):
    """Instructions that one time takes."""
    # Text of a megabyte takes seconds a time.
    few, many = (2, 4) if size > 10_000 else (100, 1_100)

    def total(times):
        said = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, subject, str(times)],
                              check=True, capture_output=True, text=True).stderr
        return int(re.search(r"Collected : (\d+)", said)[1])

    return (total(many) - total(few)) / (many - few)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, action="append", default=[], help="what to measure; may be repeated")
    parser.add_argument("--rounds", type=int, default=3, help="the best counts")
    parser.add_argument("--no-instructions", action="store_true", help="without callgrind, which takes a minute")
    parser.add_argument("--json", type=Path, help="also write everything here")
    parser.add_argument("subjects", nargs="*", help="all if there are none")
    options = parser.parse_args()
    programs = options.program or [PROGRAM]
    count = not options.no_instructions and shutil.which("valgrind") is not None

    best = [{} for _ in programs]
    for _ in range(options.rounds):
        for program, found in zip(programs, best):
            for subject, line in nanoseconds(program, options.subjects).items():
                if subject not in found or line["ns"] < found[subject]["ns"]:
                    found[subject] = line
    for program, found in zip(programs, best):
        for subject, line in found.items():
            if count:
                line["instructions"] = instructions(program, subject, line["bytes"])

    print(f"{'subject':<22}{'bytes':>10}{'ns':>14}{'instructions':>14}" + "".join(
        f"{'ns':>14}{'ratio':>7}{'instructions':>14}" for _ in programs[1:]))
    for subject, line in best[0].items():
        text = f"{subject:<22}{line['bytes']:>10}"
        for found in best:
            if subject not in found:
                continue
            this = found[subject]
            text += f"{this['ns']:>14.1f}"
            if found is not best[0]:
                text += f"{this['ns'] / line['ns']:>7.2f}"
            text += f"{this['instructions']:>14.0f}" if count else f"{'':>14}"
        print(text)
    if options.json:
        options.json.write_text(json.dumps({str(p): f for p, f in zip(programs, best)}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
