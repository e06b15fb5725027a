"""Runs cases by turns: every round runs every case once, so that what else the machine does meets all of them."""

import contextlib
import tempfile
from pathlib import Path

from . import processes
from .failures import EXPECTED
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

    def run_client(self, case, parameters, server, amount, under=(), timeout=600):
        """What the client says, and what the server took for each call meanwhile."""
        subject = SUBJECTS[case.subject]
        before = server.cpu_seconds()
        found = processes.run_client(self.programs, self.client_command(subject, server.port, parameters, amount), under,
                                     timeout)
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

    def __init__(self, field, fail):
        """`fail(case, why)` gets the first case of a server that does not stop."""
        self.field, self.fail, self.running, self.open = field, fail, {}, contextlib.ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        return self.open.__exit__(*failure)

    def of(self, case, parameters):
        subject = SUBJECTS[case.subject]
        key = (self.field.server_command(subject, parameters["call"]), parameters["server_threads"], parameters["idle"])
        if key not in self.running:
            with contextlib.ExitStack() as started:
                server = started.enter_context(self.field.start_server(case, parameters))
                if parameters["idle"]:
                    started.enter_context(self.field.hold(holder_of(subject), server, parameters["idle"]))
                self.open.callback(self.stop, case, started.pop_all())
            self.running[key] = server
        return self.running[key]

    def stop(self, case, started):
        try:
            started.close()
        except EXPECTED as why:
            self.fail(case, why)


def holder_of(subject):
    """The subject that connects to the same kind of server and can keep connections."""
    return f"{subject.library}-connect"


LONGEST_RUN = 60  # seconds beside the time that a client is told to take: whoever needs longer hangs


def run_rounds(field, workload, cases, rounds, seconds, step, fail):
    """A list of rounds, each a dict from a case's name to what was found; `step(name)` is called before each run.

    A case that fails is given to `fail(case, why)`, and no round has it.
    """
    found, left = [], list(cases)

    def drop(case, why):
        fail(case, why)
        if case in left:
            left.remove(case)
            for one in found:
                one.pop(case.name, None)

    with Servers(field, drop) as servers:
        for case in cases:
            try:
                servers.of(case, workload.parameters(case))
            except EXPECTED as why:
                drop(case, why)
        for number in range(rounds):
            # Each round begins with another case, so that none always follows the same.
            turn = number % len(cases)
            found.append({})
            for case in (*cases[turn:], *cases[:turn]):
                step(case.name)
                if case not in left:
                    continue
                parameters = workload.parameters(case)
                try:
                    found[-1][case.name] = field.run_client(case, parameters, servers.of(case, parameters),
                                                            ("--seconds", seconds), timeout=LONGEST_RUN + 2 * seconds)
                except EXPECTED as why:
                    drop(case, why)
    return found
