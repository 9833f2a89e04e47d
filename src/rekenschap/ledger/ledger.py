# SPDX-License-Identifier: EUPL-1.2
"""The ledger as the rest of the house sees it: append facts, read them back as of a checkpoint.

Reading trusts the files; `rekenschap.ledger.check` is what distrusts them. How an append is made durable
stands in `writer`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rekenschap.errors import ConfigurationError, RefusedError
from rekenschap.ledger import writer
from rekenschap.ledger.facts import FactAt, Facts, joined_versions, printed_row
from rekenschap.ledger.manifest import Manifest, missing_entry, read_origin
from rekenschap.ledger.nodes import TreeReader
from rekenschap.ledger.reading.clock import NEVER, newest_sealed
from rekenschap.ledger.reading.former import names_before, versions_before
from rekenschap.ledger.reading.kept import Kept
from rekenschap.ledger.reading.one_row import RowReader
from rekenschap.ledger.reading.spans import Span, span_in, span_of
from rekenschap.ledger.rows.commitments import salts_of
from rekenschap.ledger.rows.decoding import decode
from rekenschap.ledger.rows.encoding import encode
from rekenschap.ledger.segments import (
    KIND_SCHEMA,
    SCHEMA_NAME,
    SCHEMA_SHAPE,
    UNREADABLE,
    Part,
    Segment,
    Shape,
    as_declared,
    read_part,
    salts_in,
    schema_row,
    unreadable,
    values_of,
)
from rekenschap.ledger.state import State, read_columns, read_state, shape_in, shape_of
from rekenschap.ledger.writer import Receipt
from rekenschap.model.columns import Relation
from rekenschap.model.custody import EVERY_RELATION
from rekenschap.seams.anchor import Anchor
from rekenschap.seams.keys import Keys
from rekenschap.seams.store import Store
from rekenschap.tables import fact_schema
from rekenschap.tlog.checkpoint import Checkpoint

__all__ = ["Ledger", "Receipt"]

_NAMED = 16
"""Segments of which the identities are kept, about 2.5 MB each: facts that come now happened just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One entry with everything its commitment was made of."""

    entry: int
    segment: Segment
    shape: Shape
    row: bytes
    salt: bytes


class Ledger:
    """An append-only record of facts in a store; made by `create` or `open`."""

    __slots__ = (
        "_anchor",
        "_clock",
        "_keys",
        "_names",
        "_publisher",
        "_rows",
        "_schemas",
        "_spans",
        "_state",
        "_store",
        "_tree",
        "origin",
    )

    def __init__(
        self,
        *,
        store: Store,
        anchor: Anchor | None,
        keys: Keys | None,
        publisher: Callable[[bytes], None] | None = None,
        clock: Callable[[], int] | None = None,
    ) -> None:
        self._store, self._anchor, self._keys = store, anchor, keys
        self._publisher, self._clock = publisher, clock
        self.origin = read_origin(store)
        self._state = read_state(store, anchor, self.origin)
        self._spans: dict[Segment, Span] = {}
        self._names: Kept[Segment, pa.Array] = Kept(_NAMED)
        self._schemas: dict[int, Opened] = {}
        self._rows, self._tree = RowReader(store), self._new_tree()

    @classmethod
    def create(cls, *, store: Store, anchor: Anchor, keys: Keys, origin: str) -> Ledger:
        """Begin a ledger with a signed checkpoint of size 0; raises StoreError when there already is one."""
        writer.begin(store=store, anchor=anchor, keys=keys, origin=origin)
        return cls(store=store, anchor=anchor, keys=keys)

    @classmethod
    def open(
        cls,
        *,
        store: Store,
        anchor: Anchor | None,
        keys: Keys | None = None,
        publisher: Callable[[bytes], None] | None = None,
        clock: Callable[[], int] | None = None,
    ) -> Ledger:
        """Open a ledger as of its latest checkpoint; `keys` are needed to append only.

        A `publisher` takes each signed note that the anchor holds; without one it is published at once.
        With a `clock` (µs UTC) facts that were recorded later than now are refused.
        Without an anchor (a copy from elsewhere) the published checkpoint counts and nothing can be added.
        Raises StoreError when there is no ledger, ForkError when its checkpoint is not the anchor's.
        """
        return cls(store=store, anchor=anchor, keys=keys, publisher=publisher, clock=clock)

    @property
    def checkpoint(self) -> Checkpoint:
        """The latest checkpoint."""
        return self._state.checkpoint

    @property
    def size(self) -> int:
        """How many entries can be read; the checkpoint may cover more, which a sequencer has yet to seal."""
        return self._state.manifest.sealed

    @property
    def note(self) -> bytes:
        """The latest checkpoint as it was signed."""
        return self._state.note

    @property
    def manifest(self) -> Manifest:
        """The segments below the latest checkpoint."""
        return self._state.manifest

    @property
    def state(self) -> State:
        """Everything known of the ledger as of the latest checkpoint."""
        return self._state

    @property
    def tree(self) -> TreeReader:
        """The nodes of the tree of the latest checkpoint, as they are stored."""
        return self._tree

    @property
    def store(self) -> Store:
        """Where the ledger is kept."""
        return self._store

    def append(self, batches: Iterable[tuple[Relation, pa.Table]]) -> Receipt:
        """Add facts (fact form) under one new checkpoint; on return they are durable, signed and published.

        Empty tables add nothing. Raises ForkError when somebody else has appended meanwhile, RefusedError
        when a table is not of its relation, StoreError when the place refuses. Nothing is added then; only
        when the very last step failed, publishing, everything is: open the ledger again to see which.
        """
        if self._keys is None or self._anchor is None:
            raise ConfigurationError(
                expected="a ledger opened with its keys and its anchor",
                found="one opened for reading",
                remedy="open it with keys and anchor to append",
            )
        with self._store.writing():
            house = writer.House(
                store=self._store,
                anchor=self._anchor,
                keys=self._keys,
                origin=self.origin,
                publisher=self._publisher,
                clock=self._clock,
            )
            receipt = writer.append(house, self._state, batches)
            if receipt.size != self.size:
                self._state = read_state(self._store, self._anchor, self.origin)
                self._tree = self._new_tree()
        return receipt

    def refresh(self) -> None:
        """Read the state again, after others appended or files of the ledger were rewritten.

        What is known of a segment stays: one that is rewritten gets another name.
        """
        self._state = read_state(self._store, self._anchor, self.origin)
        self._schemas.clear()
        self._rows, self._tree = RowReader(self._store), self._new_tree()

    def facts(self, relation_name: str, *, size: int | None = None) -> Facts:
        """Give all facts of a relation as of the checkpoint of `size` entries (default: the latest)."""
        size = self._known_size(size)
        segments = self._state.manifest.of(relation_name, size)
        if not segments:
            relation = _declared(relation_name)
            return Facts(
                relation=relation, table=fact_schema(relation).empty_table(), entries=pa.array([], pa.int64())
            )
        parts = [_below(self.part(each), each, size) for each in segments]
        relation, table = joined_versions([(part.shape.relation, part.rows) for part, _ in parts])
        entries = np.concatenate([places for _, places in parts])
        return Facts(relation=relation, table=table, entries=pa.array(entries))

    def known(self, relation: Relation, facts: pa.Table) -> pa.BooleanArray:
        """Say of each fact (with its fact_id, and when it happened) whether the ledger already has it.

        The same fact happened at the same time, so segments of another time are passed over. It also has a
        fact that says the same under an earlier version of its relation.
        """
        wanted = facts.column("fact_id").combine_chunks().cast(pa.binary())
        span = span_of(facts.column(relation.happened))
        found = self._held(relation, wanted, span)
        for old in versions_before(self._state.schemas, relation):
            if set(relation.names) <= set(facts.column_names):
                places, names = names_before(facts, relation, old)
                there = np.asarray(found).copy()
                there[places] |= np.asarray(self._held(relation, names, span))
                found = pa.array(there)
        return found

    def _held(self, relation: Relation, wanted: pa.Array, span: Span) -> pa.BooleanArray:
        """Say of each identity whether a segment has it that shares the span of time."""
        found = pc.is_in(wanted, value_set=pa.array([], pa.binary()))
        for segment in self._state.manifest.of(relation.name, self.size):
            if self._span(segment).may_share(span):
                held = self._names.get(segment, partial(self._names_in, segment))
                found = pc.or_(found, pc.is_in(wanted, value_set=held))
        return found

    def _names_in(self, segment: Segment) -> pa.Array:
        held = read_columns(self._store, segment, ["fact_id"]).column("fact_id")
        return held.combine_chunks().cast(pa.binary())

    def newest(self) -> int | None:
        """Give the latest moment of recording in the last segment (µs UTC); None when no fact is sealed.

        It lies at most the tolerance of clocks behind the latest of all.
        """
        found = newest_sealed(self._store, self._state.manifest, enough=-NEVER)
        return None if found == NEVER else found

    def row(self, entry: int) -> FactAt:
        """Give one entry ready to print; raises RefusedError when the ledger has no such row."""
        opened = self.opened(entry)
        shape, values = opened.shape, decode(opened.row, opened.shape.layout)
        relation = shape.relation
        recorded = 0 if shape.kind == KIND_SCHEMA else values[relation.names.index("recorded_at")]
        return FactAt(
            entry=entry,
            relation=relation,
            values=printed_row(relation, values),
            recorded_at=int(recorded or 0),
        )

    def opened(self, entry: int) -> Opened:
        """Give the AEL1 bytes of one entry, and the salt and shape with which they were committed.

        A schema is read once: every proof carries one, and it never changes.
        """
        if entry in self._schemas:
            return self._schemas[entry]
        opened = self._declared_at(entry) or self._read_entry(entry)
        if opened.segment.relation == SCHEMA_NAME:
            self._schemas[entry] = opened
        return opened

    def _declared_at(self, entry: int) -> Opened | None:
        """Give the entry of a schema from what was read at opening; None for any other entry."""
        texts = self._state.schemas.texts.items()
        found = next(((number, text) for number, (at, text) in texts if at == entry), None)
        if found is None:
            return None
        sharing = self._state.manifest.sharing(self._state.manifest.at(entry))
        segment = next((each for each in sharing if each.relation == SCHEMA_NAME), None)
        if segment is None or segment.erased:  # what is left after an erasure has salts of its own
            return None
        try:
            row = schema_row(*found)
        except (*UNREADABLE, OverflowError) as error:
            raise unreadable(segment) from error
        salt = salts_of(self._store.get(segment.secret), 1, first=entry - segment.first)
        return Opened(entry=entry, segment=segment, shape=SCHEMA_SHAPE, row=row, salt=salt)

    def _read_entry(self, entry: int) -> Opened:
        segment, file, stored = self._found(entry)
        shape = shape_in(file, segment, self._state.schemas)
        try:
            values = values_of(as_declared(stored, shape.relation), shape.relation)
            row, salt = encode(values, shape.layout, head=shape.head)[0], salts_in(stored)
        except UNREADABLE as error:
            raise unreadable(segment) from error
        if salt is None:
            salt = salts_of(self._store.get(segment.secret), 1, first=entry - segment.first)
        return Opened(entry=entry, segment=segment, shape=shape, row=row, salt=salt)

    def part(self, segment: Segment) -> Part:
        """Read all rows of a segment; raises WrongLeafError."""
        blob = self._store.get(segment.parquet)
        return read_part(blob, segment, shape_of(blob, segment, self._state.schemas))

    def _found(self, entry: int) -> tuple[Segment, pq.ParquetFile, pa.Table]:
        """Give the segment with the row of an entry, its file, and that row as it is on disk."""
        if not 0 <= entry < self.size:
            raise RefusedError(
                expected=f"an entry from 0 up to {self.size - 1}" if self.size else "a ledger with entries",
                found=f"entry {entry}",
                remedy="ask for an entry the ledger has",
                rule="entry",
            )
        manifest = self._state.manifest
        run = manifest.at(entry)
        for segment in manifest.sharing(run):
            stored = self._rows.row(segment, entry - run.first)
            if stored is not None:
                return segment, self._rows.file(segment), stored
            if not segment.mixed and not segment.erased:
                raise missing_entry(entry, f"{segment.parquet} with fewer rows")
        raise RefusedError(
            expected=f"entry {entry} to have a row",
            found="none; it was erased, or the ledger is damaged",
            remedy="check the ledger; the erasure itself is a fact in it",
            rule="entry",
        )

    def _new_tree(self) -> TreeReader:
        state = self._state
        return TreeReader(store=self._store, manifest=state.manifest, size=state.checkpoint.size)

    def _span(self, segment: Segment) -> Span:
        if segment not in self._spans:
            self._spans[segment] = span_in(self._store, segment, self._state.schemas)
        return self._spans[segment]

    def _known_size(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise RefusedError(
                expected=f"the size of a checkpoint, up to {self.size}",
                found=f"{size}",
                remedy="ask for a size the ledger has had",
                rule="size",
            )
        return size


def _below(part: Part, segment: Segment, size: int) -> tuple[Part, npt.NDArray[np.int64]]:
    """Give the rows of a part below `size`, and the entry of each."""
    entries = segment.first + part.places_in().astype(np.int64)
    kept = int(np.searchsorted(entries, size))
    return replace(part, rows=part.rows.slice(0, kept)), entries[:kept]


def _declared(name: str) -> Relation:
    if name not in EVERY_RELATION:
        raise RefusedError(
            expected="the name of a relation",
            found="another word",
            remedy="see the reference of relations",
            rule="name",
        )
    return EVERY_RELATION[name]
