"""Starts the servers and clients that are measured."""

import json
import re
import subprocess
import time
from pathlib import Path

from . import machine


class Server:
    """A server process, from its start until the end of the `with` block."""

    def __init__(self, programs, command, threads=1, under=()):
        """`under`: what it runs under, such as valgrind; no priority then."""
        start = [*machine.pinned(machine.cores(threads)[0], [] if under else None), *under,
                 str(programs / command[0]), *command[1:]]
        if threads != 1:
            start += ["--threads", str(threads)]
        self.process = subprocess.Popen(start, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("port "):
            self.process.kill()
            raise RuntimeError(f"{' '.join(command)} did not start")
        self.port = int(line.split()[1])

    def __enter__(self):
        return self

    def resident_kib(self):
        """Memory that it has now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"^VmRSS:\s*(\d+) kB", status, re.MULTILINE)[1])

    def cpu_seconds(self):
        """CPU time that it has taken so far: Linux makes the id of another process's clock of its pid like this."""
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise RuntimeError("the server did not stop when it was told to") from None
        finally:
            self.process.stdout.close()


class Holder:
    """A client that keeps connections open until the end of the `with` block."""

    def __init__(self, programs, command):
        self.process = subprocess.Popen(client_command(programs, command), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        if self.process.stdout.readline().strip() != "held":
            self.process.kill()
            raise RuntimeError(f"{' '.join(command)} could not connect")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with self.process:  # closes its standard input, and waits
            self.process.stdin.close()


def client_command(programs, command, under=()):
    """How a client is started on its core."""
    return [*machine.pinned(machine.cores()[1], [] if under else None), *under, str(programs / command[0]), *command[1:]]


def output_of(command, timeout=600):
    """Runs a program to its end; what it prints. If it fails, the reason is the last line that it wrote on standard error."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=timeout)
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"it took longer than {timeout} s") from None
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise RuntimeError(said[-1].strip() if said else f"it ended with {done.returncode}")
    return done.stdout


def run_client(programs, command, under=(), timeout=600):
    """Runs one client to its end; what it measured, as a dict."""
    return json.loads(output_of(client_command(programs, command, under), timeout))


def capture(programs, folder):
    """Writes what calls look like on the wire into a folder, a file for each kind of call."""
    with Server(programs, ("call_server", "farcall")) as server:
        subprocess.run([str(programs / "call_client"), "capture", "--port", str(server.port), "--frames", str(folder)],
                       check=True, timeout=60)
