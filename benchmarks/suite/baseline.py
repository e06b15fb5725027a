"""Instructions a call as they were, and what has moved since: pure decisions."""

TOLERANCE = 0.05


def moved(before, now, tolerance=TOLERANCE):
    """(name, before, now) of what differs by more than the tolerance; None stands for what is not there.

    Fewer is said, too: a baseline that is not renewed would hide when it grows back.
    """
    return [(name, before.get(name), now.get(name)) for name in sorted(before.keys() | now.keys())
            if name not in before or name not in now or abs(now[name] - before[name]) > tolerance * before[name]]


def line(name, before, now):
    if before is None:
        return f"{name}: {now:.0f} instructions, not in the baseline"
    if now is None:
        return f"{name}: {before:.0f} instructions in the baseline, not measured now"
    return f"{name}: {now:.0f} instructions, {100 * (now / before - 1):+.1f} % of {before:.0f}"
