#!/usr/bin/env python3
"""Checks the rules of the house on the headers: who includes whom, what stays out of where, size, macros.

    check.py [INCLUDE_FOLDER]     check a tree (default: this repository's include/)
    check.py --self-test          break each rule once in a throw-away tree and see that it is found
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

# The tables below are the rules; a new folder under include/farcall/ needs a line in MAY_INCLUDE.

UMBRELLAS = {"farcall.hpp"} | {f"farcall/{name}.hpp" for name in ("service", "client", "server", "src")}

EXTENSIONS = ["retry", "balance", "discovery", "interceptor", "observe", "store"]
LOWER = ["vocabulary", "detail"]
MAY_INCLUDE = {
    "vocabulary": [],
    "detail": [],
    **{extension: [] for extension in EXTENSIONS},
    "interceptor": ["observe"],  # what an interceptor has seen, it tells an exporter or a log
    "reflect": [],
    "codec": ["reflect"],
    "service": ["reflect", "codec", *EXTENSIONS],
    "protocol": ["reflect", "codec", "service", *EXTENSIONS],
    "session": ["reflect", "codec", "service", "protocol", *EXTENSIONS],
    "transport": [],  # moves bytes, knows no message
    "client": ["reflect", "codec", "service", "protocol", "session", "transport", *EXTENSIONS],
    "server": ["reflect", "codec", "service", "protocol", "session", "transport", *EXTENSIONS],
}
# Options hold what extends a client or a server; extension points do not know the options.
HOLDERS = {f"farcall/{name}_options.hpp": {"interceptor", "observe"} for name in ("client", "server")}
ANYTHING = {"testing"}  # may include every other header, and umbrellas too

ASIO = re.compile(r"boost/(asio|beast)\b")
RAPIDJSON = re.compile(r"rapidjson/")
INPUT_OUTPUT = re.compile(
    r"boost/(asio|beast)\b|(thread|future|fstream|iostream|condition_variable)$|(sys|netinet|arpa)/|unistd\.h$|poll\.h$")
CLOCK = re.compile(r"::\s*now\s*\(")

# What must not be reached through own headers, however long the way.
UNREACHABLE = [("farcall/service.hpp", ASIO), ("farcall/service.hpp", RAPIDJSON)]
NO_INPUT_OUTPUT = {"protocol", "session"}

MACRO_FILES = {f"farcall/service/{name}.hpp" for name in ("rpc_service", "detail/preprocessor", "detail/emit")}
MACRO_FILES |= {"farcall/detail/config.hpp", "farcall/detail/mutant.hpp"}
MOST_LINES = 400

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
DEFINE = re.compile(r"^\s*#\s*define\s+(\w+)", re.MULTILINE)
COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|//[^\n]*|/\*.*?\*/', re.DOTALL)


def without_comments(text):
    """The text with comments blanked; strings stay, so that a // inside one does no harm."""
    return COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]) if match[0][0] == "/" else match[0], text)


def layer_of(name):
    """Folder below farcall/; the root headers and their impl/ are the vocabulary."""
    parts = name.split("/")
    return parts[1] if len(parts) > 2 and parts[1] != "impl" else "vocabulary"


