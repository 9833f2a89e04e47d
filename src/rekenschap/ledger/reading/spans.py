# SPDX-License-Identifier: EUPL-1.2
"""From when to when the facts of a segment happened, so that who looks for a fact can pass over the others.

The segments themselves hold no such statistics. They never change, so a span is worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.ledger.facts import Schemas
from rekenschap.ledger.segments import SCHEMA_SHAPE, UNREADABLE, Segment, read_rows, unreadable
from rekenschap.ledger.state import shape_of
from rekenschap.model.columns import Kind
from rekenschap.seams.store import Store

_MICROSECONDS = pa.timestamp("us", tz="UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The first and last moment of some facts (µs UTC), and whether there are facts without a moment."""

    first: int
    last: int
    undated: bool

    def may_share(self, other: Span) -> bool:
        """Say whether one fact could be among both."""
        return (self.undated and other.undated) or max(self.first, other.first) <= min(self.last, other.last)


_ANY = Span(first=-(2**63), last=2**63 - 1, undated=True)


def span_of(moments: pa.ChunkedArray) -> Span:
    """Give the span of facts that happened at `moments`."""
    found = pc.min_max(moments.cast(_MICROSECONDS).cast(pa.int64())).as_py()
    if found["min"] is None:
        return Span(first=1, last=0, undated=bool(len(moments)))
    return Span(first=found["min"], last=found["max"], undated=moments.null_count > 0)


def span_in(store: Store, segment: Segment, schemas: Schemas) -> Span:
    """Read the span of a segment of facts; raises WrongLeafError when it cannot be read."""
    blob = store.get(segment.parquet)
    relation = shape_of(blob, segment, schemas).relation
    happened = relation.happened
    if happened not in relation or relation[happened].kind is not Kind.TIME:
        return _ANY
    rows = read_rows(blob, segment, SCHEMA_SHAPE, columns=[happened])
    try:
        return span_of(rows.column(happened))
    except UNREADABLE as error:
        raise unreadable(segment) from error
