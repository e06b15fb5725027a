"""Tables of text."""


def number(value):
    """With as many digits as tell something."""
    if value is None:
        return "-"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def ratio(spread):
    """A median with the smallest and largest, from a dict; empty for none."""
    if spread is None:
        return ""
    digits = 0 if spread["median"] >= 100 else 1 if spread["median"] >= 10 else 2 if spread["median"] >= 0.1 else 4
    return f"{spread['median']:.{digits}f} ({spread['least']:.{digits}f}-{spread['most']:.{digits}f})"


def table(header, rows, indent="  "):
    """Lines of a table: texts to the left, figures to the right. What begins with a digit or is empty or "-" is a figure."""
    columns = list(zip(*[header, *rows]))
    widths = [max(map(len, column)) for column in columns]
    right = [all(text in ("", "-") or text[0].isdigit() for text in column[1:]) for column in columns]

    def line(cells):
        padded = [text.rjust(width) if to_right else text.ljust(width)
                  for text, width, to_right in zip(cells, widths, right)]
        return (indent + "  ".join(padded)).rstrip()

    return [line(header), indent + "  ".join("-" * width for width in widths), *map(line, rows)]


def workload_table(title, rows, measure, what):
    """Lines about one workload: `rows` as `figures.summary` gives them, `what` says what a subject is."""
    rate = any("mib_per_second" in row for row in rows)
    latency = all("p50_us" in row for row in rows)
    header = ["", "", "calls/s", *(["p50 us", "p99 us"] if latency else []), *(["MiB/s"] if rate else []),
              "time / floor", "server us CPU", "client us CPU"]
    lines = []
    for row in rows:
        lines.append([row["case"], what(row), number(row["calls_per_second"]),
                      *([number(row["p50_us"]), number(row["p99_us"])] if latency else []),
                      *([number(row["mib_per_second"])] if rate else []),
                      ratio(row.get("time_ratio")), number(row["server_cpu_us"]), number(row["client_cpu_us"])])
    compared = "the median latency" if measure == "p50_us" else "calls per second"
    return [f"{title} ({rows[0]['rounds']} rounds, medians; time by {compared})", *table(header, lines)]
