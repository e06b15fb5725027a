"""Runs cases by turns: every round runs every case once, so that what else the machine does meets all of them."""

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
        floor = ("--frames", str(self.frames / call)) if subject.floor else ()
        return (*subject.server, *floor)

    def client_command(self, subject, port, parameters, amount):
        """`amount`: ("--seconds", s) or ("--calls", n)."""
        command = [*subject.client, "--port", str(port), "--call", parameters["call"], *map(str, amount)]
        for name in ("connections", "in_flight", "threads"):
            if parameters[name] != 1:
                command += [f"--{name.replace('_', '-')}", str(parameters[name])]
        if parameters["share"]:
            command.append("--share")
        if subject.floor:
            command += ["--frames", str(self.frames)]
        return command

    def start_server(self, case, parameters, under=()):
        subject = SUBJECTS[case.subject]
        return processes.Server(self.programs, self.server_command(subject, parameters["call"]),
                                parameters["server_threads"], under)

    def run_client(self, case, parameters, server, amount, under=()):
        """What the client says, and what the server took for each call meanwhile."""
        before = server.cpu_seconds()
        found = processes.run_client(self.programs,
                                     self.client_command(SUBJECTS[case.subject], server.port, parameters, amount), under)
        found["server_cpu_us"] = 1e6 * (server.cpu_seconds() - before) / (found["calls"] + found["warm_up_calls"])
        found["server_kib"] = server.resident_kib()
        return found


def run_rounds(field, workload, cases, rounds, seconds, step):
    """A list of rounds, each a dict from a case's name to what was found; `step(name)` is called before each run."""
    servers = {}
    try:
        for case in cases:
            parameters = workload.parameters(case)
            key = (SUBJECTS[case.subject].server, parameters["call"], parameters["server_threads"])
            if key not in servers:
                servers[key] = field.start_server(case, parameters)
        found = []
        for number in range(rounds):
            # Each round begins with another case, so that none always follows the same.
            turn = number % len(cases)
            this_round = {}
            for case in cases[turn:] + cases[:turn]:
                step(case.name)
                parameters = workload.parameters(case)
                server = servers[(SUBJECTS[case.subject].server, parameters["call"], parameters["server_threads"])]
                this_round[case.name] = field.run_client(case, parameters, server, ("--seconds", seconds))
            found.append(this_round)
        return found
    finally:
        for server in servers.values():
            server.__exit__()
