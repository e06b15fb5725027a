#!/usr/bin/env python3
"""Measures farcall's calls against raw sockets that move the same bytes, on this machine, in one run.

Every round runs every subject once, one after another, so that what else happens on the machine meets all of them.
A ratio compares two subjects of the same round; tables show medians over the rounds. Started by run.sh.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import processes

PING_PONG = ["raw-epoll", "raw-asio", "raw-blocking", "farcall-blocking", "farcall-callback", "farcall-context",
             "farcall-coroutine"]
IN_FLIGHT = ["raw-epoll", "raw-asio", "farcall-callback", "farcall-context", "farcall-coroutine"]
PROMISES = ["farcall-context", "farcall-no-deadline", "farcall-exactly-once"]
METRICS = ["farcall-uncounted", "farcall-context"]
WHAT = {
    "raw-epoll": "the same bytes, epoll loops",
    "raw-asio": "the same bytes, Asio",
    "raw-blocking": "the same bytes, blocking client",
    "farcall-blocking": "a proxy's blocking call",
    "farcall-callback": "callbacks, the client's own thread",
    "farcall-context": "callbacks, the caller's io_context",
    "farcall-coroutine": "coroutines, the caller's io_context",
    "farcall-uncounted": "the same, server_options::metrics off",
    "farcall-no-deadline": "the same callbacks without a deadline",
    "farcall-exactly-once": "the same callbacks, exactly once",
}


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def measure(programs, rounds, subjects, calls, in_flight, title):
    """A list of rounds, each a dict from subject to what its client said."""
    all_rounds = []
    with tempfile.TemporaryDirectory() as folder:
        frames = processes.capture(programs, Path(folder))
        kinds = {kind: processes.Server(programs, kind, frames) for kind in {processes.server_of(s) for s in subjects}}
        try:
            for number in range(rounds):
                # Each round begins with another subject, so that none always follows the same.
                turned = subjects[number % len(subjects):] + subjects[:number % len(subjects)]
                found = {}
                for subject in turned:
                    progress(f"{title}: round {number + 1} of {rounds}, {subject}")
                    port = kinds[processes.server_of(subject)].port
                    found[subject] = processes.run_client(programs, subject, port, frames, calls, in_flight)
                all_rounds.append(found)
        finally:
            for server in kinds.values():
                server.__exit__()
    progress("")
    return all_rounds


def median(rounds, subject, value):
    return statistics.median(one[subject][value] for one in rounds)


def ratio(rounds, subject, floor, value):
    """Median over the rounds, smallest and largest."""
    ratios = [one[subject][value] / one[floor][value] for one in rounds]
    return statistics.median(ratios), min(ratios), max(ratios)


def print_ping_pong(rounds):
    print(f"\nPing-pong, one call at a time ({len(rounds)} rounds, medians)")
    print(f"{'':52}{'p50 us':>8}{'p99 us':>9}{'p50 / raw-epoll':>18}{'p50 / raw-blocking':>20}")
    for subject in PING_PONG:
        by_epoll = ratio(rounds, subject, "raw-epoll", "p50_us")
        by_blocking = ratio(rounds, subject, "raw-blocking", "p50_us")
        print(f"{subject:18}{WHAT[subject]:34}{median(rounds, subject, 'p50_us'):8.1f}"
              f"{median(rounds, subject, 'p99_us'):9.1f}"
              f"{by_epoll[0]:6.2f} ({by_epoll[1]:.2f}-{by_epoll[2]:.2f})"
              f"{by_blocking[0]:8.2f} ({by_blocking[1]:.2f}-{by_blocking[2]:.2f})")


def print_in_flight(rounds, in_flight):
    print(f"\n{in_flight} calls in flight on one connection ({len(rounds)} rounds, medians)")
    print(f"{'':52}{'calls/s':>10}{'/ raw-asio':>18}{'/ raw-epoll':>18}")
    for subject in IN_FLIGHT:
        by_asio = ratio(rounds, subject, "raw-asio", "calls_per_second")
        by_epoll = ratio(rounds, subject, "raw-epoll", "calls_per_second")
        print(f"{subject:18}{WHAT[subject]:34}{median(rounds, subject, 'calls_per_second'):10,.0f}"
              f"{by_asio[0]:6.2f} ({by_asio[1]:.2f}-{by_asio[2]:.2f})"
              f"{by_epoll[0]:6.2f} ({by_epoll[1]:.2f}-{by_epoll[2]:.2f})")


def print_promises(rounds, in_flight):
    print(f"\nWhat promises cost, {in_flight} calls in flight ({len(rounds)} rounds, medians)")
    print(f"{'':58}{'calls/s':>10}{'/ the first':>20}{'more a call':>14}")
    for subject in PROMISES:
        by_plain = ratio(rounds, subject, PROMISES[0], "calls_per_second")
        more = statistics.median(1e9 / one[subject]["calls_per_second"] - 1e9 / one[PROMISES[0]]["calls_per_second"]
                                 for one in rounds)
        print(f"{subject:22}{WHAT[subject]:36}{median(rounds, subject, 'calls_per_second'):10,.0f}"
              f"{by_plain[0]:8.3f} ({by_plain[1]:.2f}-{by_plain[2]:.2f}){more:11.0f} ns")


def print_metrics(rounds, in_flight):
    print(f"\nWhat the server's metrics cost, {in_flight} calls in flight ({len(rounds)} rounds, medians)")
    print(f"{'':58}{'calls/s':>10}{'/ uncounted':>20}{'more a call':>14}")
    for subject in METRICS:
        by_off = ratio(rounds, subject, METRICS[0], "calls_per_second")
        more = statistics.median(1e9 / one[subject]["calls_per_second"] - 1e9 / one[METRICS[0]]["calls_per_second"]
                                 for one in rounds)
        print(f"{subject:20}{WHAT[subject]:38}{median(rounds, subject, 'calls_per_second'):10,.0f}"
              f"{by_off[0]:8.3f} ({by_off[1]:.2f}-{by_off[2]:.2f}){more:11.0f} ns")


def measure_memory(programs):
    """KiB that a server takes after 10^5 exactly-once calls, and after 10^6 more."""
    with tempfile.TemporaryDirectory() as folder:
        frames = processes.capture(programs, Path(folder))
        with processes.Server(programs, "farcall", frames) as server:
            taken = []
            for calls in (100_000, 1_000_000):
                processes.run_client(programs, "farcall-exactly-once", server.port, frames, calls, 64)
                taken.append(server.resident_kib())
    return taken


def print_memory(taken):
    print(f"\nMemory of a server: {taken[0]:,} KiB after 10^5 exactly-once calls, {taken[1]:,} KiB after 10^6 more "
          f"({100 * (taken[1] / taken[0] - 1):+.2f} %)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=Path, default=processes.PROGRAMS, help="folder of the built programs")
    parser.add_argument("--quick", action="store_true", help="fewer calls: for a first look")
    parser.add_argument("--rounds", type=int, help="default: 7, quick 5")
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--only", choices=["ping-pong", "in-flight", "promises", "metrics", "memory"])
    parser.add_argument("--json", type=Path, help="write all rounds there")
    options = parser.parse_args()
    rounds = options.rounds or (5 if options.quick else 7)
    scale = 1 if options.quick else 5

    server_core, client_core = processes.cores()
    print("Servers on core {}, clients on core {}".format(server_core, client_core) if server_core is not None
          else "One core for servers and clients: figures of one core do not compare with those of two")
    results = {}
    if options.only in (None, "ping-pong"):
        results["ping_pong"] = measure(options.programs, rounds, PING_PONG, 4_000 * scale, 1, "ping-pong")
        print_ping_pong(results["ping_pong"])
    if options.only in (None, "in-flight"):
        results["in_flight"] = measure(options.programs, rounds, IN_FLIGHT, 200_000 * scale, options.in_flight, "in flight")
        print_in_flight(results["in_flight"], options.in_flight)
    if options.only in (None, "promises"):
        results["promises"] = measure(options.programs, rounds, PROMISES, 200_000 * scale, options.in_flight, "promises")
        print_promises(results["promises"], options.in_flight)
    if options.only in (None, "metrics"):
        # A few per cent at most: more rounds than elsewhere tell them from what else the machine does.
        results["metrics"] = measure(options.programs, 3 * rounds, METRICS, 200_000 * scale, options.in_flight, "metrics")
        print_metrics(results["metrics"], options.in_flight)
    if options.only in (None, "memory"):
        results["memory"] = measure_memory(options.programs)
        print_memory(results["memory"])
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, subprocess.SubprocessError) as failure:
        sys.exit(f"run.py: {failure}")
