#!/usr/bin/env python3
"""Measures what one translation unit costs to compile: CPU seconds and peak memory of the compiler, and object size.

The units are in compile/: one that declares a service of ten methods, one that calls it, one that serves it, each
header-only and with FARCALL_SEPARATE_COMPILATION; beside them what standard headers and Asio alone cost.
"""

import argparse
import json
import os
import shlex
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FLAGS = ["-std=c++20", f"-I{HERE.parent / 'include'}", "-c"]
SEPARATE = "-DFARCALL_SEPARATE_COMPILATION"
UNITS = [
    ("nothing (standard headers)", "nothing.cpp", []),
    ("Asio alone (TCP)", "asio.cpp", []),
    ("declares", "declare.cpp", []),
    ("calls, header-only", "call.cpp", []),
    ("calls, separate", "call.cpp", [SEPARATE]),
    ("serves, header-only", "serve.cpp", []),
    ("serves, separate", "serve.cpp", [SEPARATE]),
    ("farcall/src.hpp, once", "library.cpp", [SEPARATE]),
]
LEVELS = {"-O0": ["-O0"], "-O3": ["-O3", "-DNDEBUG"]}


def compile_once(compiler, unit, flags, into):
    """CPU seconds, peak MiB and KiB of object code."""
    command = [*compiler, *FLAGS, *flags, str(HERE / "compile" / unit), "-o", into]
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError("does not compile: " + shlex.join(command))
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.path.getsize(into) / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--rounds", type=int, default=1, help="the fastest of so many counts")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args()

    figures = {}
    print(f"{'one translation unit':28}" + "".join(f"{level + ' s':>9}{'MiB':>7}{'obj KiB':>9}" for level in LEVELS))
    with tempfile.TemporaryDirectory() as folder:
        for name, unit, extra in UNITS:
            print(f"{name:28}", end="", flush=True)
            for level, flags in LEVELS.items():
                runs = [compile_once(shlex.split(options.compiler), unit, [*flags, *extra], f"{folder}/unit.o")
                        for _ in range(options.rounds)]
                seconds, memory, size = min(runs)
                figures.setdefault(name, {})[level] = {"seconds": seconds, "mib": memory, "object_kib": size}
                print(f"{seconds:9.2f}{memory:7.0f}{size:9.0f}", end="", flush=True)
            print()
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
