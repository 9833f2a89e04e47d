# SPDX-License-Identifier: EUPL-1.2
"""The threads that sign and seal while others append. Knows when, not how."""

from __future__ import annotations

from threading import Event, Thread
from typing import Protocol

from rekenschap.errors import RekenschapError


class Work(Protocol):
    """What is to be done again and again."""

    def tick(self) -> bool:
        """Sign what is new."""

    def upkeep(self) -> None:
        """Seal what is full or old."""


class Worker:
    """Two threads: one signs, the other seals, so that a large segment never delays a checkpoint.

    Trouble ends both: the work remembers what it was and tells everybody who appends.
    """

    def __init__(self, work: Work, pause: float) -> None:
        self._work, self._pause = work, pause
        self._ended = Event()
        self._due = Event()
        self._threads = [
            Thread(target=self._sign, name="rekenschap-sign", daemon=True),
            Thread(target=self._seal, name="rekenschap-seal", daemon=True),
        ]

    def begin(self) -> None:
        """Begin to work."""
        for each in self._threads:
            each.start()

    def hurry(self) -> None:
        """Seal now: somebody waits for room."""
        self._due.set()

    def end(self) -> None:
        """Stop, and wait until both have."""
        self._ended.set()
        self._due.set()
        for each in self._threads:
            each.join()

    def _sign(self) -> None:
        while not self._ended.wait(self._pause):
            try:
                self._work.tick()
            except RekenschapError:
                return

    def _seal(self) -> None:
        while not self._ended.is_set():
            self._due.wait(self._pause)
            self._due.clear()
            if self._ended.is_set():
                return
            try:
                self._work.upkeep()
            except RekenschapError:
                return
