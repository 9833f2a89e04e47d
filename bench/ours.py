# SPDX-License-Identifier: EUPL-1.2
"""Our ledger as it is measured: on disk, every sync done, with both kinds of signing key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, count, cycle, islice
from pathlib import Path

import numpy as np
import pyarrow as pa
from appends import Call
from invented import fresh
from peers import Peer

from rekenschap.adapters.anchors import SqliteAnchor
from rekenschap.adapters.disks import PosixDisk
from rekenschap.adapters.keys import MemoryKeys, verifier_of
from rekenschap.adapters.stores import DirectoryStore
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import CheckReport, check
from rekenschap.ledger.journal import Batch
from rekenschap.ledger.rows.encoding import encode, head_of, layout_of
from rekenschap.ledger.segments import KIND_FACT, columns_of
from rekenschap.ledger.sequencer import Sequencer
from rekenschap.ledger.writer import House
from rekenschap.model.relations import CONSULTATION
from rekenschap.tlog.note import Verifier

ORIGIN = "example.org/bench"
PIECE = 16_384
KEYS = MemoryKeys(b"bench")
MOST_READY, MOST_ROWS_READY = 1_000, 100_000
"""How many calls of one producer are made ready before the clock starts, and of how many facts in all."""
IDENTITY_AT = 9 + -(-len(CONSULTATION.columns) // 8)
"""Where the identity stands in an encoded look: after its head and its bitmap."""


def encoded(facts: pa.Table) -> list[bytes]:
    """Give each look as the bytes that peers keep: its AEL1 row."""
    layout, head = layout_of(CONSULTATION.columns), head_of(KIND_FACT, 1)
    parts = (facts.slice(start, PIECE) for start in range(0, len(facts), PIECE))
    pieces = [encode(columns_of(part, CONSULTATION), layout, head=head) for part in parts]
    return [piece[row] for piece in pieces for row in range(len(piece))]


_TURNS = count()
"""Measurements, so that no producer has an identity that one before it had."""


class Place:
    """A directory with one ledger and its anchor."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def store(self) -> DirectoryStore:
        return DirectoryStore(self.path / "ledger")

    @property
    def anchor(self) -> SqliteAnchor:
        return SqliteAnchor(self.path / "anchor.db")

    @property
    def verifiers(self) -> list[Verifier]:
        return [verifier_of(text) for text in KEYS.verifier_texts(ORIGIN)]

    @property
    def house(self) -> House:
        return House(store=self.store, anchor=self.anchor, keys=KEYS, origin=ORIGIN)

    def new(self) -> Ledger:
        """Begin an empty ledger, whatever stood there."""
        fresh(self.path)
        return Ledger.create(store=self.store, anchor=self.anchor, keys=KEYS, origin=ORIGIN)

    def opened(self) -> Ledger:
        """Open the ledger for reading, as a new process would."""
        return Ledger.open(store=self.store, anchor=self.anchor)

    def check(self) -> CheckReport:
        return check(self.store, anchor=self.anchor, verifiers=self.verifiers)

    def bytes_kept(self) -> int:
        """Count rows, commitments and tiles: what stays for ever."""
        kept = (self.path / "ledger" / name for name in ("segments", "tile"))
        return sum(path.stat().st_size for each in kept for path in each.rglob("*") if path.is_file())


class Ours:
    """Our ledger as one of the systems that append: a new sequencer for each measurement.

    The ledger is kept from one to the next, as the peers keep their database and its log, and is sealed in
    between. It signs every second and seals what is full meanwhile. Batches go in as columns; single facts as
    rows that are encoded already, as the peers get theirs, or `from_columns`.
    """

    name = "ours"

    def __init__(self, place: Path, facts: pa.Table, *, from_columns: bool = False) -> None:
        self._place, self._facts, self._from_columns = Place(place), facts, from_columns
        if from_columns:
            self.name = "ours_from_columns"

    @contextmanager
    def calls(self, producers: int, batch: int) -> Iterator[list[Call]]:
        if not self._place.path.exists():
            self._place.new()
        turn = next(_TURNS)
        with Sequencer.start(self._place.house, PosixDisk(self._place.path / "ledger")) as sequencer:
            made = self._columns if self._from_columns or batch > 1 else self._rows
            yield [made(sequencer, turn << 32 | number, batch) for number in range(producers)]

    def _columns(self, sequencer: Sequencer, number: int, batch: int) -> Call:
        some = [self._facts.slice(start, batch) for start in starts(len(self._facts), number, batch)]
        field = self._facts.schema.field("fact_id")
        facts = (
            table.set_column(0, field, names)
            for table, names in zip(cycle(some), identities(number, batch), strict=False)
        )
        # Made beforehand, as the rows of the peers are; who is through these goes on to make them.
        ready = list(islice(facts, min(MOST_READY, MOST_ROWS_READY // batch)))
        following = chain(ready, facts)

        def call() -> None:
            sequencer.append(CONSULTATION, next(following))

        return call

    def _rows(self, sequencer: Sequencer, number: int, batch: int) -> Call:
        some = self._facts.take(starts(len(self._facts), number, batch))
        rows, names = cycle(sequencer.prepare(CONSULTATION, some)), count()
        who = number.to_bytes(8, "big")

        def call() -> None:
            row, name = next(rows), who + next(names).to_bytes(8, "big")
            blob = b"".join((row.blob[:IDENTITY_AT], name, row.blob[IDENTITY_AT + 16 :]))
            shape, once = (row.kind, row.schema_no), (name,)
            sequencer.commit(Batch(shape, row.lengths, blob, times=row.times, identities=once))

        return call


def identities(number: int, batch: int) -> Iterator[pa.Array]:
    """Give identities nobody had before, for one batch after another: no fact comes twice."""
    for turn in count():
        names = np.empty((batch, 2), dtype=">u8")
        names[:, 0], names[:, 1] = number, np.arange(turn * batch, (turn + 1) * batch)
        yield pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), batch, [None, pa.py_buffer(names)])


class Theirs:
    """A peer that was started, as one of the systems that append."""

    def __init__(self, peer: Peer, rows: Sequence[bytes]) -> None:
        self.peer, self.name, self._rows = peer, peer.name, rows

    @contextmanager
    def calls(self, producers: int, batch: int) -> Iterator[list[Call]]:
        def producer(number: int) -> Call:
            append = self.peer.producer(number)
            parts = cycle(
                self._rows[start : start + batch] for start in starts(len(self._rows), number, batch)
            )
            return lambda: append(next(parts))

        yield [producer(number) for number in range(producers)]


def starts(rows: int, number: int, batch: int) -> list[int]:
    """Say where the batches of one producer begin: other rows for each, then again from the start."""
    places = range(0, rows - batch + 1, batch)
    return [places[(number * 7 + turn) % len(places)] for turn in range(min(len(places), 50))]
