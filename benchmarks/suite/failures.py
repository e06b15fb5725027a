"""Who has failed while it was measured: it is left out, a line says so, and the run goes on."""

import subprocess

from .subjects import LIBRARIES

# What goes wrong with programs that are started here: they end with a failure, hang, or say something else than they should.
EXPECTED = (OSError, RuntimeError, ValueError, subprocess.SubprocessError)
PEERS = [library for library in LIBRARIES if library not in ("raw", "farcall")]


class Failures:
    """Collects them. Those of peers are told and forgiven; any other makes the run end with 1."""

    def __init__(self, tell, found=None):
        """`tell(line)` is called for each, and `found` gets it."""
        self.tell, self.found = tell, [] if found is None else found

    def add(self, workload, name, library, why):
        self.found.append({"workload": workload, "case": name, "library": library, "why": str(why)})
        self.tell(f"{name} is left out of {workload}: {why}")

    def ours(self):
        """Whether anything but a peer has failed."""
        return any(failure["library"] not in PEERS for failure in self.found)
