#!/usr/bin/env python3
"""Every public name of the library has a docstring: doxygen says which has none.

Left out: namespace detail; names that begin farcall_, which belong to the macro; and the members of the library's own
codecs, which are those that codec/codec.hpp documents.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

INCLUDE = pathlib.Path(__file__).resolve().parent.parent / "include"

CONFIGURATION = """
INPUT = {include}
RECURSIVE = YES
FILE_PATTERNS = *.hpp
EXCLUDE_PATTERNS = */detail/* */impl/*
EXCLUDE_SYMBOLS = farcall::detail farcall::detail::* farcall::*::detail::* std* boost*
EXTRACT_ALL = NO
EXTRACT_STATIC = YES
DISTRIBUTE_GROUP_DOC = YES
ENABLE_PREPROCESSING = YES
MACRO_EXPANSION = YES
EXPAND_ONLY_PREDEF = YES
PREDEFINED = FARCALL_DECL=inline
GENERATE_HTML = NO
GENERATE_LATEX = NO
OUTPUT_DIRECTORY = {output}
QUIET = YES
WARN_IF_UNDOCUMENTED = YES
WARN_IF_DOC_ERROR = NO
WARN_FORMAT = "$file:$line: $text"
"""

LEFT_OUT = re.compile(r"detail::|farcall::codec<|::farcall_|Member farcall_|Compound farcall::codec<")


def undocumented(include, output):
    configuration = CONFIGURATION.format(include=include, output=output)
    run = subprocess.run(["doxygen", "-"], input=configuration, capture_output=True, text=True, cwd=output)
    if run.returncode != 0:
        sys.exit("doxygen failed: " + run.stderr)
    lines = {line for line in run.stderr.splitlines() if "is not documented" in line and not LEFT_OUT.search(line)}
    return sorted(line.replace(str(include) + "/", "") for line in lines)


def self_test():
    """The check can fail: an undocumented function is found, a documented one is not."""
    with tempfile.TemporaryDirectory() as folder:
        header = pathlib.Path(folder) / "sample.hpp"
        header.write_text("namespace farcall {\n/// Is told.\nstruct told {\n    void untold();\n};\n}\n")
        found = undocumented(pathlib.Path(folder), folder)
        if len(found) != 1 or "untold" not in found[0]:
            sys.exit("the check itself is broken: it found " + repr(found))


def main():
    if not shutil.which("doxygen"):
        sys.exit("doxygen is missing: run tools/setup.sh")
    self_test()
    with tempfile.TemporaryDirectory() as output:
        found = undocumented(INCLUDE, output)
    print("\n".join(found) if found else "every public name is documented")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
