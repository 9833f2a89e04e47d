# SPDX-License-Identifier: EUPL-1.2
"""What every measurement shares: ways tried in turn, medians, a table, and one JSON object as last line.

Every ratio says how far we are: 1 is as good as the peer or the limit, more is better. All ways of one
ratio are measured in the same run, one after another and again, because machines are noisy.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

Way = Callable[[], Callable[[], object]]
"""Makes ready what one measurement needs, untimed, and gives the work that is timed."""


def ready(work: Callable[[], object]) -> Way:
    """Make a way of work that needs nothing made ready."""
    return lambda: work


def in_turn(ways: Mapping[str, Way], *, times: int) -> dict[str, list[float]]:
    """Measure every way once, then all again, `times` times; the seconds of each."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(times):
        for name, way in ways.items():
            work = way()
            gc.collect()
            began = perf_counter()
            work()
            seconds[name].append(perf_counter() - began)
    return seconds


def asked(description: str) -> bool:
    """Read the command line; True for a quick measurement."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="smaller and fewer, within half a minute")
    return bool(parser.parse_args().quick)


def note(words: str) -> None:
    """Say where we are, on the line that is overwritten; nothing when nobody watches."""
    if sys.stderr.isatty():
        print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)


def bytes_under(place: Path) -> int:
    """Count the bytes of all files under a directory."""
    return sum(path.stat().st_size for path in place.rglob("*") if path.is_file())


@dataclass(slots=True, kw_only=True)
class Sheet:
    """What one measurement found."""

    name: str
    quick: bool
    medians: dict[str, float] = field(default_factory=dict)
    lines: list[tuple[str, ...]] = field(default_factory=list)
    ratios: dict[str, float] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    more: dict[str, object] = field(default_factory=dict)
    """What stands in a table of its own; only in the JSON."""

    def measured(self, seconds: Mapping[str, Sequence[float]], *, amount: int = 0, unit: str = "") -> None:
        """Note the seconds of each way; with an `amount` also how many of these go in a second."""
        for what, all_seconds in seconds.items():
            middle = self.medians[what] = median(all_seconds)
            span = f"{min(all_seconds):.4f}-{max(all_seconds):.4f}"
            rate = f"{amount / middle:,.0f} {unit}/s" if amount else ""
            self.lines.append((what, f"{middle:.4f}", span, str(len(all_seconds)), rate))
            if amount:
                self.figures[f"{what}_{unit}_per_second"] = amount / middle

    def compare(self, ours: str, *peers: str) -> None:
        """Note how far `ours` is from each peer: their seconds divided by ours."""
        for peer in peers:
            self.ratios[f"{ours}_to_{peer}"] = self.medians[peer] / self.medians[ours]

    def end(self) -> None:
        """Print the table, the ratios, and everything once more as one JSON object."""
        print_table([("", "median s", "span s", "runs", ""), *self.lines])
        print_table([("ratio", ""), *((name, f"{value:.4g}") for name, value in self.ratios.items())])
        print_table([("figure", ""), *((name, f"{value:,.4g}") for name, value in self.figures.items())])
        print(json.dumps(self._as_json()))

    def _as_json(self) -> dict[str, object]:
        return {
            "bench": self.name,
            "quick": self.quick,
            "cores": os.cpu_count(),
            "python": ".".join(map(str, sys.version_info[:3])),
            "ratios": self.ratios,
            "seconds": self.medians,
            "figures": self.figures,
            **self.more,
        }


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print lines of equal length as a table: the first column to the left, the others to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for first, *rest in rows:
        cells = [first.ljust(widths[0]), *(x.rjust(w) for x, w in zip(rest, widths[1:], strict=True))]
        print("  ".join(cells).rstrip())
    print()
