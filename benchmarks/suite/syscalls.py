"""System calls a call, by strace."""

import collections
import re
import signal
import subprocess
import tempfile
from pathlib import Path

COMMAND = ["strace", "-f", "-c", "-S", "calls"]


def read_summary(text):
    """Counts by name of what `strace -c` wrote."""
    found = collections.Counter()
    for line in text.splitlines():
        # % time, seconds, usecs/call, calls, maybe errors, name
        match = re.match(r"\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?([a-z_0-9]+)$", line)
        if match and match[2] != "total":
            found[match[2]] += int(match[1])
    return found


def count_side(field, case, parameters, side, counts=(500, 2_500)):
    """System calls a call on one side by name; two runs of different length, so that what is done once does not count."""
    found = []
    for calls in counts:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "summary"
            under = [*COMMAND, "-o", str(path)]
            with field.start_server(case, parameters) as server:
                tracer = None
                if side == "server":
                    tracer = subprocess.Popen([*under, "-p", str(server.process.pid)], stderr=subprocess.PIPE, text=True)
                    tracer.stderr.readline()  # it is attached
                made = field.run_client(case, parameters, server, ("--calls", calls), () if tracer else under)
                if tracer:
                    tracer.send_signal(signal.SIGINT)
                    tracer.wait(timeout=30)
                    tracer.stderr.close()
            found.append((read_summary(path.read_text(encoding="utf-8")), made["calls"] + made["warm_up_calls"]))
    (few, few_calls), (many, many_calls) = found
    return {name: (many[name] - few[name]) / (many_calls - few_calls) for name in many
            if abs(many[name] - few[name]) > 0.005 * (many_calls - few_calls)}
