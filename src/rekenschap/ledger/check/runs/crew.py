# SPDX-License-Identifier: EUPL-1.2
"""Several runs at once, each in a process of its own, given back in their order.

Only a few at a time, so memory is bounded. Stopping halfway, also by Ctrl-C, leaves no process behind.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process
from threading import Thread, current_thread, main_thread

from rekenschap.errors import StoreError
from rekenschap.ledger.check.runs.survey import Surveyed, Task, survey
from rekenschap.seams.store import Store

_AHEAD = 2  # tasks waiting for each worker
_ENOUGH = 400_000  # entries for each worker: with fewer, starting one takes longer than it saves


def surveyed(store: Store, tasks: Iterable[Task], *, workers: int) -> Iterator[Surveyed]:
    """Survey the tasks and give what they found in their order; raises as `survey` does, at the first."""
    if workers <= 1:
        return (survey(store, task) for task in tasks)
    return _shared_out(store, tasks, workers)


def crew_for(store: Store, *, runs: int, entries: int, wanted: int | None) -> int:
    """Say how many processes are worth starting; a store that cannot cross over gets one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    number = min(cores, entries // _ENOUGH) if wanted is None else wanted
    if number <= 1:
        return 1
    try:
        pickle.dumps(store)
    except (TypeError, AttributeError, pickle.PicklingError):
        return 1
    return min(number, max(runs, 1))


def _shared_out(store: Store, tasks: Iterable[Task], workers: int) -> Iterator[Surveyed]:
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(store,)
    )
    waiting: deque[Future[Surveyed]] = deque()
    try:
        for task in tasks:
            with _deaf():  # the first one starts the processes
                waiting.append(pool.submit(_survey, task))
            if len(waiting) >= workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise StoreError(
            expected="the processes of the check to go on",
            found="one that was ended from outside",
            remedy="give it more memory, or check with one process",
            retryable=True,
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _deaf() -> Iterator[None]:
    """Ignore Ctrl-C for a moment: a process that starts meanwhile ignores it from the start."""
    if current_thread() is not main_thread():
        yield
        return
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, heard)


_store: Store | None = None


def _begin(store: Store) -> None:
    """Make a worker ready: Ctrl-C is for the parent to handle, and without a parent there is no work."""
    global _store  # a process has one store, given once
    _store = store
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _survey(task: Task) -> Surveyed:
    if _store is None:
        raise RuntimeError
    return survey(_store, task)
