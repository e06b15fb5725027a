#!/usr/bin/env python3
"""Tests what the benchmarks' scripts decide: statistics, tables, plots, the baseline. Starts no servers."""

import io
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from suite import baseline, callgrind, figures, machine, plot, syscalls, table  # noqa: E402
from suite.failures import Failures  # noqa: E402
from suite.progress import Progress  # noqa: E402
from suite.rounds import PLAIN, Field, run_rounds  # noqa: E402
from suite.subjects import LIBRARIES, SUBJECTS  # noqa: E402
from suite.workloads import WORKLOADS, Case, Workload, chosen, runnable  # noqa: E402


def one(calls_per_second, p50=10.0):
    return {"calls_per_second": calls_per_second, "p50_us": p50, "p90_us": 2 * p50, "p99_us": 3 * p50, "p999_us": 9 * p50,
            "server_cpu_us": 1.0, "client_cpu_us": 2.0}


ROUNDS = [{"raw-epoll": one(1000, 20), "farcall-context": one(500, 22)},
          {"raw-epoll": one(400, 30), "farcall-context": one(100, 60)},
          {"raw-epoll": one(900, 20), "farcall-context": one(300, 25)}]
RATE = Workload("rate", "W2", "a <title> & more", (Case("raw-epoll"), Case("farcall-context")))
LATENCY = Workload("latency", "W1", "one call at a time", RATE.cases, measure="p50_us")


def summary(workload):
    rows = figures.summary(workload, workload.cases, ROUNDS)
    for row in rows:
        row["library"] = SUBJECTS[row["subject"]].library
    return rows


def results(*workloads):
    machine_said = {"date": "2026-01-01", "processor": "A & B", "cores": 2, "system": "Linux", "compiler": "g++", "flags": "-O3",
                    "commit": "abc"}
    return {"machine": machine_said,
            "workloads": {of.name: {"code": of.code, "title": of.title, "measure": of.measure, "rows": summary(of)}
                          for of in workloads}}


class figures_of_rounds(unittest.TestCase):
    def test_a_ratio_compares_cases_of_the_same_round(self):
        # The ratio of the medians would be 3.
        self.assertEqual(vars(figures.time_ratio(ROUNDS, "farcall-context", "raw-epoll", "calls_per_second")),
                         {"median": 3.0, "least": 2.0, "most": 4.0})

    def test_a_ratio_of_latencies_is_not_turned_around(self):
        self.assertEqual(vars(figures.time_ratio(ROUNDS, "farcall-context", "raw-epoll", "p50_us")),
                         {"median": 1.25, "least": 1.1, "most": 2.0})

    def test_a_summary_has_a_ratio_only_where_there_is_a_floor(self):
        rows = figures.summary(RATE, RATE.cases[1:], ROUNDS)
        self.assertNotIn("time_ratio", rows[0])
        self.assertEqual(rows[0]["calls_per_second"], 300)

    def test_the_best_is_the_fastest_of_the_libraries_asked_for(self):
        rows = summary(RATE)
        self.assertEqual(figures.best(rows, "calls_per_second", ["farcall", "raw"])["case"], "raw-epoll")
        self.assertIsNone(figures.best(rows, "calls_per_second", ["grpc"]))

    def test_who_looks_before_it_sleeps_is_compared_with_nobody_who_must_not(self):
        rows = [{"subject": subject, "library": "farcall", "p50_us": p50} for subject, p50 in
                (("farcall-busy", 1.0), ("farcall-blocking", 5.0))]
        self.assertEqual(figures.best(rows, "p50_us", ["farcall"])["subject"], "farcall-blocking")


class table_of_text(unittest.TestCase):
    def test_figures_are_to_the_right_and_words_to_the_left(self):
        self.assertEqual(table.table(["", "n"], [["a", "1"], ["long", "1,000"]], ""),
                         ["          n", "----  -----", "a         1", "long  1,000"])

    def test_figures_have_as_many_digits_as_tell_something(self):
        self.assertEqual([table.number(value) for value in (1234567.8, 123.4, 12.34, 1.234, None)],
                         ["1,234,568", "123", "12.3", "1.23", "-"])

    def test_a_workload_names_every_case_with_its_ratio(self):
        text = "\n".join(table.workload_table("a title", summary(RATE), RATE.measure, lambda row: "what"))
        self.assertIn("farcall-context", text)
        self.assertIn("3.00 (2.00-4.00)", text)
        self.assertIn("3 rounds", text)