class Tree:
    def __init__(self, folder):
        self.problems = []
        self.text = {}
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".hpp", ".ipp"):
                self.text[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8")
        self.code = {name: without_comments(text) for name, text in self.text.items()}
        self.includes = {name: [match[2] for match in INCLUDE.finditer(code)] for name, code in self.code.items()}

    def check(self):
        if not self.text:
            self.report("", "there is no header here")
        for name in self.text:
            self.check_form(name)
            self.check_layer(name)
        self.check_reach()
        self.check_cycles()
        return self.problems

    def report(self, name, problem):
        self.problems.append(f"{name}: {problem}" if name else problem)

    def check_form(self, name):
        lines = self.text[name].count("\n")
        if lines > MOST_LINES:
            self.report(name, f"{lines} lines, at most {MOST_LINES}: split it by nouns")
        if not self.text[name].startswith("#pragma once\n"):
            self.report(name, "the first line must be #pragma once")
        if name not in MACRO_FILES:
            for match in DEFINE.finditer(self.code[name]):
                self.report(name, f"#define {match[1]}: macros live in {', '.join(sorted(MACRO_FILES))} only")
        for match in INCLUDE.finditer(self.code[name]):
            own = match[2] == "farcall.hpp" or match[2].startswith("farcall/")
            if own and match[2] not in self.text:
                self.report(name, f"includes {match[2]}, which does not exist")
            if match[1] == '"':
                self.report(name, f'includes "{match[2]}": own headers are included as <farcall/...>')

    def check_layer(self, name):
        layer = layer_of(name)
        if name in UMBRELLAS or layer in ANYTHING:
            return
        if layer not in MAY_INCLUDE:
            self.report(name, f"folder {layer}/ has no place in the layers: give it one in tests/layering/check.py")
            return
        allowed = {layer, *LOWER, *MAY_INCLUDE[layer], *HOLDERS.get(name, ())}
        for other in self.includes[name]:
            if other in UMBRELLAS:
                self.report(name, f"includes {other}, which is for users: include what is needed of it")
            elif other in HOLDERS and layer in EXTENSIONS:
                self.report(name, f"includes {other}: an extension point does not know who holds it")
            elif other.startswith("farcall/") and layer_of(other) not in allowed:
                self.report(name, f"{layer} must not include {layer_of(other)} ({other})")
            elif RAPIDJSON.match(other) and layer != "codec":
                self.report(name, f"includes {other}: RapidJSON is seen in codec/ only")
            elif layer in NO_INPUT_OUTPUT and INPUT_OUTPUT.match(other):
                self.report(name, f"includes {other}: {layer}/ does no I/O and owns no timer or thread")
        if layer in NO_INPUT_OUTPUT and CLOCK.search(self.code[name]):
            self.report(name, f"reads a clock: in {layer}/ time is an argument")

    def check_reach(self):
        starts = UNREACHABLE + [(name, ASIO) for name in self.text if layer_of(name) in NO_INPUT_OUTPUT]
        for start, forbidden in starts:
            way = self.way(start, forbidden)
            if len(way) > 2 or (way and start in UMBRELLAS):
                self.report(start, "reaches what must stay out: " + " -> ".join(way))

    def way(self, start, forbidden):
        """The shortest chain of includes from `start` to a header that matches, or nothing."""
        ways = [[start]] if start in self.text else []
        seen = {start}
        for way in ways:  # grows while it is read: breadth first
            for other in self.includes.get(way[-1], []):
                if forbidden.match(other):
                    return [*way, other]
                if other not in seen:
                    seen.add(other)
                    ways.append([*way, other])
        return []

    def check_cycles(self):
        """Headers that include each other; x.hpp and its impl/x.ipp do so on purpose."""
        done = set()

        def visit(name, way):
            if name in way:
                self.report(name, "includes itself: " + " -> ".join([*way[way.index(name):], name]))
            elif name not in done:
                for other in self.includes[name]:
                    if other in self.text and not other.endswith(".ipp"):
                        visit(other, [*way, name])
                done.add(name)

        for name in self.text:
            if not name.endswith(".ipp"):
                visit(name, [])


def check(folder):
    return Tree(folder).check()


def self_test():
    good = {
        "farcall.hpp": "#include <farcall/client.hpp>\n#include <farcall/server.hpp>\n",
        "farcall/client.hpp": "#include <farcall/client/channel.hpp>\n",
        "farcall/server.hpp": "#include <farcall/server/dispatcher.hpp>\n",
        "farcall/service.hpp": "#include <farcall/service/rpc_service.hpp>\n",
        "farcall/src.hpp": "#include <farcall/codec/impl/scan.ipp>\n",
        "farcall/error.hpp": "#include <farcall/detail/config.hpp>\n#include <farcall/impl/error.ipp>\n",
        "farcall/impl/error.ipp": "#include <farcall/error.hpp>\n",
        "farcall/detail/config.hpp": "#define FARCALL_DECL inline\n",
        "farcall/reflect/members.hpp": "",
        "farcall/codec/scan.hpp": "#include <farcall/reflect/members.hpp>\n#include <rapidjson/reader.h>\n#include <farcall/codec/impl/scan.ipp>\n",
        "farcall/codec/impl/scan.ipp": "#include <farcall/codec/scan.hpp>\n",
        "farcall/service/rpc_service.hpp": "#include <farcall/retry/no_retry.hpp>\n#define RPC_SERVICE(...)\n",
        "farcall/retry/no_retry.hpp": "#include <farcall/error.hpp>\n",
        "farcall/protocol/message.hpp": "#include <farcall/codec/scan.hpp>\n/// not std::chrono::steady_clock::now()\n#include <chrono>\n",
        "farcall/session/pending.hpp": "#include <farcall/protocol/message.hpp>\n",
        "farcall/transport/tcp.hpp": "#include <farcall/error.hpp>\n#include <boost/asio/ip/tcp.hpp>\n",
        "farcall/client/channel.hpp": "#include <farcall/session/pending.hpp>\n#include <farcall/transport/tcp.hpp>\n",
        "farcall/server/dispatcher.hpp": "#include <farcall/service/rpc_service.hpp>\n",
        "farcall/testing/clock.hpp": "#include <farcall.hpp>\n",
        "farcall/observe/observer.hpp": "",
        "farcall/client_options.hpp": "#include <farcall/observe/observer.hpp>\n",
    }
    # One breach each: the file, what is added to it, and a part of what must be said.
    breaches = [
        ("farcall/reflect/members.hpp", "#include <farcall/codec/scan.hpp>\n", "reflect must not include codec"),
        ("farcall/error.hpp", "#include <farcall/reflect/members.hpp>\n", "vocabulary must not include reflect"),
        ("farcall/codec/impl/scan.ipp", "#include <farcall/service/rpc_service.hpp>\n", "codec must not include service"),
        ("farcall/service/rpc_service.hpp", "#include <farcall/protocol/message.hpp>\n", "service must not include protocol"),
        ("farcall/protocol/message.hpp", "#include <farcall/session/pending.hpp>\n", "protocol must not include session"),
        ("farcall/session/pending.hpp", "#include <farcall/transport/tcp.hpp>\n", "session must not include transport"),
        ("farcall/transport/tcp.hpp", "#include <farcall/protocol/message.hpp>\n", "transport must not include protocol"),
        ("farcall/transport/tcp.hpp", "#include <farcall/client/channel.hpp>\n", "transport must not include client"),
        ("farcall/client/channel.hpp", "#include <farcall/server/dispatcher.hpp>\n", "client must not include server"),
        ("farcall/server/dispatcher.hpp", "#include <farcall/client/channel.hpp>\n", "server must not include client"),
        ("farcall/retry/no_retry.hpp", "#include <farcall/protocol/message.hpp>\n", "retry must not include protocol"),
        ("farcall/retry/no_retry.hpp", "#include <farcall/client_options.hpp>\n", "does not know who holds it"),
        ("farcall/error.hpp", "#include <farcall/observe/observer.hpp>\n", "vocabulary must not include observe"),
        ("farcall/codec/scan.hpp", "#include <farcall/retry/no_retry.hpp>\n", "codec must not include retry"),
        ("farcall/detail/config.hpp", "#include <farcall/codec/scan.hpp>\n", "detail must not include codec"),
        ("farcall/client/channel.hpp", "#include <farcall.hpp>\n", "which is for users"),
        ("farcall/misc/tools.hpp", "", "has no place in the layers"),
        ("farcall/service.hpp", "#include <farcall/client/channel.hpp>\n", "service.hpp -> farcall/client/channel.hpp -> farcall/transport/tcp.hpp -> boost/asio"),
        ("farcall/service.hpp", "#include <boost/asio/awaitable.hpp>\n", "service.hpp -> boost/asio/awaitable.hpp"),
        ("farcall/service/rpc_service.hpp", "#include <farcall/codec/scan.hpp>\n", "scan.hpp -> rapidjson/reader.h"),
        ("farcall/server/dispatcher.hpp", "#include <rapidjson/document.h>\n", "RapidJSON is seen in codec/ only"),
        ("farcall/session/pending.hpp", "#include <boost/asio/steady_timer.hpp>\n", "does no I/O"),
        ("farcall/protocol/message.hpp", "#include <thread>\n", "does no I/O"),
        ("farcall/reflect/members.hpp", "#include <boost/asio/buffer.hpp>\n", "reaches what must stay out"),
        ("farcall/session/pending.hpp", "inline auto f() { return std::chrono::steady_clock::now(); }\n", "reads a clock"),
        ("farcall/error.hpp", "\n" * 400, "at most 400"),
        ("farcall/codec/scan.hpp", "#  define SCAN 1\n", "#define SCAN"),
        ("farcall/error.hpp", '#include "detail/config.hpp"\n', "own headers are included as"),
        ("farcall/error.hpp", "#include <farcall/nothing.hpp>\n", "does not exist"),
        ("farcall/detail/config.hpp", "#include <farcall/error.hpp>\n", "includes itself"),
    ]
    failures = []

    def problems_of(files, without_pragma=""):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(("" if name == without_pragma else "#pragma once\n") + text, encoding="utf-8")
            return check(Path(folder))

    if problems := problems_of(good):
        failures.append(f"a good tree is refused: {problems}")
    if not any("#pragma once" in problem for problem in problems_of(good, without_pragma="farcall/error.hpp")):
        failures.append("a header without #pragma once is accepted")
    for name, text, expected in breaches:
        problems = problems_of({**good, name: good.get(name, "") + text})
        if not any(problem.startswith(name) or name in problem for problem in problems if expected in problem):
            failures.append(f"{name} + {text.strip()!r}: expected {expected!r}, found {problems}")
    return failures


def main():
    parser = argparse.ArgumentParser(description="Checks which header of farcall includes which.")
    parser.add_argument("include", nargs="?", type=Path, default=Path(__file__).resolve().parents[2] / "include")
    parser.add_argument("--self-test", action="store_true", help="see every rule fail once")
    arguments = parser.parse_args()
    if not arguments.self_test and not arguments.include.is_dir():
        parser.error(f"{arguments.include} is not a folder")
    problems = self_test() if arguments.self_test else check(arguments.include)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
