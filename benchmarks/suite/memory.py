"""A37: whether a server takes more memory the more calls it has answered."""

from . import rounds, table
from .workloads import Case

NAME, CODE, TITLE = "memory", "A37", "memory of a server after many calls"
BEFORE, AFTER = 100_000, 1_000_000
CALLS = ("add", "once")


def steps(programs, options):
    return len(CALLS)


def run(field, options, step, failures):
    rows = []
    for call in CALLS:
        step(f"{NAME}: {call}")
        case, parameters = Case("farcall-context"), rounds.PLAIN | {"call": call, "in_flight": 64}
        with field.start_server(case, parameters) as server:
            taken = [field.run_client(case, parameters, server, ("--calls", calls))["server_kib"] for calls in (BEFORE, AFTER)]
        rows.append({"call": call, "server_kib": taken, "bytes_a_call": 1024 * (taken[1] - taken[0]) / AFTER})
    return rows


def lines(rows):
    what = {"add": "plain calls", "once": "calls that run exactly once"}
    return [f"{NAME}: {TITLE}",
            *table.table(["", f"KiB after {BEFORE:,}", f"after {AFTER:,} more", "bytes a call"],
                         [[what[row["call"]], *map(table.number, row["server_kib"]), table.number(row["bytes_a_call"])]
                          for row in rows])]
