# SPDX-License-Identifier: EUPL-1.2
"""A disk in memory that keeps a trace of every change, so that the power can be cut after any of them and any
call can be made to fail. Harsher than a real one: what was not synced survives sector by sector at random.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from threading import RLock

from rekenschap.adapters.disks.platter import Change, Platter
from rekenschap.seams.disk import Look, Sort

_READS = ("open", "read", "look", "entries")


class PowerCut(BaseException):
    """Nobody catches it: the program is gone."""


class SimulatedFile:
    """An open file of a simulated disk; see `rekenschap.seams.disk.File`."""

    __slots__ = ("_disk", "_node")

    def __init__(self, disk: SimulatedDisk, node: int) -> None:
        self._disk, self._node = disk, node

    def write(self, at: int, blob: bytes) -> None:
        """Write all of `blob`; a write that fails leaves its first half."""
        self._disk.change(Change("write", node=self._node, at=at, blob=bytes(blob)))

    def read(self, at: int, length: int) -> bytes:
        """Give the bytes from `at` on."""
        self._disk.count("read")
        return bytes(self._disk.platter.content(self._node)[at : at + max(length, 0)])

    def size(self) -> int:
        """Give the number of bytes."""
        return len(self._disk.platter.content(self._node))

    def sync(self) -> None:
        """Make every byte durable; when it fails, what was not durable never will be."""
        self._disk.change(Change("sync", node=self._node))

    def close(self) -> None:
        """Let go of the file."""


class SimulatedDisk:
    """Files in memory; see `rekenschap.seams.disk.Disk`.

    `trace` holds every change that was made; `after_cut` gives a disk as it may be found when the power went
    after the first so many of them. `fail` makes one call fail, or that one and all changes after it.
    """

    def __init__(self, platter: Platter | None = None) -> None:
        self.platter = Platter() if platter is None else platter
        self._first = self.platter.copy()
        self.trace: list[Change] = []
        self.calls = 0
        self._failing: tuple[int, int, bool] | None = None
        self._cut_at: int | None = None
        self._mutex = RLock()
        self._locked: set[str] = set()

    def fail(self, call: int, number: int, *, lasting: bool = False) -> None:
        """Make the call with this number (from 0 on, counting from now) fail with an errno."""
        self.calls, self._failing = 0, (call, number, lasting)

    def cut(self, call: int) -> None:
        """Let the power go at the call with this number (from 0 on, counting from now)."""
        self.calls, self._cut_at = 0, call

    def after_cut(self, changes: int, random: Random) -> SimulatedDisk:
        """Give what may be left when the power was cut after the first `changes` of the trace."""
        platter = self._first.copy()
        for change in self.trace[:changes]:
            platter.apply(change)
        return SimulatedDisk(platter.survivor(random))

    def mark(self, name: str) -> None:
        """Put a word in the trace: what the program promised, and when."""
        self.change(Change("mark", name=name))

    def make_directory(self, name: str) -> None:
        """Make a directory."""
        found = self.platter.find(name)
        if found is None:
            self.change(Change("make", name=name))
        elif found != Sort.DIRECTORY:
            raise FileExistsError(errno.EEXIST, "a file in its place")

    def create(self, name: str) -> SimulatedFile:
        """Make an empty file that was not there."""
        if self.platter.find(name) is not None:
            raise FileExistsError(errno.EEXIST, "there already")
        node = self.platter.next_node
        self.change(Change("create", name=name, node=node))
        return SimulatedFile(self, node)

    def open(self, name: str) -> SimulatedFile:
        """Open a file that is there."""
        self.count("open")
        return SimulatedFile(self, self.platter.node(name))

    def read(self, name: str, *, start: int = 0, length: int | None = None) -> bytes:
        """Give the bytes of a file, or some of them."""
        self.count("read")
        content = self.platter.content(self.platter.node(name))
        return bytes(content[start : None if length is None else start + length])

    def look(self, name: str) -> Look | None:
        """Say what stands under a name."""
        self.count("look")
        found = self.platter.find(name)
        if found is None or found == Sort.DIRECTORY:
            return None if found is None else Look(sort=Sort.DIRECTORY, size=0, links=1)
        return Look(sort=Sort.FILE, size=len(self.platter.content(self.platter.node(name))), links=1)

    def entries(self, name: str) -> list[tuple[str, Sort]]:
        """Give the names in a directory."""
        self.count("entries")
        return self.platter.listing(name)

    def rename(self, name: str, new: str) -> None:
        """Give a file another name in the same directory."""
        self.platter.node(name)
        self.change(Change("rename", name=name, new=new))

    def remove(self, name: str) -> None:
        """Remove the name of a file."""
        self.platter.node(name)
        self.change(Change("remove", name=name))

    def sync_directory(self, name: str) -> None:
        """Make durable which names the directory holds."""
        self.change(Change("sync_directory", name=name))

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Be the only one who holds this directory."""
        with self._mutex:
            if name in self._locked:
                raise BlockingIOError(errno.EAGAIN, "held by another")
            self._locked.add(name)
        try:
            yield
        finally:
            self._locked.discard(name)

    def change(self, change: Change) -> None:
        """Make a change and remember it; fail it when that was asked."""
        with self._mutex:
            number = self.count(change.verb)
            if number:
                for left in change.when_failed():
                    self._made(left)
                raise OSError(number, "made to fail")
            self._made(change)

    def count(self, verb: str) -> int:
        """Count a call; gives the errno a change must fail with, or 0."""
        with self._mutex:
            call, self.calls = self.calls, self.calls + 1
            if self._cut_at is not None and call >= self._cut_at:
                raise PowerCut
            if self._failing is None or verb == "mark":
                return 0
            at, number, lasting = self._failing
            if call != at and not (lasting and call > at):
                return 0
            if verb not in _READS:
                return number
            if number != errno.ENOSPC:
                raise OSError(number, "made to fail")
            return 0

    def _made(self, change: Change) -> None:
        self.platter.apply(change)
        self.trace.append(change)
