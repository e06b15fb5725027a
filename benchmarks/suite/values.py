"""W10: values without sockets: nanoseconds and instructions to write and to read them, and bytes on the wire."""

import json
import shutil
import subprocess

import codec

from . import machine, table

NAME, CODE, TITLE = "codec", "W10", "values without sockets"
PROGRAMS = {"farcall": "codec", "Protocol Buffers (gRPC)": "grpc_codec", "Cap'n Proto": "capnp_codec", "Thrift": "thrift_codec"}


def built(programs):
    return {library: programs / program for library, program in PROGRAMS.items() if (programs / program).exists()}


def steps(programs, options):
    return len(built(programs))


def run(field, options, step):
    """For each library a dict from subject to what was found, with instructions where there is time and valgrind."""
    found = {}
    for library, program in built(field.programs).items():
        step(f"{NAME}: {library}")
        said = subprocess.run([*machine.pinned(machine.cores()[1]), str(program)], check=True, capture_output=True, text=True)
        found[library] = {line["subject"]: line for line in map(json.loads, said.stdout.splitlines())}
        if not options.quick and shutil.which("valgrind"):
            for subject, line in found[library].items():
                line["instructions"] = codec.instructions(program, subject, line["bytes"])
    return found


def lines(found):
    rows = [[library, subject, table.number(line["bytes"]), table.number(line["ns"]),
             table.number(line.get("instructions"))]
            for library, subjects in found.items() for subject, line in subjects.items()]
    return [f"{NAME}: {TITLE}", *table.table(["", "", "bytes", "ns", "instructions"], rows)]
