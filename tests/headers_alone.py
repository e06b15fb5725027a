#!/usr/bin/env python3
"""Checks that every public header compiles alone: whoever includes it needs to include nothing before it."""

import argparse
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FLAGS = ["-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-x", "c++", "-"]
SEPARATE = "-DFARCALL_SEPARATE_COMPILATION"
UMBRELLAS = ["farcall.hpp", "farcall/service.hpp", "farcall/client.hpp", "farcall/server.hpp"]
# Adapters for other libraries, and what tells that the library is there.
ADAPTERS = {"farcall/observe/spdlog_sink.hpp": "spdlog/logger.h"}
SOURCE = "farcall/src.hpp"  # has a meaning in the compiled form only
# What has a name outside of farcall::detail is for users. The rest they get by the umbrellas, so that it is enough to see
# it alone in the form that takes half the time.
PUBLIC = re.compile(r"^namespace farcall(::testing)? \{", re.MULTILINE)
MOST_LINES = 12  # of a compiler's answer; the cause is in the first ones


def jobs_for(include):
    """(header, extra flags) of every compilation."""
    headers = sorted(path.relative_to(include).as_posix() for path in include.rglob("*.hpp"))
    for header in headers:
        if header != SOURCE:
            public = header in UMBRELLAS or PUBLIC.search((include / header).read_text(encoding="utf-8"))
            yield header, [] if public else [SEPARATE]
        if header == SOURCE or header in UMBRELLAS:
            yield header, [SEPARATE]


def compile_alone(compiler, include, header, flags):
    """What the compiler says, empty when it is content."""
    command = [*compiler, f"-I{include}", *flags, *FLAGS]
    text = f"#include <{header}>\n"
    if header in ADAPTERS:
        text = f"#if __has_include(<{ADAPTERS[header]}>)\n{text}#endif\n"
    done = subprocess.run(command, input=text, text=True, capture_output=True)
    if done.returncode == 0:
        return ""
    return "\n".join(done.stderr.splitlines()[:MOST_LINES]) or f"{compiler[0]} ended with {done.returncode}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("filter", nargs="*", help="only headers whose path contains one of these words")
    parser.add_argument("--umbrellas", action="store_true", help="only what users include, and src.hpp")
    parser.add_argument("--compiler", default="g++", help="a command, with flags if need be (default: g++)")
    parser.add_argument("--include", type=Path, default=Path(__file__).resolve().parents[1] / "include")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    arguments = parser.parse_args()

    jobs = [job for job in jobs_for(arguments.include)
            if (not arguments.filter or any(word in job[0] for word in arguments.filter))
            and (not arguments.umbrellas or job[0] in [*UMBRELLAS, SOURCE])]
    if not jobs:
        parser.error(f"no such header in {arguments.include}")
    compiler = arguments.compiler.split()
    if not compiler or not shutil.which(compiler[0]):
        parser.error(f"no such compiler: {arguments.compiler}")
    with ThreadPoolExecutor(arguments.jobs) as pool:
        answers = list(pool.map(lambda job: compile_alone(compiler, arguments.include, *job), jobs))
    failures = 0
    for (header, flags), answer in zip(jobs, answers):
        if answer:
            failures += 1
            print(f"--- {' '.join([header, *flags])} does not compile alone:\n{answer}")
    print(f"{len(jobs) - failures} of {len(jobs)} headers compile alone with {arguments.compiler}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
