# SPDX-License-Identifier: EUPL-1.2
"""The segments of a ledger as pieces that many machines each read some of, where they lie.

The manifest of one checkpoint says which segments there are; a worker opens the store itself (a directory
that it can reach, or a bucket) and gives the rows of one segment in work form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa

from rekenschap.ledger import Ledger
from rekenschap.ledger.facts import Schemas
from rekenschap.ledger.segments import Segment, read_part
from rekenschap.ledger.state import shape_of
from rekenschap.model.columns import Relation
from rekenschap.model.relations import DOOR_RELATIONS, RELATIONS, SEARCHED_RELATIONS
from rekenschap.seams.engine import Engine
from rekenschap.seams.store import Store
from rekenschap.tables import in_shape_of, to_work_form, work_schema

Opened = Callable[[], Store]
"""Opens the store of a ledger, on whichever machine it is called; it travels by pickle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentPiece:
    """One segment, up to the size of a checkpoint; `schemas` are those the ledger holds."""

    opened: Opened
    segment: Segment
    schemas: Schemas
    relation: Relation
    size: int

    def rows(self) -> pa.Table:
        """Read the segment; raises WrongLeafError or StoreError."""
        blob = self.opened().get(self.segment.parquet)
        part = read_part(blob, self.segment, shape_of(blob, self.segment, self.schemas))
        entries = self.segment.first + part.places_in().astype(np.int64)
        kept = int(np.searchsorted(entries, self.size))
        rows = to_work_form(part.rows.slice(0, kept), part.shape.relation, entries=pa.array(entries[:kept]))
        return in_shape_of(rows, self.relation)


class SpreadEngine(Engine, Protocol):
    """An engine whose workers fetch pieces of a relation themselves."""

    def bind_pieces(self, name: str, pieces: Sequence[SegmentPiece], schema: pa.Schema) -> None:
        """Make the rows of pieces known as the relation `name`."""


def pieces_of(ledger: Ledger, name: str, opened: Opened, *, size: int) -> tuple[SegmentPiece, ...]:
    """Give the pieces of a relation as of the checkpoint of `size` entries, in their order."""
    return tuple(
        SegmentPiece(
            opened=opened,
            segment=segment,
            schemas=ledger.state.schemas,
            relation=SEARCHED_RELATIONS[name],
            size=size,
        )
        for segment in ledger.manifest.of(name, size)
    )


def bound_where_they_lie(
    ledger: Ledger, engine: SpreadEngine, opened: Opened, *, size: int | None = None
) -> dict[str, pa.Table]:
    """Bind every relation as of a checkpoint (the latest) without reading a row here.

    Gives those that sources reported with only who reported and when it happened. Raises EngineError.
    """
    as_of = ledger.size if size is None else size
    for name in (*RELATIONS, *DOOR_RELATIONS):
        pieces = pieces_of(ledger, name, opened, size=as_of)
        engine.bind_pieces(name, pieces, work_schema(SEARCHED_RELATIONS[name]))
    return {name: _told(engine, relation) for name, relation in RELATIONS.items()}


def _told(engine: Engine, relation: Relation) -> pa.Table:
    names = ", ".join(dict.fromkeys(("source", relation.happened)))
    sql = f"SELECT {names} FROM {relation.name}"  # noqa: S608 - names of our own relations
    return engine.answer(sql, {}, query_id=f"told_{relation.name}")
