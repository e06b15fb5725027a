"""Statistics over rounds: medians, spread, and ratios within the same round."""

import statistics
from dataclasses import dataclass

from .subjects import SUBJECTS


@dataclass(frozen=True)
class Spread:
    """The median of some figures, with the smallest and the largest."""
    median: float
    least: float
    most: float

    @staticmethod
    def of(figures):
        figures = list(figures)
        return Spread(statistics.median(figures), min(figures), max(figures))


def time_of(found, measure):
    """How long a call took: rates are turned around, so that less is better everywhere."""
    return found[measure] if measure.endswith("_us") else 1e6 / found[measure]


def spread(rounds, case, measure):
    return Spread.of(one[case][measure] for one in rounds)


def time_ratio(rounds, case, floor, measure):
    """Time of a case over the time of its floor in the same round: 1 is as fast, 2 takes twice the time."""
    return Spread.of(time_of(one[case], measure) / time_of(one[floor], measure) for one in rounds)


def summary(workload, cases, rounds):
    """What a table and a plot show of a workload: a dict a case, in their order."""
    names = {case.name for case in cases}
    rows = []
    for case in cases:
        floor = case.floor or workload.floor
        row = {"case": case.name, "subject": case.subject, "rounds": len(rounds)}
        for figure in sorted(set.intersection(*(set(one[case.name]) for one in rounds))):
            row[figure] = spread(rounds, case.name, figure).median
        row["spread"] = vars(spread(rounds, case.name, workload.measure))
        if floor in names:
            row["floor"] = floor
            row["time_ratio"] = vars(time_ratio(rounds, case.name, floor, workload.measure))
        if workload.bytes:
            row["mib_per_second"] = workload.bytes / (row["p50_us"] * 1e-6) / (1 << 20)
        rows.append(row)
    return rows


def best(rows, measure, libraries):
    """The row of the fastest of some libraries' subjects that compare with others; None if none of them took part."""
    of_them = [row for row in rows if row["library"] in libraries and SUBJECTS[row["subject"]].compares]
    return min(of_them, key=lambda row: time_of(row, measure)) if of_them else None
