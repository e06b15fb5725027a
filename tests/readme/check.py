#!/usr/bin/env python3
"""README.md tells the truth: its code is compiled code, its outputs are outputs, its paths and names exist.

A fenced block may be marked by the comment above it:
  <!-- examples/01_hello.cpp -->           the block is that file, whole
  <!-- from examples/03_errors.cpp -->     its lines stand in that file, one after another
  <!-- output of examples/run.sh -->       what that prints from its server's first line on, but for the port (--programs)
Every C++ block must be marked.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]
FENCED = re.compile(r"(?:<!-- (?P<mark>[^\n]*?) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.S | re.M)
PATH_IN_TICKS = re.compile(r"`([\w./-]+(?:\.(?:hpp|ipp|cpp|py|sh|txt|json)|/))`")
LINK = re.compile(r"\]\(([^)#:]+)\)")
FRAME = re.compile(r"^((?:[0-9a-f]{2} ){4}) *(\{.*\})$", re.M)

# Every public member of these must be mentioned, so that no option stays unknown.
MENTIONED = {
    "include/farcall/limits.hpp": r"^    (?:std::\S+|unsigned|static constexpr \S+) (\w+) ?[={]",
    "include/farcall/server_options.hpp": r"^    (?:std::\S+|unsigned|bool|farcall::\S+) (\w+) ?[={]",
    "include/farcall/client_options.hpp": r"^    (?:std::\S+|farcall::\S+) (\w+) ?[={]",
    "include/farcall/status.hpp": r"^    (\w+) = \d+,",
    "include/farcall/service/attributes.hpp": r"^struct (\w+) : (?:attribute|\w+_kind) \{",
}
NOT_FOR_USERS = re.compile(r"_kind$|^ok$")


def file_text(path, problems):
    file = ROOT / path
    if not file.is_file():
        problems.append(f"there is no file {path}")
        return None
    return file.read_text(encoding="utf-8")


def check_block(mark, language, text, problems):
    if mark is None:
        if language == "cpp":
            problems.append("a C++ block is not marked with the file that it comes from:\n" + text)
        return
    if mark.startswith("output of "):
        return
    path = mark.removeprefix("from ")
    source = file_text(path, problems)
    if source is None:
        return
    if path == mark:
        if text != source:
            problems.append(f"the block marked {mark} differs from that file")
        return
    # An excerpt may be indented in its file, all of it by as much.
    lines = source.splitlines()
    wanted = text.rstrip("\n").splitlines()
    for first in range(len(lines) - len(wanted) + 1):
        if textwrap.dedent("\n".join(lines[first:first + len(wanted)])).splitlines() == wanted:
            return
    problems.append(f"the block marked {mark} does not stand in that file:\n{text}")


def check_output(text, programs, problems):
    result = subprocess.run([ROOT / "examples/run.sh", "--programs", programs], stdout=subprocess.PIPE, text=True,
                            encoding="utf-8", check=False)

    def essence(output):
        output = output[output.find("server: "):]
        return re.sub(r":\d{4,5}$", ":PORT", output, flags=re.M)

    if result.returncode != 0:
        problems.append(f"examples/run.sh ended with {result.returncode}")
    if essence(result.stdout) != essence(text):
        problems.append("examples/run.sh prints something else than README.md says:\n" + result.stdout)


def check_paths(readme, problems):
    for path in LINK.findall(readme):
        if not (ROOT / path).exists():
            problems.append(f"the link to {path} leads nowhere")
    for path in PATH_IN_TICKS.findall(readme):
        if not any((ROOT / folder / path.lstrip("/")).exists() for folder in (".", "include", "include/farcall")):
            problems.append(f"there is no `{path}`")


def check_mentioned(readme, problems):
    for path, pattern in MENTIONED.items():
        names = re.findall(pattern, file_text(path, problems) or "", flags=re.M)
        if not names:
            problems.append(f"nothing in {path} looks like a member; has its form changed?")
        for name in names:
            if not NOT_FOR_USERS.search(name) and not re.search(rf"`[^`\n]*\b{name}\b[^`\n]*`", readme):
                problems.append(f"`{name}` of {path} is not mentioned")


def check_frames(readme, problems):
    frames = FRAME.findall(readme)
    if not frames:
        problems.append("no frame is shown")
    for header, payload in frames:
        if int(header.replace(" ", ""), 16) != len(payload.encode()):
            problems.append(f"the length of this frame is {len(payload.encode()):08x}: {header}{payload}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", help="folder of calculator_server and calculator_client; compares their output, too")
    arguments = parser.parse_args()

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    problems = []
    for block in FENCED.finditer(readme):
        check_block(block["mark"], block["language"], block["text"], problems)
        if block["mark"] == "output of examples/run.sh" and arguments.programs:
            check_output(block["text"], arguments.programs, problems)
    prose = FENCED.sub("", readme)
    check_paths(prose, problems)
    check_mentioned(prose, problems)
    check_frames(readme, problems)

    for problem in problems:
        print(f"README.md: {problem}")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
