# SPDX-License-Identifier: EUPL-1.2
"""Durable appends by many producers at once, one system after another and again: rows a second, and how long
each call took."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from statistics import median
from threading import Barrier, Thread
from time import perf_counter
from typing import Protocol

from measure import note

Call = Callable[[], object]
"""Appends one batch; durable when it returns."""


class System(Protocol):
    """What is measured; ours and every peer."""

    name: str

    def calls(self, producers: int, batch: int) -> AbstractContextManager[list[Call]]:
        """Give what each producer calls again and again; what is left to do at the end is untimed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How many producers at once, and how many rows each gives in one call."""

    producers: int
    batch: int

    def __str__(self) -> str:
        return f"{self.producers} x {self.batch:,}"


@dataclass(slots=True, kw_only=True)
class Found:
    """Rows a second, and milliseconds a call: the median one and the slowest in a hundred, by round."""

    rates: list[float] = field(default_factory=list)
    p50s: list[float] = field(default_factory=list)
    p99s: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return median(self.rates)

    @property
    def p50(self) -> float:
        return median(self.p50s)

    @property
    def p99(self) -> float:
        return median(self.p99s)


Grid = dict[tuple[Load, str], Found]


def in_rounds(systems: Sequence[System], loads: Sequence[Load], *, rounds: int, seconds: float) -> Grid:
    """Measure every system under every load: one after another, and then all again."""
    grid: Grid = {(load, each.name): Found() for load in loads for each in systems}
    for number, load in enumerate(loads, 1):
        for turn in range(rounds):
            for each in systems:
                note(f"appends {number}/{len(loads)} ({load}), round {turn + 1}/{rounds}: {each.name}")
                _one(each, load, seconds, grid[load, each.name])
    note("")
    return grid


def _one(system: System, load: Load, seconds: float, found: Found) -> None:
    with system.calls(load.producers, load.batch) as calls:
        for call in calls:
            call()  # the first one prepares statements and wakes threads
        times, took = _produced(calls, seconds)
    found.rates.append(len(times) * load.batch / took)
    found.p50s.append(1_000 * times[len(times) // 2])
    found.p99s.append(1_000 * times[min(len(times) - 1, len(times) * 99 // 100)])


def _produced(calls: Sequence[Call], seconds: float) -> tuple[list[float], float]:
    """Call from a thread each until `seconds` are over; how long each call took, sorted, and all together."""
    barrier = Barrier(len(calls) + 1)
    took: list[list[float]] = [[] for _ in calls]
    spans: list[tuple[float, float]] = []
    failed: list[BaseException] = []

    def produce(number: int) -> None:
        mine, call = took[number], calls[number]
        barrier.wait()
        first = began = perf_counter()
        until = first + seconds
        try:
            while began < until:
                call()
                ended = perf_counter()
                mine.append(ended - began)
                began = ended
        except BaseException as error:
            failed.append(error)
        spans.append((first, began))

    threads = [Thread(target=produce, args=(number,)) for number in range(len(calls))]
    for each in threads:
        each.start()
    gc.collect()
    barrier.wait()
    for each in threads:
        each.join()
    if failed:
        raise failed[0]
    return sorted(one for mine in took for one in mine), max(end for _, end in spans) - min(
        first for first, _ in spans
    )


def lines(grid: Grid) -> list[tuple[str, ...]]:
    """Put a grid in lines: for each load and system its rate and its two times."""
    head = ("producers x batch", "system", "rows/s", "p50 ms", "p99 ms")
    rows = [
        (str(load), name, f"{found.rate:,.0f}", f"{found.p50:.2f}", f"{found.p99:.2f}")
        for (load, name), found in grid.items()
    ]
    return [head, *rows]


def as_json(grid: Grid) -> list[dict[str, object]]:
    """Put a grid in JSON."""
    return [
        {
            "system": name,
            "producers": load.producers,
            "batch": load.batch,
            "rows_per_second": found.rate,
            "p50_ms": found.p50,
            "p99_ms": found.p99,
        }
        for (load, name), found in grid.items()
    ]
