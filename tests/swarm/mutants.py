#!/usr/bin/env python3
"""Every deliberate bug of the library (FARCALL_MUTANT in include/) must be found by the swarm.

    mutants.py --program build/dev/tests/swarm [--seeds 1..20000] [--only NAME]

Prints the seed that found each one and the command that replays it. Fails if one is not found, or if there are fewer
than twelve.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import time

INCLUDE = pathlib.Path(__file__).resolve().parent.parent.parent / "include"
USE = re.compile(r"FARCALL_MUTANT\((\w+)\)")
FEWEST = 12


def mutants():
    """The names of all mutants; each must be used once, so that a name stands for one bug."""
    places = {}
    for path in sorted(INCLUDE.rglob("*.?pp")):
        if path.name == "mutant.hpp":
            continue
        for name in USE.findall(path.read_text()):
            places.setdefault(name, []).append(str(path.relative_to(INCLUDE)))
    for name, where in places.items():
        if len(where) != 1:
            sys.exit(f"mutant {name} is used {len(where)} times: {', '.join(where)}")
    return {name: where[0] for name, where in places.items()}


def hunt(program, seeds, name):
    """Runs the swarm with one mutant: (found, seconds, what it said)."""
    began = time.monotonic()
    try:
        command = [program, "--seeds", seeds, "--mutant", name]
        run = subprocess.run(command, capture_output=True, text=True, timeout=300)
        # 1: a promise was broken. Killed by a signal: the bug broke the program itself, which is found, too.
        found, said = run.returncode == 1 or run.returncode < 0, run.stdout
        if run.returncode < 0:
            said += f"ended by signal {-run.returncode}"
    except subprocess.TimeoutExpired:
        found, said = False, "no end within 300 s"
    return found, time.monotonic() - began, said.strip()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--seeds", default="1..20000")
    parser.add_argument("--only")
    asked = parser.parse_args()
    all_mutants = mutants()
    chosen = [asked.only] if asked.only else sorted(all_mutants)
    missed = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        hunts = {name: pool.submit(hunt, asked.program, asked.seeds, name) for name in chosen}
        for name in chosen:
            found, seconds, said = hunts[name].result()
            print(f"{name} ({all_mutants.get(name, '?')}): {'found' if found else 'NOT FOUND'} in {seconds:.1f} s")
            for line in said.splitlines()[:3] + said.splitlines()[3:][-1:]:
                print("    " + line)
            if not found:
                missed.append(name)
    if missed:
        sys.exit(f"{len(missed)} of {len(chosen)} mutants were not found: {', '.join(missed)}")
    if not asked.only and len(chosen) < FEWEST:
        sys.exit(f"only {len(chosen)} mutants, where {FEWEST} are asked for")
    print(f"all {len(chosen)} mutants were found")


if __name__ == "__main__":
    main()
