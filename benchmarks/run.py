#!/usr/bin/env python3
"""Measures farcall beside raw sockets and its peers, on this machine, in one run.

Every round runs every case once, one after another, so that what else happens on the machine meets all of them. A ratio
compares two cases of the same round; tables show medians over the rounds, with the smallest and largest. Whoever fails is
left out, and a line says why; ends with 1 if that was not a peer. Started by run.sh.
"""

import argparse
import json
import signal
import sys
from pathlib import Path

from suite import compile_units, figures, http, idle, machine, memory, plot, table, values
from suite.failures import EXPECTED, Failures
from suite.progress import Progress
from suite.rounds import Field, run_rounds
from suite.subjects import LIBRARIES, SUBJECTS, left_out
from suite.workloads import WORKLOADS, chosen, runnable


# Workloads that are no calls round by round; a module each.
OTHERS = (idle, memory, values, http, compile_units)


def show_list():
    for workload in WORKLOADS:
        print(f"{workload.name:16}{workload.code:5}{workload.title}")
    for other in OTHERS:
        print(f"{other.NAME:16}{other.CODE:5}{other.TITLE}")
    print("\nsubjects: " + " ".join(SUBJECTS))


def show_machine(about):
    print(f"{about['date']}, {about['processor']}, {about['cores']} cores, {about['system']}, {about['compiler']}, "
          f"commit {about['commit']}")
    print("Peers: " + (", ".join(f"{name} {version}" for name, version in about["versions"].items()) or "none"))
    if about["server_cores"] is None:
        print("One core for servers and clients: figures of one core do not compare with those of two")
    else:
        print(f"Servers on core {about['server_cores'][0]}, clients on core {about['client_cores'][0]}, "
              f"priority: {about['priority']}")


def show(workload, rows):
    what = {case.name: SUBJECTS[case.subject].what for case in workload.cases}
    print("\n" + "\n".join(table.workload_table(f"{workload.name}: {workload.title}", rows, workload.measure,
                                                lambda row: what[row["case"]])))
    ours = figures.best(rows, workload.measure, ["farcall"])
    theirs = figures.best(rows, workload.measure, ["grpc", "capnp", "thrift"])
    if ours and theirs:
        times = figures.time_of(theirs, workload.measure) / figures.time_of(ours, workload.measure)
        print(f"  {ours['case']} is {times:.2f} times as fast as the fastest peer, {theirs['case']}")
    sys.stdout.flush()


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workloads", nargs="*", help="names, beginnings of names, or codes such as W2; default: all")
    parser.add_argument("--list", action="store_true", help="say what there is, and end")
    parser.add_argument("--quick", action="store_true", help="shorter runs, fewer rounds: less than three minutes")
    parser.add_argument("--subjects", default="", help="only those that begin with one of these words, parted by commas")
    parser.add_argument("--rounds", type=int, help="default: 7, quick 5")
    parser.add_argument("--seconds", type=float, help="of each run; default: 0.5, quick 0.15")
    parser.add_argument("--programs", type=Path, default=machine.PROGRAMS, help="folder of the built programs")
    parser.add_argument("--json", type=Path, help="write what was found there")
    parser.add_argument("--svg", type=Path, help="draw it there")
    options = parser.parse_args()
    options.rounds = options.rounds or (5 if options.quick else 7)
    options.seconds = options.seconds or (0.15 if options.quick else 0.5)
    options.subjects = [word for word in options.subjects.split(",") if word]
    return options


def main():
    options = parse()
    if options.list:
        return show_list()
    wanted = [workload for workload in WORKLOADS if not options.workloads or chosen(options.workloads, workload.name, workload.code)]
    plan = [(workload, cases, max(1, round(options.rounds * workload.rounds))) for workload in wanted
            if (cases := runnable(workload, options.programs, options.subjects))]
    others = [other for other in OTHERS if (chosen(options.workloads, other.NAME, other.CODE) if options.workloads else
                                            not (options.quick and getattr(other, "SLOW", False)))
              and other.steps(options.programs, options)]
    if not plan and not others:
        sys.exit("run.py: nothing to measure; --list says what there is")
    results = {"machine": machine.description(), "workloads": {}, "failures": []}
    show_machine(results["machine"])
    for name in left_out(options.programs):
        print(f"{name} is left out: its programs are not built")
    bar = Progress(sum(len(cases) * rounds for _, cases, rounds in plan)
                   + sum(other.steps(options.programs, options) for other in others))

    def tell(line):
        bar.clear()
        print(f"\n{line}", flush=True)

    failures = Failures(tell, results["failures"])
    with Field(options.programs) as field:
        for workload, cases, rounds in plan:
            found = run_rounds(field, workload, cases, rounds, options.seconds,
                               lambda name, of=workload: bar.step(f"{of.name}: {name}"),
                               lambda case, why, of=workload: failures.add(of.name, case.name, SUBJECTS[case.subject].library, why))
            rows = figures.summary(workload, [case for case in cases if case.name in found[0]], found)
            if not rows:
                continue
            for row in rows:
                row["library"] = SUBJECTS[row["subject"]].library
            results["workloads"][workload.name] = {"code": workload.code, "title": workload.title,
                                                   "measure": workload.measure, "rows": rows, "rounds": found}
            bar.clear()
            show(workload, rows)
        for other in others:
            try:
                found = other.run(field, options, bar.step, failures)
            except EXPECTED as why:
                failures.add(other.NAME, "farcall", "farcall", why)
                continue
            results.setdefault("others", {})[other.NAME] = found
            bar.clear()
            print("\n" + "\n".join(other.lines(found)), flush=True)
    if options.quick and not options.workloads:
        for other in OTHERS:
            if getattr(other, "SLOW", False):
                print(f"\n{other.NAME} takes long and is left out by --quick: benchmarks/run.sh {other.NAME}")
    if options.svg and (picture := plot.picture(results)):
        options.svg.write_text(picture, encoding="utf-8")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    if failures.ours():
        return "run.py: a subject of ours has failed, see above"
    return None


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # whoever reads may stop, as head does
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except EXPECTED as failure:
        sys.exit(f"run.py: {failure}")
