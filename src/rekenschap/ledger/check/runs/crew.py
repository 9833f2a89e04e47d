# SPDX-License-Identifier: EUPL-1.2
"""Several runs at once, each in a thread of its own, given back in their order.

Threads, because reading, encoding and hashing let go of the interpreter, and a process would have to start
first. Only a few at a time, so memory is bounded.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from rekenschap.ledger.check.runs.survey import Surveyed, Task, survey
from rekenschap.seams.store import Store

_AHEAD = 2  # tasks waiting for each worker


def surveyed(store: Store, tasks: Iterable[Task], *, workers: int) -> Iterator[Surveyed]:
    """Survey the tasks and give what they found in their order; raises as `survey` does, at the first."""
    if workers <= 1:
        return (survey(store, task) for task in tasks)
    return _shared_out(store, tasks, workers)


def crew_for(*, runs: int, wanted: int | None) -> int:
    """Say how many threads are worth starting: one for each core, unless another number is wanted."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores if wanted is None else wanted, max(runs, 1))


def _shared_out(store: Store, tasks: Iterable[Task], workers: int) -> Iterator[Surveyed]:
    pool = ThreadPoolExecutor(workers, thread_name_prefix="check")
    waiting: deque[Future[Surveyed]] = deque()
    try:
        for task in tasks:
            waiting.append(pool.submit(survey, store, task))
            if len(waiting) >= workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
