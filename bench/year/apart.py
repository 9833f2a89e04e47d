# SPDX-License-Identifier: EUPL-1.2
"""Each measurement in a process of its own: its seconds, its processor time and its most memory."""

from __future__ import annotations

import resource
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one measurement took, and what it answered (how many looks are left, for a way of explaining)."""

    seconds: float
    processor: float
    most_bytes: int
    answer: float


Work = Callable[[], float]
Way = Callable[[Path], Work]
"""Makes ready, untimed, what is asked of the year in a folder; gives the work that is timed."""


def apart(way: Way, folder: Path) -> Measured:
    """Run one way in a new process; raises RuntimeError when it did not answer."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(way, folder, theirs))
    process.start()
    theirs.close()
    try:
        return ours.recv()
    except EOFError:
        raise RuntimeError(f"{way.__name__} stopped without an answer") from None
    finally:
        process.join()


def _run(way: Way, folder: Path, told: Connection) -> None:
    work = way(folder)
    before = _processor()
    began = perf_counter()
    answer = work()
    seconds = perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    told.send(
        Measured(
            seconds=seconds, processor=_processor() - before, most_bytes=used.ru_maxrss * 1024, answer=answer
        )
    )


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
