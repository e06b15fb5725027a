"""A picture of results, in SVG: bars of time ratios, and percentiles of latency. Readable on light and on dark ground."""

import math
from html import escape

from .figures import best
from .subjects import LIBRARIES

WIDTH, LEFT, RIGHT = 860, 240, 110
BAR, GAP, TITLE = 16, 4, 30
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.ground { fill: #ffffff }
.title { font-weight: 600 }
.faint { fill: #59636e }
.line { stroke: #d1d9e0; stroke-width: 1 }
.raw { fill: #8c959f } .farcall { fill: #0969da } .grpc { fill: #1a7f7a } .capnp { fill: #9a6700 } .thrift { fill: #a0418a }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .ground { fill: #0d1117 } .faint { fill: #9198a1 } .line { stroke: #3d444d }
.raw { fill: #767e87 } .farcall { fill: #4493f8 } .grpc { fill: #3fb8b0 } .capnp { fill: #d29922 } .thrift { fill: #d876c0 }
}
"""


class Scale:
    """Places figures between `least` and `most` on a line, by their logarithm: twice is as far everywhere."""

    def __init__(self, least, most):
        self.least = 10 ** math.floor(math.log10(least) + 1e-9)
        self.most = max(10 ** math.ceil(math.log10(most) - 1e-9), 10 * self.least)

    def x(self, value):
        part = math.log10(max(value, self.least) / self.least) / math.log10(self.most / self.least)
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    def marks(self):
        value = self.least
        while value <= self.most * 1.001:
            yield value
            value *= 10


def text(x, y, what, kind="", anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(what)}</text>'


def shown(value):
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def marks(scale, top, bottom, unit):
    for value in scale.marks():
        x = scale.x(value)
        yield f'<line class="line" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}"/>'
        yield text(x, bottom + 16, f"{value:g}{unit}", "faint", "middle")


def best_of_libraries(workload):
    """The fastest row of each library that is compared with raw sockets, in the order of the libraries."""
    for library in LIBRARIES:
        rows = [row for row in workload["rows"] if row.get("floor", "").startswith("raw-")]
        if found := best(rows, workload["measure"], [library]):
            yield found


def ratio_bars(workloads, top):
    """Bars of the time of each library's fastest way over that of the floor. @returns the lines, and where they end."""
    groups = [(workload, rows) for workload in workloads if len(rows := list(best_of_libraries(workload))) > 1]
    if not groups:
        return [], top
    ratios = [row["time_ratio"]["median"] for _, rows in groups for row in rows]
    scale = Scale(min(1, *ratios), max(ratios))
    y = top + TITLE
    bars = []
    for workload, rows in groups:
        bars.append(text(12, y + 12, workload["title"], "title"))
        y += TITLE - 8
        for row in rows:
            ratio = row["time_ratio"]["median"]
            begin, end = scale.x(scale.least), max(scale.x(ratio), scale.x(scale.least) + 2)
            bars.append(text(LEFT - 8, y + 13, LIBRARIES[row["library"]], "faint", "end"))
            bars.append(f'<rect class="{row["library"]}" x="{begin:.1f}" y="{y}" width="{end - begin:.1f}" height="{BAR}" rx="2">'
                        f'<title>{escape(row["case"])}</title></rect>')
            bars.append(text(end + 6, y + 13, shown(ratio)))
            y += BAR + GAP
        y += 10
    head = [text(12, top + 14, "Time of a call, in times of the raw sockets of the same round (less is better)", "title")]
    return [*head, *marks(scale, top + TITLE, y, ""), *bars], y + 40


def latency_lines(workload, top):
    """For each case a line from the median latency to that of one call in a thousand."""
    rows = workload["rows"]
    names = [name for name in ("p50_us", "p90_us", "p99_us", "p999_us") if all(name in row for row in rows)]
    if not names:
        return [], top
    scale = Scale(min(row[names[0]] for row in rows), max(row[names[-1]] for row in rows))
    y = top + TITLE
    drawn = []
    for row in rows:
        kind, middle = row["library"], y + BAR / 2
        begin, end = scale.x(row[names[0]]), scale.x(row[names[-1]])
        drawn.append(text(LEFT - 8, y + 13, row["case"], "faint", "end"))
        drawn.append(f'<rect class="{kind}" x="{begin:.1f}" y="{middle - 1.5}" width="{end - begin:.1f}" height="3" opacity="0.5"/>')
        for name in names:
            drawn.append(f'<circle class="{kind}" cx="{scale.x(row[name]):.1f}" cy="{middle}" r="{5 if name == names[0] else 3.5}">'
                         f"<title>{name[:-3]}: {shown(row[name])} µs</title></circle>")
        drawn.append(text(end + 10, y + 13, f"{shown(row[names[0]])} µs"))
        y += BAR + GAP
    said = ", ".join({"p50_us": "50", "p90_us": "90", "p99_us": "99", "p999_us": "99.9"}[name] for name in names)
    head = text(12, top + 14, f"Latency, {workload['title']}: {said} % of the calls took at most so long", "title")
    return [head, *marks(scale, top + TITLE, y, " µs"), *drawn], y + 40


def picture(results):
    """The SVG of what run.py wrote as JSON; empty if there is nothing to draw."""
    workloads = list(results["workloads"].values())
    bars, y = ratio_bars(workloads, 20)
    for workload in workloads:
        if workload["measure"] == "p50_us" and workload["code"] == "W1":
            lines, y = latency_lines(workload, y)
            bars += lines
    if not bars:
        return ""
    about = results["machine"]
    for line in (f"{about['date']}, {about['processor']}, {about['cores']} cores, {about['system']}",
                 f"{about['compiler']} {about['flags']}, commit {about['commit']}"):
        bars.append(text(12, y, line, "faint"))
        y += 18
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" role="img" '
            f'aria-label="farcall beside raw sockets and its peers">\n<style>{STYLE}</style>\n'
            f'<rect class="ground" width="{WIDTH}" height="{y}"/>\n' + "\n".join(bars) + "\n</svg>\n")
