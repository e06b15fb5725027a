#!/usr/bin/env python3
"""Checks that misuse does not compile, and what the compiler says then.

A case is a .cpp file beside this script. It begins with lines
    // expect: text               what must stand in the first 15 lines of the compiler's output, those apart that only
                                  say who included whom
    // expect-g++: text           the same for one compiler (or expect-clang++)
of which the first must stand in the first line that says "error": our sentence, not the compiler's own. A case must
fail to compile as it is, and compile without a warning when TWIN is defined.

A header of farcall that a case includes before all else is precompiled, once for all cases that begin with it: reading
it would be nearly all of the work.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
FLAGS = ["-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-fdiagnostics-color=never"]
FIRST_LINES = 15
SHOWN_LINES = 25
DIRECTIVE = re.compile(r"^#.*$", re.MULTILINE)
INCLUDED_FROM = re.compile(r"In file included from | +from .*[:,]$")


def expectations(case, family):
    """The texts that a case wants to see from this family of compilers, in order."""
    wanted = []
    for line in case.read_text(encoding="utf-8").splitlines():
        if not line.startswith("//"):
            break
        for prefix in ("// expect: ", f"// expect-{family}: "):
            if line.startswith(prefix):
                wanted.append(line.removeprefix(prefix).strip())
    return wanted


def family_of(compiler):
    return "clang++" if "clang" in compiler[0] else "g++"


def first_include(case):
    """The header of farcall that a case includes before all else, or None."""
    first = DIRECTIVE.search(case.read_text(encoding="utf-8"))
    name = first[0].removeprefix("#include <").removesuffix(">") if first else ""
    return name if name.startswith("farcall/") else None


def precompile(compiler, include, folder, header):
    """The flags with which a case that begins with the header finds it precompiled."""
    into = folder / f"{header}.gch"  # g++ looks for that name before it looks for the header itself
    into.parent.mkdir(parents=True, exist_ok=True)
    source = into.with_suffix(".source.hpp")
    source.write_text(f"#include <{header}>\n", encoding="utf-8")
    flags = [flag for flag in FLAGS if flag != "-fsyntax-only"]
    command = [*compiler, f"-I{include}", *flags, "-x", "c++-header", str(source), "-o", str(into)]
    done = subprocess.run(command, text=True, capture_output=True)
    if done.returncode != 0:
        raise SystemExit(f"{header} does not compile:\n{done.stderr}")
    return ["-include-pch", str(into)] if family_of(compiler) == "clang++" else [f"-I{folder}"]


def compile_case(compiler, include, case, *more):
    command = [*compiler, *more, f"-I{include}", *FLAGS, str(case)]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, text=True, capture_output=True, errors="replace", env=environment)
    return done.returncode, [line for line in done.stderr.splitlines() if not INCLUDED_FROM.match(line)]


def check(compiler, include, case, precompiled):
    """What is wrong with a case, as text; empty if nothing is. precompiled: the flags for the header it begins with"""
    family = family_of(compiler)
    wanted = expectations(case, family)
    if not wanted:
        return f"says nothing to expect from {family}"
    code, output = compile_case(compiler, include, case, *precompiled)
    first = "\n".join(output[:FIRST_LINES])
    shown = "\n    ".join(output[:SHOWN_LINES])
    if code == 0:
        return "compiles, and should not"
    if code < 0:
        return f"made the compiler crash\n    {shown}"
    for text in wanted:
        if text not in first:
            return f"expected in the first {FIRST_LINES} lines: {text}\n  but they are:\n    {shown}"
    error = next((line for line in output if "error: " in line), "")
    if wanted[0] not in error:
        return f"expected in the first error: {wanted[0]}\n  but it is:\n    {error}"
    code, output = compile_case(compiler, include, case, *precompiled, "-DTWIN")
    if code != 0:
        return "its twin does not compile:\n    " + "\n    ".join(output[:SHOWN_LINES])
    return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", help="names of cases, with or without .cpp (default: all)")
    parser.add_argument("--compiler", default="g++", help="a command, with flags if need be (default: g++)")
    parser.add_argument("--include", type=Path, default=HERE.parents[1] / "include")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    arguments = parser.parse_args()

    compiler = arguments.compiler.split()
    if not compiler or not shutil.which(compiler[0]):
        parser.error(f"no such compiler: {arguments.compiler}")
    if arguments.cases:
        cases = [HERE / f"{Path(name).stem}.cpp" for name in arguments.cases]
        for case in cases:
            if not case.exists():
                parser.error(f"no such case: {case.name}")
    else:
        cases = sorted(HERE.glob("*.cpp"))
    if not cases:
        parser.error(f"no cases in {HERE}")

    with ThreadPoolExecutor(arguments.jobs) as pool, tempfile.TemporaryDirectory() as folder:
        begins = {case: first_include(case) for case in cases}
        headers = sorted({header for header in begins.values() if header})
        made = pool.map(lambda header: precompile(compiler, arguments.include, Path(folder), header), headers)
        flags = dict(zip(headers, made))
        problems = list(pool.map(lambda case: check(compiler, arguments.include, case, flags.get(begins[case], [])),
                                 cases))
    failures = 0
    for case, problem in zip(cases, problems):
        if problem:
            failures += 1
            print(f"{case.name}: {problem}")
    print(f"{len(cases) - failures} of {len(cases)} cases as expected with {arguments.compiler}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
