"""W7: what a service of ten methods costs to compile, and how large programs get: farcall and its peers.

The peers' units are generated and compiled here with the flags of farcall's (compile_cost.py, which does those).
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from . import machine, table
from .failures import EXPECTED
from .subjects import LIBRARIES, SUBJECTS

NAME, CODE, TITLE = "compile", "W7", "what one translation unit of a service of ten methods costs (-O3)"
SLOW = True
HERE = machine.ROOT / "benchmarks"
UNITS = HERE / "peers/compile"
FLAGS = ["-std=c++20", "-O3", "-DNDEBUG", "-c"]
COMPILER = os.environ.get("CXX", "g++")


def generators(into):
    """For each peer: tool that must be there, command that generates, sources that are generated."""
    plugin = shutil.which("grpc_cpp_plugin")
    return {
        "grpc": (plugin, ["protoc", f"--proto_path={UNITS}", f"--cpp_out={into}", f"--grpc_out={into}",
                          f"--plugin=protoc-gen-grpc={plugin}", str(UNITS / "shop.proto")],
                 ["shop.pb.cc", "shop.grpc.pb.cc"]),
        "capnp": (shutil.which("capnp"), ["capnp", "compile", f"--src-prefix={UNITS}", f"-oc++:{into}", str(UNITS / "shop.capnp")],
                  ["shop.capnp.c++"]),
        "thrift": (shutil.which("thrift"), ["thrift", "--gen", "cpp:moveable_types,no_skeleton", "-out", str(into),
                                            str(UNITS / "shop.thrift")], ["Shop.cpp", "shop_types.cpp"]),
    }


def present():
    return [peer for peer, (tool, _, _) in generators(Path()).items() if tool]


def steps(programs, options):
    return 2 + len(present())


def compile_unit(source, folder):
    """CPU seconds, peak MiB and KiB of object code."""
    into = f"{folder}/unit.o"
    command = [COMPILER, *FLAGS, "-x", "c++", f"-I{folder}", str(source), "-o", into]
    _, status, usage = os.wait4(os.posix_spawnp(command[0], command, os.environ), 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(f"{source} does not compile")
    return {"seconds": usage.ru_utime + usage.ru_stime, "mib": usage.ru_maxrss / 1024, "object_kib": os.path.getsize(into) / 1024}


def peer_units(peer, folder):
    """Rows of one peer: what calls, what serves, and what is generated."""
    _, command, generated = generators(folder)[peer]
    subprocess.run(command, check=True)
    sources = [("calls", UNITS / f"{peer}_calls.cpp"), ("serves", UNITS / f"{peer}_serves.cpp"),
               *((f"generated {name}", folder / name) for name in generated)]
    return {f"{LIBRARIES[peer]}, {what}": compile_unit(source, folder) for what, source in sources}


def stripped_kib(program, folder):
    """Size of a program without its symbols."""
    into = folder / "stripped"
    subprocess.run(["strip", "-o", str(into), str(program)], check=True)
    return into.stat().st_size / 1024


def run(field, options, step, failures):
    units, sizes = {}, {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        step(f"{NAME}: farcall")
        subprocess.run([sys.executable, str(HERE / "compile_cost.py"), "--compiler", COMPILER, "--json", str(folder / "farcall.json")],
                       check=True, stdout=subprocess.DEVNULL)
        for unit, levels in json.loads((folder / "farcall.json").read_text(encoding="utf-8")).items():
            units[f"farcall, {unit}"] = levels["-O3"]
        for peer in present():
            step(f"{NAME}: {LIBRARIES[peer]}")
            try:
                units |= peer_units(peer, folder)
            except EXPECTED as why:
                failures.add(NAME, LIBRARIES[peer], peer, why)
        step(f"{NAME}: sizes")
        for subject in SUBJECTS.values():
            for program in (subject.server[0], subject.client[0]):
                if subject.built(field.programs) and program not in sizes:
                    sizes[program] = stripped_kib(field.programs / program, folder)
    return {"units": units, "stripped_kib": sizes}


def lines(found):
    units = [[unit, *(table.number(one[figure]) for figure in ("seconds", "mib", "object_kib"))]
             for unit, one in found["units"].items()]
    sizes = [[program, table.number(size)] for program, size in found["stripped_kib"].items()]
    return [f"{NAME}: {TITLE}", *table.table(["", "CPU s", "MiB", "object KiB"], units), "",
            "Programs of this suite, without symbols; peers' libraries are shared and not counted",
            *table.table(["", "KiB"], sizes)]
