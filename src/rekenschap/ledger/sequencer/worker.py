# SPDX-License-Identifier: EUPL-1.2
"""The threads that sign, publish and seal while others append. Knows when, not how."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from typing import Protocol

from rekenschap.errors import RekenschapError
from rekenschap.ledger.sequencer.growing import UnanchoredError


class Work(Protocol):
    """What is to be done again and again."""

    def tick(self) -> bool:
        """Sign what is new."""

    def announce(self) -> None:
        """Publish what was signed."""

    def upkeep(self) -> None:
        """Seal what is full or old."""


class Worker:
    """A thread that signs, one that publishes, so that a silent witness never delays a checkpoint, and one
    that seals, so that a large segment does not either.

    An anchor that does not answer is tried again. Other trouble ends the thread it comes up in: the work
    remembers what it was and tells everybody who appends.
    """

    def __init__(self, work: Work, pause: float) -> None:
        self._work, self._pause = work, pause
        self._ended = Event()
        self._due, self._news = Event(), Event()
        self._threads = [
            Thread(target=self._sign, name="rekenschap-sign", daemon=True),
            Thread(
                target=self._again, args=(work.announce, self._news), name="rekenschap-publish", daemon=True
            ),
            Thread(target=self._again, args=(work.upkeep, self._due), name="rekenschap-seal", daemon=True),
        ]

    def begin(self) -> None:
        """Begin to work."""
        for each in self._threads:
            each.start()

    def hurry(self) -> None:
        """Seal now: somebody waits for room."""
        self._due.set()

    def announce(self) -> None:
        """Publish now: something was signed."""
        self._news.set()

    def end(self) -> None:
        """Stop, and wait until all have."""
        self._ended.set()
        self._due.set()
        self._news.set()
        for each in self._threads:
            each.join()

    def _sign(self) -> None:
        while not self._ended.wait(self._pause):
            try:
                self._work.tick()
            except UnanchoredError:
                continue
            except RekenschapError:
                return

    def _again(self, work: Callable[[], None], wanted: Event) -> None:
        """Work when it is wanted, and after each pause."""
        while not self._ended.is_set():
            wanted.wait(self._pause)
            wanted.clear()
            if self._ended.is_set():
                return
            try:
                work()
            except RekenschapError:
                return
