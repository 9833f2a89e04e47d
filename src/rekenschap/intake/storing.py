# SPDX-License-Identifier: EUPL-1.2
"""Brings facts to the ledger in large batches, each fact once.

`before` is done before anything is stored: the originals of its tokens must be safe by then; so must the
records of its facts, for which `kept` gets their tokens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.intake.fields.parsed import Mask
from rekenschap.ledger.facts import Facts
from rekenschap.ledger.identity import with_identity
from rekenschap.model.columns import RECORD, Relation
from rekenschap.model.relations import DELIVERY
from rekenschap.tables import one_chunk

_BATCH = 131_072


class FactLedger(Protocol):
    """What intake asks of a ledger; `rekenschap.ledger.Ledger` keeps the promise."""

    def known(self, relation: Relation, facts: pa.Table) -> pa.BooleanArray:
        """Say of each fact whether the ledger already has it."""

    def newest(self) -> int | None:
        """Give when its last facts were recorded (µs UTC)."""

    def facts(self, relation_name: str) -> Facts:
        """Give all facts of a relation."""

    def append(self, batches: Iterable[tuple[Relation, pa.Table]]) -> object:
        """Add facts; on return they are durable."""


class _Named(NamedTuple):
    """Facts with their identities, and what they were made of when somebody wants to hear of the new ones."""

    facts: pa.Table
    marked: pa.Table | None


class Storing:
    """Holds facts back until there are many, and counts what was new and what was known."""

    def __init__(
        self,
        ledger: FactLedger,
        *,
        recorded_at: int,
        before: Callable[[], None],
        new: Callable[[pa.Table], None] | None = None,
        kept: Callable[[list[pa.Array]], None] | None = None,
    ) -> None:
        self._ledger = ledger
        self._before = before
        self._new = new
        self._kept = kept
        self.recorded_at = recorded_at
        self._waiting: dict[str, tuple[Relation, list[_Named]]] = {}
        self._rows = 0
        self.accepted: Counter[str] = Counter()
        self.known: Counter[str] = Counter()
        self.first: int | None = None
        self.last: int | None = None

    def add(self, relation: Relation, content: pa.Table) -> None:
        """Take facts in; they reach the ledger now or at `flush`.

        They are named here, while a reader makes the next ones, and not when all of them are stored.
        """
        if not content.num_rows:
            return
        self._waiting.setdefault(relation.name, (relation, []))[1].append(self._named(relation, content))
        self._rows += content.num_rows
        self._stretch(content.column(relation.happened))
        if self._rows >= _BATCH:
            self.flush()

    def flush(self, deliveries: Callable[[pa.Table], pa.Table] | None = None) -> None:
        """Bring what waits to the ledger, under one checkpoint.

        `deliveries` makes, of those the ledger has (fact form), the content of the new ones.
        """
        batches = [(relation, self._fresh(relation, named)) for relation, named in self._waiting.values()]
        if deliveries is not None:
            told = deliveries(self._ledger.facts(DELIVERY.name).table)
            batches.append((DELIVERY, self._fresh(DELIVERY, [self._named(DELIVERY, told)])))
        fresh = [(relation, facts) for relation, facts in batches if facts.num_rows]
        if self._kept is not None:  # also when nothing is new: what waits is then let go
            self._kept([_tokens(facts) for _, facts in fresh if RECORD in facts.column_names])
        if fresh:
            self._before()
            self._ledger.append(fresh)
        self.accepted.update({relation.name: facts.num_rows for relation, facts in fresh})
        self._waiting.clear()
        self._rows = 0

    def _named(self, relation: Relation, content: pa.Table) -> _Named:
        facts = with_identity(content, relation, recorded_at=self.recorded_at)
        return _Named(facts, content if self._new is not None else None)

    def _fresh(self, relation: Relation, named: Sequence[_Named]) -> pa.Table:
        facts = pa.concat_tables([each.facts for each in named]).combine_chunks()
        once = first_of_each(one_chunk(facts.column("fact_id")))
        fresh = pc.and_(pa.array(once), pc.invert(self._ledger.known(relation, facts)))
        facts_left = facts if pc.all(fresh).as_py() else facts.filter(fresh)
        self.known[relation.name] += facts.num_rows - facts_left.num_rows
        if self._new is not None:
            marked = [each.marked for each in named if each.marked is not None]
            self._new(pa.concat_tables(marked, promote_options="default").combine_chunks().filter(fresh))
        return facts_left

    def _stretch(self, happened: pa.ChunkedArray) -> None:
        found = pc.min_max(happened.cast(pa.int64())).as_py()
        if found["min"] is not None:
            self.first = found["min"] if self.first is None else min(self.first, found["min"])
            self.last = found["max"] if self.last is None else max(self.last, found["max"])


def first_of_each(names: pa.FixedSizeBinaryArray) -> Mask:
    """Tell where each name of 16 bytes (none is null) stands for the first time."""
    stored = np.frombuffer(names.buffers()[1], dtype="V16", count=len(names), offset=16 * names.offset)
    ordered = np.sort(stored.view("<u8")[::2])  # ten times as fast as asking for the distinct ones
    if (ordered[1:] != ordered[:-1]).all():
        return np.ones(len(names), dtype=bool)
    once = np.zeros(len(names), dtype=bool)
    once[np.unique(stored, return_index=True)[1]] = True
    return once


def _tokens(facts: pa.Table) -> pa.Array:
    return one_chunk(facts.column(RECORD)).drop_null()
