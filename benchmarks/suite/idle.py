"""W6: what a connection costs a server that has nothing to do with it."""

import time

from . import rounds, table
from .failures import EXPECTED
from .subjects import LIBRARIES, SUBJECTS
from .workloads import Case

NAME, CODE, TITLE = "idle", "W6", "memory of a server for each idle connection"
FEW, MANY = 100, 2000
SETTLE = 0.5  # seconds until what was taken for the first call may have been given back


def subjects(programs, only):
    return [subject for subject in SUBJECTS.values()
            if subject.name.endswith("-connect") and subject.library != "raw" and subject.built(programs)
            and (not only or any(subject.name.startswith(word) for word in only))]


def steps(programs, options):
    return len(subjects(programs, options.subjects))


def memory(field, subject):
    """KiB that a server has with a few connections and with many, each after one call."""
    taken = []
    with field.start_server(Case(subject.name), rounds.PLAIN) as server:
        with field.hold(subject.name, server, FEW):
            time.sleep(SETTLE)
            taken.append(server.resident_kib())
            with field.hold(subject.name, server, MANY):
                time.sleep(SETTLE)
                taken.append(server.resident_kib())
    return taken


def run(field, options, step, failures):
    """A row a library."""
    rows = []
    for subject in subjects(field.programs, options.subjects):
        step(f"{NAME}: {subject.library}")
        try:
            taken = memory(field, subject)
        except EXPECTED as why:
            failures.add(NAME, subject.name, subject.library, why)
            continue
        rows.append({"library": subject.library, "server_kib": taken, "bytes": 1024 * (taken[1] - taken[0]) / MANY})
    return rows


def lines(rows):
    return [f"{NAME}: {TITLE} ({MANY} of them, after one call each; the system's own buffers not counted)",
            *table.table(["", "bytes a connection", f"KiB with {FEW}", f"KiB with {FEW + MANY}"],
                         [[LIBRARIES[row["library"]], table.number(row["bytes"]), *map(table.number, row["server_kib"])]
                          for row in rows])]
