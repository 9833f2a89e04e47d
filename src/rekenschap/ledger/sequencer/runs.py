# SPDX-License-Identifier: EUPL-1.2
"""A run of entries on its way from the journal into segments: its rows, its secret, and its commitments.

One run is one file of the journal. Knows no tree, key or checkpoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
import pyarrow as pa

from rekenschap.errors import MalformedProofError
from rekenschap.ledger.facts import Schemas
from rekenschap.ledger.journal import Batch
from rekenschap.ledger.rows.commitments import COMMITMENT_SIZE
from rekenschap.ledger.rows.encoded import commit_encoded, offsets_of
from rekenschap.ledger.rows.reading import columns_in, decode_columns
from rekenschap.ledger.segments import SCHEMA_SHAPE, Part, Shape
from rekenschap.tables import fact_schema


@dataclass(slots=True, kw_only=True)
class Run:
    """Rows that will be sealed together; `packs` are the commitments of those that are signed, or will be."""

    first: int
    secret: bytes
    batches: list[Batch] = field(default_factory=list)
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
        self.batches += batches
        self.packs.append(pack)
        self.rows += len(pack) // COMMITMENT_SIZE
        return pack


def parts_of(run: Run, schemas: Schemas) -> list[Part]:
    """Give the rows of a run as tables, one for each relation; raises MalformedProofError."""
    by_shape: dict[tuple[int, int], list[Batch]] = {}
    for batch in run.batches:
        by_shape.setdefault((batch.kind, batch.schema_no), []).append(batch)
    return [
        _part(batches, _shape(pair, schemas), run.first, is_whole=len(by_shape) == 1)
        for pair, batches in by_shape.items()
    ]


def _part(batches: Sequence[Batch], shape: Shape, first: int, *, is_whole: bool) -> Part:
    rows = b"".join([batch.blob for batch in batches])
    offsets = offsets_of(b"".join([batch.lengths for batch in batches]))
    if shape is SCHEMA_SHAPE:
        columns = columns_in(rows, offsets, shape.layout, head=shape.head)
        table = pa.table(columns, names=[*shape.relation.names]).cast(fact_schema(shape.relation))
    else:
        table = decode_columns(rows, offsets, shape.relation, head=shape.head)
    if is_whole:
        return Part(shape=shape, rows=table)
    spans = [np.arange(b.first - first, b.first - first + b.rows, dtype=np.int32) for b in batches]
    return Part(shape=shape, rows=table, places=np.concatenate(spans))


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


def by_run(batches: Sequence[Batch], firsts: Sequence[int]) -> list[tuple[int, list[Batch]]]:
    """Group batches, in order, by the run they are in; `firsts` are where the runs begin."""
    starts = np.searchsorted(np.array(firsts), [batch.first for batch in batches], side="right") - 1
    numbered = zip(starts.tolist(), batches, strict=True)
    return [
        (firsts[number], [batch for _, batch in group])
        for number, group in groupby(numbered, key=lambda pair: pair[0])
    ]
