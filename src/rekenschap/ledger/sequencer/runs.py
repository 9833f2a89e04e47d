# SPDX-License-Identifier: EUPL-1.2
"""A run of entries on its way from the journal into segments: its rows, its secret, and its commitments.

One run is one file of the journal. Knows no tree, key or checkpoint. Others append meanwhile, so there is
little Python for each batch here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from rekenschap.errors import MalformedProofError
from rekenschap.ledger.facts import Schemas
from rekenschap.ledger.journal import Batch
from rekenschap.ledger.rows.commitments import COMMITMENT_SIZE
from rekenschap.ledger.rows.encoded import commit_encoded, offsets_of
from rekenschap.ledger.rows.reading import columns_in, decode_columns
from rekenschap.ledger.segments import SCHEMA_SHAPE, Part, Places, Shape
from rekenschap.tables import fact_schema


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of one kind and schema that were signed together, and their places in the run."""

    pair: tuple[int, int]
    lengths: bytes
    rows: bytes
    places: Places


@dataclass(slots=True, kw_only=True)
class Run:
    """Rows that will be sealed together; `packs` are the commitments of those that are signed, or will be."""

    first: int
    secret: bytes
    pieces: list[Piece] = field(default_factory=list)
    packs: list[bytes] = field(default_factory=list)
    rows: int = 0

    @property
    def end(self) -> int:
        """The entry after the last that has a commitment."""
        return self.first + self.rows

    def commit(self, batches: Sequence[Batch]) -> bytes:
        """Take the batches that follow and commit to their rows; packed commitments."""
        rows = b"".join([batch.blob for batch in batches])
        lengths = b"".join([batch.lengths for batch in batches])
        pack = commit_encoded(rows, lengths, secret=self.secret, first=self.rows)
        count = len(pack) // COMMITMENT_SIZE
        pairs = {(batch.kind, batch.schema_no) for batch in batches}
        if len(pairs) == 1:
            places = np.arange(self.rows, self.rows + count, dtype=np.int32)
            self.pieces.append(Piece(pairs.pop(), lengths, rows, places))
        else:
            self.pieces += [_piece(pair, batches, self.first) for pair in sorted(pairs)]
        self.packs.append(pack)
        self.rows += count
        return pack


def _piece(pair: tuple[int, int], batches: Sequence[Batch], first: int) -> Piece:
    some = [batch for batch in batches if (batch.kind, batch.schema_no) == pair]
    counts = np.array([batch.rows for batch in some], dtype=np.int64)
    starts = np.array([batch.first - first for batch in some], dtype=np.int64)
    places = np.arange(counts.sum()) + np.repeat(starts - (np.cumsum(counts) - counts), counts)
    lengths = b"".join([batch.lengths for batch in some])
    return Piece(pair, lengths, b"".join([batch.blob for batch in some]), places.astype(np.int32))


def parts_of(run: Run, schemas: Schemas) -> list[Part]:
    """Give the rows of a run as tables, one for each relation; raises MalformedProofError."""
    by_pair: dict[tuple[int, int], list[Piece]] = {}
    for piece in run.pieces:
        by_pair.setdefault(piece.pair, []).append(piece)
    return [
        _part(pieces, _shape(pair, schemas), is_whole=len(by_pair) == 1) for pair, pieces in by_pair.items()
    ]


def _part(pieces: Sequence[Piece], shape: Shape, *, is_whole: bool) -> Part:
    rows = b"".join([piece.rows for piece in pieces])
    offsets = offsets_of(b"".join([piece.lengths for piece in pieces]))
    if shape is SCHEMA_SHAPE:
        columns = columns_in(rows, offsets, shape.layout, head=shape.head)
        table = pa.table(columns, names=[*shape.relation.names]).cast(fact_schema(shape.relation))
    else:
        table = decode_columns(rows, offsets, shape.relation, head=shape.head)
    places = None if is_whole else np.concatenate([piece.places for piece in pieces])
    return Part(shape=shape, rows=table, places=places)


def _shape(pair: tuple[int, int], schemas: Schemas) -> Shape:
    kind, number = pair
    if kind == SCHEMA_SHAPE.kind:
        return SCHEMA_SHAPE
    if number not in schemas.texts:
        raise MalformedProofError(
            expected="rows of a schema the ledger holds",
            found=f"rows of schema {number}",
            remedy="keep the journal as evidence",
        )
    return schemas.shape(number)


def between(batches: Sequence[Batch], first: int, end: int) -> Sequence[Batch]:
    """Give the batches, which are in order, that begin at `first` or later and before `end`."""
    start, stop = (bisect_left(batches, each, key=lambda batch: batch.first) for each in (first, end))
    return batches[start:stop]


def by_run(batches: Sequence[Batch], firsts: Sequence[int]) -> list[tuple[int, Sequence[Batch]]]:
    """Divide batches, in order, over the runs they are in; `firsts` are where the runs begin, in order."""
    cuts = [bisect_left(batches, first, key=lambda batch: batch.first) for first in firsts] + [len(batches)]
    return [
        (first, batches[cuts[at] : cuts[at + 1]])
        for at, first in enumerate(firsts)
        if cuts[at] < cuts[at + 1]
    ]
