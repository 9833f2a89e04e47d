# SPDX-License-Identifier: EUPL-1.2
"""Makes what comes next in a thread of its own while what came is used: no more ahead than a few."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from queue import Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")
_MOST = 8


class _End:
    """The last of what a thread gives: why it ended, if that was not the end."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def ahead(source: Iterator[T], *, most: int = _MOST) -> Generator[T]:
    """Give what `source` gives, at most so many of them made ahead; raises what it raises, in its place."""
    ready: Queue[T | _End] = Queue(most)
    stop = Event()

    def make() -> None:
        error: BaseException | None = None
        try:
            for each in source:
                ready.put(each)
                if stop.is_set():
                    return
        except BaseException as raised:
            error = raised
        ready.put(_End(error))

    thread = Thread(target=make, name="rekenschap-reading", daemon=True)
    thread.start()
    try:
        while not isinstance(each := ready.get(), _End):
            yield each
        if each.error is not None:
            raise each.error
    finally:
        stop.set()
        while thread.is_alive():  # it may wait for room
            while not ready.empty():
                ready.get()
            thread.join(0.01)
