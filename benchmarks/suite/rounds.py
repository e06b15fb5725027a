"""Runs cases by turns: every round runs every case once, so that what else the machine does meets all of them."""

import contextlib
import tempfile
from pathlib import Path

from . import processes
from .subjects import SUBJECTS


class Field:
    """The programs, and what calls look like on the wire; servers are started when they are needed."""

    def __init__(self, programs):
        self.programs = programs
        self.folder = tempfile.TemporaryDirectory()
        self.frames = Path(self.folder.name)
        processes.capture(programs, self.frames)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def server_command(self, subject, call):
        return (*subject.server, *(("--frames", str(self.frames / call)) if subject.raw_server else ()))

    def client_command(self, subject, port, parameters, amount):
        """`amount`: ("--seconds", s) or ("--calls", n)."""
        command = [*subject.client, "--port", str(port), "--call", parameters["call"], *map(str, amount)]
        for name in ("connections", "in_flight", "threads"):
            if parameters[name] != 1:
                command += [f"--{name.replace('_', '-')}", str(parameters[name])]
        if parameters["share"]:
            command.append("--share")
        if subject.raw_client:
            command += ["--frames", str(self.frames)]
        return command

    def start_server(self, case, parameters, under=()):
        subject = SUBJECTS[case.subject]
        return processes.Server(self.programs, self.server_command(subject, parameters["call"]),
                                parameters["server_threads"], under)

    def hold(self, subject, server, connections):
        """Keeps connections open on which one call was made, until the `with` block ends."""
        command = self.client_command(SUBJECTS[subject], server.port, PLAIN | {"connections": connections}, ("--hold",))
        return processes.Holder(self.programs, command)

    def run_client(self, case, parameters, server, amount, under=()):
        """What the client says, and what the server took for each call meanwhile."""
        subject = SUBJECTS[case.subject]
        before = server.cpu_seconds()
        found = processes.run_client(self.programs, self.client_command(subject, server.port, parameters, amount), under)
        server_cpu = server.cpu_seconds() - before
        for figure in ("calls", "warm_up_calls", "calls_per_second"):
            found[figure] *= subject.calls_each
        found["client_cpu_us"] /= subject.calls_each
        found["server_cpu_us"] = 1e6 * server_cpu / (found["calls"] + found["warm_up_calls"])
        found["server_kib"] = server.resident_kib()
        return found


PLAIN = {"call": "add", "connections": 1, "in_flight": 1, "threads": 1, "share": False, "server_threads": 1, "idle": 0}


class Servers:
    """The servers of a workload, each started once; all stop when the `with` block ends."""

    def __init__(self, field):
        self.field, self.running, self.open = field, {}, contextlib.ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        return self.open.__exit__(*failure)

    def of(self, case, parameters):
        subject = SUBJECTS[case.subject]
        key = (self.field.server_command(subject, parameters["call"]), parameters["server_threads"], parameters["idle"])
        if key not in self.running:
            server = self.running[key] = self.open.enter_context(self.field.start_server(case, parameters))
            if parameters["idle"]:
                self.open.enter_context(self.field.hold(holder_of(subject), server, parameters["idle"]))
        return self.running[key]


def holder_of(subject):
    """The subject that connects to the same kind of server and can keep connections."""
    return f"{subject.library}-connect"


def run_rounds(field, workload, cases, rounds, seconds, step):
    """A list of rounds, each a dict from a case's name to what was found; `step(name)` is called before each run."""
    found = []
    with Servers(field) as servers:
        for case in cases:
            servers.of(case, workload.parameters(case))
        for number in range(rounds):
            # Each round begins with another case, so that none always follows the same.
            turn = number % len(cases)
            this_round = {}
            for case in cases[turn:] + cases[:turn]:
                step(case.name)
                parameters = workload.parameters(case)
                this_round[case.name] = field.run_client(case, parameters, servers.of(case, parameters), ("--seconds", seconds))
            found.append(this_round)
    return found
