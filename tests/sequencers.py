# SPDX-License-Identifier: EUPL-1.2
"""Small ledgers with a sequencer, on disks whose power may be cut."""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa

from rekenschap.adapters.anchors import SqliteAnchor
from rekenschap.adapters.disks import PosixDisk, SimulatedDisk
from rekenschap.adapters.stores import DirectoryStore
from rekenschap.errors import ForkError
from rekenschap.ledger import Ledger
from rekenschap.ledger.journal import Limits
from rekenschap.ledger.sequencer import Pace, Sequencer
from rekenschap.ledger.writer import House, begin
from rekenschap.seams.disk import Disk, in_words, write_whole
from rekenschap.seams.store import Store
from tests.ledgers import KEYS, ORIGIN

BESIDE = frozenset({"anchor*", "journal"})
SMALL = Pace(limits=Limits(rows=40, file=1 << 16, begin=1 << 12, waiting=1 << 16))


class DiskAnchor:
    """An anchor of one file on a disk of the tests: each swap is one durable step, as SQLite promises.

    Nobody knows whether a swap that failed is there, so it answers no more.
    """

    def __init__(self, disk: Disk) -> None:
        self._disk, self._is_broken = disk, False

    def latest(self) -> tuple[int, bytes] | None:
        held = self.history()
        return held[-1] if held else None

    def swap(self, *, expected: int | None, size: int, note: bytes) -> None:
        latest = self.latest()
        found = latest[0] if latest else None
        if found != expected or (found is not None and size <= found):
            raise ForkError(expected="another anchor", found="this one", remedy="look")
        lines = [*self.history(), (size, note)]
        with in_words("write", "the anchor"):
            self._is_broken = True
            write_whole(self._disk, "anchor", b"".join(b"%020d%010d%s" % (at, len(n), n) for at, n in lines))
            self._is_broken = False

    def forget(self, sizes: Sequence[int]) -> None:
        """Keep everything: each checkpoint that was published is looked for after a cut."""

    def history(self, *, since: int = 0) -> list[tuple[int, bytes]]:
        with in_words("read", "the anchor"):
            if self._is_broken:
                raise OSError(errno.EIO, "broken")
            content = self._disk.read("anchor") if self._disk.look("anchor") is not None else b""
        held = []
        while content:
            size, length = int(content[:20]), int(content[20:30])
            held.append((size, content[30 : 30 + length]))
            content = content[30 + length :]
        return [each for each in held if each[0] >= since]


def simulated(disk: SimulatedDisk) -> House:
    store = DirectoryStore(Path(), beside=BESIDE, disk=disk)
    return House(store=store, anchor=DiskAnchor(disk), keys=KEYS, origin=ORIGIN)


def on_disk(path: Path) -> tuple[House, PosixDisk]:
    store = DirectoryStore(path, beside=BESIDE)
    return House(store=store, anchor=SqliteAnchor(path / "anchor.db"), keys=KEYS, origin=ORIGIN), PosixDisk(
        path
    )


def begun(house: House) -> House:
    begin(store=house.store, anchor=house.anchor, keys=house.keys, origin=house.origin)
    return house


def started(house: House, disk: Disk, *, pace: Pace = SMALL, **more: object) -> Sequencer:
    return Sequencer.start(house, disk, pace=pace, background=False, **more)


def opened(house: House) -> Ledger:
    return Ledger.open(store=house.store, anchor=house.anchor)


def names(store: Store, folder: str) -> list[str]:
    return store.names(folder)


def identities(ledger: Ledger, relation: str) -> list[bytes]:
    return ledger.facts(relation).table.column("fact_id").to_pylist()


def ids(rows: pa.Table) -> list[bytes]:
    return rows.column("fact_id").to_pylist()


Trial = Callable[[Sequencer], Sequence[object]]
