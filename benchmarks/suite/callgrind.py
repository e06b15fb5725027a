"""Instructions a call by callgrind: user space only, the same whatever else the machine does."""

import collections
import re
import tempfile
from pathlib import Path

COMMAND = ["valgrind", "-q", "--tool=callgrind", "--compress-strings=no", "--compress-pos=no", "--dump-line=yes"]
SHORT, LONG = 4_000, 24_000


class Profile:
    """Instructions of one run: by function, by source line, and in all."""

    def __init__(self):
        self.functions = collections.Counter()
        self.lines = collections.Counter()

    def total(self):
        return sum(self.functions.values())

    def minus(self, other, calls):
        """A call's part of what this run has more than a shorter one."""
        result = Profile()
        for name in ("functions", "lines"):
            mine, theirs, into = getattr(self, name), getattr(other, name), getattr(result, name)
            for key in mine.keys() | theirs.keys():
                into[key] = (mine[key] - theirs[key]) / calls
        return result


def read_profile(folder, within=""):
    """Reads callgrind's files (one a process and thread), of which only own costs count.

    Lines are those of functions whose name contains `within`.
    """
    profile = Profile()
    for path in folder.glob("callgrind.*"):
        function = source = ""
        called = False
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            if match := re.match(r"(fn|fl|fi|fe)=(.*)", line):
                if match[1] == "fn":
                    function = match[2]
                else:
                    source = match[2]
            elif line.startswith("calls="):
                called = True  # the next line is the cost of what was called
            elif re.match(r"\d+ \d+$", line):
                if called:
                    called = False
                    continue
                at, cost = map(int, line.split())
                profile.functions[function] += cost
                if within in function:
                    profile.lines[f"{source}:{at}"] += cost
    return profile


def profile_side(field, case, parameters, side, within="", counts=(SHORT, LONG)):
    """What a call costs on one side, "server" or "client", while the other runs natively.

    Two runs of different length are subtracted from each other, so that what is done once does not count.
    """
    found = []
    for calls in counts:
        with tempfile.TemporaryDirectory() as folder:
            under = [*COMMAND, f"--callgrind-out-file={folder}/callgrind.%p"]
            with field.start_server(case, parameters, under if side == "server" else ()) as server:
                made = field.run_client(case, parameters, server, ("--calls", calls), under if side == "client" else ())
            found.append((read_profile(Path(folder), within), made["calls"] + made["warm_up_calls"]))
    (few, few_calls), (many, many_calls) = found
    return many.minus(few, many_calls - few_calls)


def short(name):
    """A function's name without what only makes it long."""
    name = re.sub(r"<(?:[^<>]|<(?:[^<>]|<[^<>]*>)*>)*>", "<>", name)
    name = re.sub(r"\((?:[^()]|\([^()]*\))*\)", "()", name)
    return name if len(name) < 110 else name[:107] + "..."
