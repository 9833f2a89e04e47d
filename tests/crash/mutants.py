# SPDX-License-Identifier: EUPL-1.2
"""Mistakes somebody could make in the order of writes, each made on purpose, here and nowhere else.

Each must be caught by cutting the power: if no cut caught a mistake, the cuts would prove nothing.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from random import Random

from rekenschap.adapters.disks import SimulatedDisk
from rekenschap.adapters.disks.platter import Change, Platter
from rekenschap.ledger.journal import frames, reading
from rekenschap.ledger.manifest import CHECKPOINT_NAME
from rekenschap.ledger.sequencer import Sequencer, growing
from rekenschap.ledger.sequencer import sequencer as room
from rekenschap.tlog.checkpoint import Checkpoint
from tests.crash.script import Patched


class ForgetfulDisk(SimulatedDisk):
    """Leaves out the syncs of files of the journal: acknowledged before it is durable."""

    def create(self, name: str):
        file = super().create(name)
        return _Unsynced(file) if name.startswith("journal/") else file

    def open(self, name: str):
        file = super().open(name)
        return _Unsynced(file) if name.startswith("journal/") else file


class _Unsynced:
    def __init__(self, file) -> None:
        self._file = file
        self.write, self.read, self.size, self.close = file.write, file.read, file.size, file.close

    def sync(self) -> None:
        pass


class UnlistedDisk(SimulatedDisk):
    """Never syncs a directory."""

    def sync_directory(self, name: str) -> None:
        pass


class StubbornDisk(SimulatedDisk):
    """Now and then a sync fails, and it is simply tried again, which then succeeds."""

    def __init__(self, platter: Platter) -> None:
        super().__init__(platter)
        self.failing = Random(5)  # noqa: S311

    def change(self, change: Change) -> None:
        if change.verb == "sync" and self.failing.random() < 0.1:
            super().change(Change("lose", node=change.node))
        super().change(change)


class HonestDisk(StubbornDisk):
    """The same disk, whose failed syncs are told: what our own code sees."""

    def change(self, change: Change) -> None:
        if change.verb == "sync" and self.failing.random() < 0.02:
            SimulatedDisk.change(self, Change("lose", node=change.node))
            raise OSError(errno.EIO, "made to fail")
        SimulatedDisk.change(self, change)


class RashSequencer(Sequencer):
    """Lets go of the journal before the segments are there."""

    def _seal(self, first: int, end: int) -> int:
        if self._runs[first].end < end or end > self.signed:
            return 0
        self._journal.recycle(first)
        recycle, self._journal.recycle = self._journal.recycle, lambda _: None
        try:
            return super()._seal(first, end)
        finally:
            self._journal.recycle = recycle


class SaltlessSequencer(Sequencer):
    """Makes the secret of a run durable only when the run is sealed."""

    def _open_run(self, first: int) -> None:
        def late(store, at: int) -> bytes:
            return at.to_bytes(32, "big")

        with Patched((room, "new_secret", late)):
            super()._open_run(first)

    def _seal(self, first: int, end: int) -> int:
        self._house.store.put(f"secrets/{first:020d}.secret", self._runs[first].secret)
        return super()._seal(first, end)


def published_first(house, tree, batches, *, runs, publish) -> Checkpoint:
    """Publish before the anchor has it."""
    sign = growing.signed

    def early(keys, checkpoint: Checkpoint) -> bytes:
        note = sign(keys, checkpoint)
        house.store.replace(CHECKPOINT_NAME, note)
        return note

    with Patched((growing, "signed", early)):
        return growing.sign_batches(house, tree, batches, runs=runs, publish=publish)


def anchored_first(house, tree, batches, *, runs, publish) -> Checkpoint:
    """Move the anchor on before tails and tiles are durable."""
    late: list[tuple[str, bytes]] = []
    store = house.store
    put, swap = store.put, growing._swap

    def then(house, old: int, new: int, note: bytes) -> None:
        swap(house, old, new, note)
        for name, blob in late:
            put(name, blob)

    store.put = lambda name, blob: late.append((name, blob))
    try:
        with Patched((growing, "_swap", then)):
            return growing.sign_batches(house, tree, batches, runs=runs, publish=publish)
    finally:
        del store.put


@dataclass(frozen=True)
class Mutant:
    """A mistake: the disk, the sequencer and the changes that make it."""

    make: Callable[[Platter], SimulatedDisk] = SimulatedDisk
    kind: type[Sequencer] = Sequencer
    changes: tuple[tuple[object, str, object], ...] = ()

    def alive(self) -> AbstractContextManager[object]:
        return Patched(*self.changes) if self.changes else nullcontext()


def no_sum(*_: object) -> int:
    return 0


def nothing_later(*_: object) -> tuple[()]:
    return ()


MUTANTS = {
    "acknowledge before the sync": Mutant(make=ForgetfulDisk),
    "publish before the anchor": Mutant(changes=((room, "sign_batches", published_first),)),
    "move the anchor before tails and tiles": Mutant(changes=((room, "sign_batches", anchored_first),)),
    "no sync of directories": Mutant(make=UnlistedDisk),
    "no checksum": Mutant(changes=((frames, "crc32", no_sum),)),
    "recycle the journal before the segments are there": Mutant(kind=RashSequencer),
    "try a failed sync again": Mutant(make=StubbornDisk),
    "secret after the acknowledgement": Mutant(kind=SaltlessSequencer),
}
"""Each is caught by cuts of the power alone."""

__all__ = ["MUTANTS", "HonestDisk", "Mutant", "nothing_later", "reading"]
