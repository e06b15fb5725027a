"""The machine that is measured: its cores, how processes get one, and what it is called in results."""

import datetime
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "build/bench/benchmarks"


def cores(threads=1):
    """Cores for a server of so many threads, and those for its clients; never the same ones if there are two.

    A server of two threads has two cores where the machine has three, and otherwise one for both.
    """
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        return None, None
    servers = usable[:max(1, min(threads, len(usable) - 1))]
    return servers, [usable[len(servers)]]


def priority():
    """A prefix that keeps other work on the machine out of the way, where that is allowed."""
    for prefix in (["chrt", "--fifo", "1"], ["nice", "-n", "-15"]):
        if shutil.which(prefix[0]) is None:
            continue
        allowed = subprocess.run([*prefix, "true"], capture_output=True, check=False)
        if allowed.returncode == 0 and not allowed.stderr:
            return prefix
    return []


PRIORITY = priority()


def pinned(which, prefix=None):
    """How a process is started on cores, with priority unless told otherwise."""
    prefix = PRIORITY if prefix is None else prefix
    if which is None or shutil.which("taskset") is None:
        return list(prefix)
    return ["taskset", "-c", ",".join(map(str, which)), *prefix]


def said(*command):
    """The first line that a command prints; None if there is no such command, or it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    except OSError:
        return None
    lines = done.stdout.splitlines()
    return lines[0].strip() if done.returncode == 0 and lines else None


def processor():
    found = re.search(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else platform.processor() or platform.machine()


def versions():
    """Of what is compared, by package; those that are missing are left out."""
    packages = {"Boost": "libboost1.81-dev", "RapidJSON": "rapidjson-dev", "gRPC": "libgrpc++-dev",
                "Cap'n Proto": "libcapnp-dev", "Thrift": "libthrift-dev"}
    found = {name: said("dpkg-query", "-W", "-f=${Version}", package) for name, package in packages.items()}
    return {name: version for name, version in found.items() if version}


def description():
    """What results are good for: only for this."""
    server, client = cores()
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
        "system": f"{platform.system()} {platform.release()}",
        "compiler": said(os.environ.get("CXX", "g++"), "--version"),
        "flags": "-std=c++20 -O3 -DNDEBUG",
        "commit": said("git", "describe", "--always", "--dirty"),
        "versions": versions(),
        "server_cores": server,
        "client_cores": client,
        "priority": " ".join(PRIORITY) or "none",
    }
