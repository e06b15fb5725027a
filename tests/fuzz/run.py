#!/usr/bin/env python3
"""Fuzzes the parsers with libFuzzer (clang 19), each for a minute.

    run.py [--seconds N] [TARGET...]     N seconds each (default 60), the named targets (default: all)

Starts from tests/fuzz/corpus and from what earlier runs found in build/fuzz/corpus. A finding is written to
build/fuzz/findings; when it is fixed, add it to the corpus (this prints its line).
"""

import argparse
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build" / "fuzz"
TARGETS = sorted(path.stem for path in (ROOT / "tests" / "fuzz" / "targets").glob("*.cpp"))
ESCAPES = {"n": b"\n", "r": b"\r", "t": b"\t", "\\": b"\\"}


def seeds(target):
    """The inputs of a corpus, which are written as in C, one a line."""
    for line in (ROOT / "tests" / "fuzz" / "corpus" / f"{target}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        parts = re.split(r"\\(x[0-9a-f]{2}|.)", line)
        yield b"".join(
            part.encode() if i % 2 == 0 else bytes.fromhex(part[1:]) if part[0] == "x" and len(part) == 3 else ESCAPES[part]
            for i, part in enumerate(parts))


def line_of(data):
    """The line of a corpus for an input."""
    special = {value[0]: "\\" + name for name, value in ESCAPES.items()}
    return "".join(special.get(byte) or (chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02x}") for byte in data)


def fuzz(target, seconds):
    """Whether nothing was found."""
    corpus, findings = BUILD / "corpus" / target, BUILD / "findings" / target
    corpus.mkdir(parents=True, exist_ok=True)
    findings.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(target)):
        (corpus / f"seed{number}").write_bytes(data)
    before = set(findings.iterdir())
    run = subprocess.run(
        [BUILD / "tests" / f"fuzz_{target}", f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048",
         "-max_len=4096", "-print_final_stats=1", f"-artifact_prefix={findings}/", corpus],
        capture_output=True, text=True, errors="replace")
    executions = re.search(r"number_of_executed_units: (\d+)", run.stderr)
    print(f"{target}: {executions[1] if executions else 'no'} inputs in {seconds} s, "
          + ("nothing found" if run.returncode == 0 else "FOUND SOMETHING"), flush=True)
    if run.returncode != 0:
        print(run.stderr[-6000:])
        for path in set(findings.iterdir()) - before:
            print(f"{path}, as a line of tests/fuzz/corpus/{target}.txt:\n{line_of(path.read_bytes())}")
    return run.returncode == 0


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("targets", nargs="*", metavar="TARGET", choices=[[], *TARGETS], help=", ".join(TARGETS))
    options = arguments.parse_args()
    subprocess.run(["cmake", "--preset", "fuzz", "--log-level=WARNING"], cwd=ROOT, check=True)
    subprocess.run(["cmake", "--build", "--preset", "fuzz"], cwd=ROOT, check=True)
    return 0 if all([fuzz(target, options.seconds) for target in options.targets or TARGETS]) else 1


if __name__ == "__main__":
    sys.exit(main())
