"""Starts the servers and clients of the benchmarks of calls, on cores of their own where there are two."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "build/bench/benchmarks"


def cores():
    """A core for the servers and one for the clients; None for both if there is only one."""
    usable = sorted(os.sched_getaffinity(0))
    return (usable[0], usable[1]) if len(usable) > 1 else (None, None)


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


def on_core(core, prefix=None):
    """How a process is started on a core, with priority unless told otherwise."""
    if prefix is None:
        prefix = PRIORITY
    if core is None or shutil.which("taskset") is None:
        return list(prefix)
    return ["taskset", "-c", str(core), *prefix]


def server_of(client):
    """The server that a client's subject talks to."""
    return {"raw-blocking": "epoll", "raw-epoll": "epoll", "raw-asio": "asio",
            "farcall-uncounted": "farcall-uncounted"}.get(client, "farcall")


def client_of(subject):
    """What the client's program calls it: to a client, a server that does not count is like any other."""
    return "farcall-context" if subject == "farcall-uncounted" else subject


class Server:
    """A server process, from its start until the end of the `with` block."""

    def __init__(self, programs, kind, frames, under=()):
        command = [*on_core(cores()[0], [] if under else None), *under, str(programs / "call_server"), kind]
        if not kind.startswith("farcall"):
            command.append(str(frames))
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("port "):
            self.process.kill()
            raise RuntimeError(f"the {kind} server did not start")
        self.port = int(line.split()[1])

    def __enter__(self):
        return self

    def resident_kib(self):
        """Memory that it has now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"^VmRSS:\s*(\d+) kB", status, re.MULTILINE)[1])

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.process.stdout.close()


def run_client(programs, subject, port, frames, calls, in_flight, under=()):
    """Runs one client to its end; what it measured, as a dict."""
    command = [*on_core(cores()[1], [] if under else None), *under, str(programs / "call_client"), client_of(subject), str(port), str(frames), str(calls),
               str(in_flight)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=600)
    return json.loads(done.stdout)


def capture(programs, folder):
    """The bytes of one call, in a file."""
    frames = folder / "frames"
    with Server(programs, "farcall", None) as server:
        subprocess.run([str(programs / "call_client"), "capture", str(server.port), str(frames)], check=True,
                       stdout=subprocess.DEVNULL, timeout=60)
    return frames