class progress_bar(unittest.TestCase):
    def test_it_tells_how_far_it_is_and_how_long_it_still_takes(self):
        now = [100.0]
        bar = Progress(4, io.StringIO(), lambda: now[0])
        bar.step("first")
        now[0] = 110.0
        self.assertEqual(bar.text("second"), "[######..................]  25 %, 30 s left  second")

    def test_it_is_silent_where_there_is_no_terminal(self):
        out = io.StringIO()
        bar = Progress(1, out)
        bar.step("first")
        bar.clear()
        self.assertEqual(out.getvalue(), "")


class picture(unittest.TestCase):
    def bars(self, text):
        root = xml.fromstring(text)
        return {element.get("class"): float(element.get("width")) for element in root.iter("{http://www.w3.org/2000/svg}rect")
                if element.get("class") in LIBRARIES and element.get("height") == str(plot.BAR)}

    def test_it_is_svg_with_longer_bars_for_more_time(self):
        bars = self.bars(plot.picture(results(RATE)))
        self.assertLess(bars["raw"], bars["farcall"])

    def test_names_of_others_cannot_break_it(self):
        self.assertIn("a &lt;title&gt; &amp; more", plot.picture(results(RATE)))

    def test_it_is_drawn_for_light_and_for_dark_ground(self):
        self.assertIn("prefers-color-scheme: dark", plot.picture(results(RATE)))

    def test_percentiles_are_drawn_of_the_ping_pong(self):
        self.assertIn("99.9 %", plot.picture(results(LATENCY)))
        self.assertNotIn("99.9 %", plot.picture(results(RATE)))

    def test_of_nothing_there_is_no_picture(self):
        self.assertEqual(plot.picture(results()), "")

    def test_a_scale_places_every_figure_between_its_ends(self):
        scale = plot.Scale(1, 87)
        self.assertEqual([scale.least, scale.most], [1, 100])
        self.assertEqual(scale.x(1), plot.LEFT)
        self.assertAlmostEqual(scale.x(100), plot.WIDTH - plot.RIGHT)
        self.assertAlmostEqual(scale.x(10), (scale.x(1) + scale.x(100)) / 2)


class baseline_of_instructions(unittest.TestCase):
    def test_five_per_cent_may_move(self):
        self.assertEqual(baseline.moved({"a": 1000, "b": 1000}, {"a": 1050, "b": 950}), [])

    def test_more_is_told_in_either_direction(self):
        self.assertEqual(baseline.moved({"a": 1000, "b": 1000}, {"a": 1051, "b": 949}), [("a", 1000, 1051), ("b", 1000, 949)])
        self.assertEqual(baseline.line("a", 1000, 1051), "a: 1051 instructions, +5.1 % of 1000")

    def test_what_is_only_on_one_side_is_told(self):
        self.assertEqual(baseline.moved({"gone": 5}, {"new": 7}), [("gone", 5, None), ("new", None, 7)])
        self.assertIn("not in the baseline", baseline.line("new", None, 7))
        self.assertIn("not measured", baseline.line("gone", 5, None))


class tools_output(unittest.TestCase):
    def test_system_calls_are_read_with_and_without_errors(self):
        said = ("% time     seconds  usecs/call     calls    errors syscall\n"
                "------ ----------- ----------- --------- --------- ----------------\n"
                " 60.00    0.000123           1       500           epoll_wait\n"
                " 40.00    0.000100           1       510        10 recvfrom\n"
                "------ ----------- ----------- --------- --------- ----------------\n"
                "100.00    0.000223           1      1010        10 total\n")
        self.assertEqual(dict(syscalls.read_summary(said)), {"epoll_wait": 500, "recvfrom": 510})

    def test_only_own_costs_of_functions_count(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "callgrind.1").write_text("fl=a.cpp\nfn=outer\n10 5\ncfn=inner\ncalls=1 20\n10 100\n11 2\nfn=inner\n20 100\n",
                                                   encoding="utf-8")
            profile = callgrind.read_profile(Path(folder))
        self.assertEqual(dict(profile.functions), {"outer": 7, "inner": 100})

    def test_what_happens_once_does_not_count(self):
        few, many = callgrind.Profile(), callgrind.Profile()
        few.functions["start"], few.functions["call"] = 1000, 100
        many.functions["start"], many.functions["call"] = 1000, 300
        self.assertEqual(many.minus(few, 10).total(), 20)


class scripted_server:
    """A server of a scripted field."""

    def __init__(self, stops):
        self.stops = stops

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if not self.stops:
            raise RuntimeError("it does not stop")


