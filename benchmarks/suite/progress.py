"""A bar that says how far a run is, what it does, and how long it will still take."""

import sys
import time


class Progress:
    """Draws on standard error where that is a terminal, and nothing otherwise."""

    WIDTH = 24

    def __init__(self, steps, out=sys.stderr, clock=time.monotonic):
        self.steps, self.done, self.out, self.clock = steps, 0, out, clock
        self.began = clock()
        self.shown = out.isatty()

    def text(self, what):
        part = min(1.0, self.done / self.steps) if self.steps else 1.0
        filled = round(part * self.WIDTH)
        left = ""
        if self.done:
            seconds = (self.clock() - self.began) / self.done * (self.steps - self.done)
            left = f", {seconds / 60:.0f} min left" if seconds > 90 else f", {seconds:.0f} s left"
        return f"[{'#' * filled}{'.' * (self.WIDTH - filled)}] {100 * part:3.0f} %{left}  {what}"

    def step(self, what):
        """Before each step."""
        if self.shown:
            print(f"\r\033[K{self.text(what)}", end="", file=self.out, flush=True)
        self.done += 1

    def clear(self):
        """Before anything else is printed."""
        if self.shown:
            print("\r\033[K", end="", file=self.out, flush=True)
