"""W10: values without sockets: nanoseconds and instructions to write and to read them, and bytes on the wire."""

import json
import shutil

import codec

from . import machine, processes, table
from .failures import EXPECTED

NAME, CODE, TITLE = "codec", "W10", "values without sockets"
PROGRAMS = {"farcall": "codec", "grpc": "grpc_codec", "capnp": "capnp_codec", "thrift": "thrift_codec"}
TITLES = {"farcall": "farcall", "grpc": "Protocol Buffers (gRPC)", "capnp": "Cap'n Proto", "thrift": "Thrift"}


def built(programs):
    return {library: programs / program for library, program in PROGRAMS.items() if (programs / program).exists()}


def steps(programs, options):
    return len(built(programs))


def measure(program, count):
    """From subject to what was found, with instructions if they are to be counted."""
    said = processes.output_of([*machine.pinned(machine.cores()[1]), str(program)])
    found = {line["subject"]: line for line in map(json.loads, said.splitlines())}
    if count:
        for subject, line in found.items():
            line["instructions"] = codec.instructions(program, subject, line["bytes"])
    return found


def run(field, options, step, failures):
    """For each library a dict from subject to what was found, with instructions where there is time and valgrind."""
    found = {}
    for library, program in built(field.programs).items():
        step(f"{NAME}: {TITLES[library]}")
        try:
            found[library] = measure(program, not options.quick and shutil.which("valgrind"))
        except EXPECTED as why:
            failures.add(NAME, library, library, why)
    return found


def lines(found):
    rows = [[TITLES[library], subject, table.number(line["bytes"]), table.number(line["ns"]),
             table.number(line.get("instructions"))]
            for library, subjects in found.items() for subject, line in subjects.items()]
    return [f"{NAME}: {TITLE}", *table.table(["", "", "bytes", "ns", "instructions"], rows)]