class scripted_field(Field):
    """Runs nothing: says what a script says of each subject, and fails where it does."""

    def __init__(self, script):
        self.script, self.frames, self.ran = script, Path("/frames"), []

    def start_server(self, case, parameters, under=()):
        if self.script.get(case.subject) == "does not start":
            raise RuntimeError("did not start")
        return scripted_server(self.script.get(case.subject) != "does not stop")

    def run_client(self, case, parameters, server, amount, under=(), timeout=0):
        self.ran.append(case.name)
        if self.script.get(case.subject) == self.ran.count(case.name):
            raise RuntimeError("No more data to read.")
        return one(1000)


class rounds_with_failures(unittest.TestCase):
    CASES = tuple(Case(name) for name in ("raw-epoll", "farcall-context", "thrift"))

    def run_script(self, **script):
        self.told = []
        self.failures = Failures(self.told.append)
        self.field = scripted_field({name.replace("_", "-"): what for name, what in script.items()})
        return run_rounds(self.field, RATE, self.CASES, 3, 0.1, lambda name: None,
                          lambda case, why: self.failures.add("rate", case.name, SUBJECTS[case.subject].library, why))

    def test_who_fails_is_in_no_round_and_the_others_are_in_all(self):
        self.assertEqual([sorted(one) for one in self.run_script(thrift=2)], [["farcall-context", "raw-epoll"]] * 3)
        self.assertEqual(self.field.ran.count("thrift"), 2)
        self.assertEqual(self.told, ["thrift is left out of rate: No more data to read."])

    def test_a_peer_may_fail_and_we_may_not(self):
        self.run_script(thrift=1)
        self.assertFalse(self.failures.ours())
        self.run_script(farcall_context=1)
        self.assertTrue(self.failures.ours())
        self.run_script(raw_epoll=1)
        self.assertTrue(self.failures.ours())

    def test_a_server_that_does_not_start_or_does_not_stop_fails(self):
        for what in ("does not start", "does not stop"):
            found = self.run_script(thrift=what)
            self.assertEqual([sorted(one) for one in found], [["farcall-context", "raw-epoll"]] * 3, what)
            self.assertEqual(len(self.told), 1)

    def test_without_a_failure_everybody_is_in_every_round(self):
        self.assertEqual([sorted(one) for one in self.run_script()], [["farcall-context", "raw-epoll", "thrift"]] * 3)
        self.assertEqual(self.told, [])


class tables_of_the_suite(unittest.TestCase):
    def test_every_case_names_a_subject_and_is_named_once(self):
        for workload in WORKLOADS:
            names = [case.name for case in workload.cases]
            self.assertEqual(len(names), len(set(names)), workload.name)
            for case in workload.cases:
                self.assertIn(case.subject, SUBJECTS)

    def test_every_floor_is_a_case_of_its_workload(self):
        for workload in WORKLOADS:
            names = {case.name for case in workload.cases}
            for floor in {case.floor or workload.floor for case in workload.cases} - {""}:
                self.assertIn(floor, names, workload.name)

    def test_names_are_unique(self):
        self.assertEqual(len(WORKLOADS), len({workload.name for workload in WORKLOADS}))

    def test_a_word_chooses_by_code_by_name_or_by_the_beginning_of_a_name(self):
        self.assertTrue(chosen(["w2"], "in-flight-64", "W2"))
        self.assertFalse(chosen(["w1"], "codec", "W10"))
        self.assertTrue(chosen(["in-flight"], "in-flight-64", "W2"))
        self.assertFalse(chosen(["flight"], "in-flight-64", "W2"))

    def test_what_is_not_built_is_left_out_and_floors_stay(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(runnable(RATE, Path(folder)), [])
            for program in ("call_server", "call_client"):
                Path(folder, program).touch()
            ping_pong = next(workload for workload in WORKLOADS if workload.name == "ping-pong")
            found = [case.name for case in runnable(ping_pong, Path(folder), ["farcall-blocking", "grpc"])]
            self.assertEqual(found, ["raw-epoll", "farcall-blocking"])

    def test_commands_say_what_differs_from_the_usual(self):
        field = Field.__new__(Field)
        field.frames = Path("/frames")
        raw, farcall = SUBJECTS["raw-epoll"], SUBJECTS["farcall-context"]
        self.assertEqual(field.server_command(raw, "add"), ("call_server", "epoll", "--frames", "/frames/add"))
        self.assertEqual(field.client_command(farcall, 7, PLAIN | {"in_flight": 64}, ("--calls", 5)),
                         ["call_client", "farcall-context", "--port", "7", "--call", "add", "--calls", "5", "--in-flight", "64"])

    def test_servers_and_clients_have_cores_of_their_own_where_there_are_two(self):
        servers, clients = machine.cores()
        self.assertTrue(servers is None or not set(servers) & set(clients))


if __name__ == "__main__":
    unittest.main(verbosity=0)
