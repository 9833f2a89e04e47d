# SPDX-License-Identifier: EUPL-1.2
"""Entries that are signed but not in a segment yet: commitments stand in tails, rows in the journal.

What the journal holds beyond the signed size was acknowledged, but nobody signed it yet: it is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from rekenschap.errors import MalformedProofError, RekenschapError, WrongLeafError
from rekenschap.ledger.check.foreknown import Foreknown
from rekenschap.ledger.check.listing import Listing, Place
from rekenschap.ledger.check.runs.leaves import grown
from rekenschap.ledger.check.runs.stored import Rows
from rekenschap.ledger.check.runs.survey import Rules, Surveyed, custody_of, found_in, schemas_in
from rekenschap.ledger.facts import Schemas
from rekenschap.ledger.journal import Found, Frame, read_journal
from rekenschap.ledger.journal.reading import JournalFile
from rekenschap.ledger.manifest import Tail, missing_entry
from rekenschap.ledger.rows.commitments import COMMITMENT_SIZE
from rekenschap.ledger.rows.encoded import commit_encoded, offsets_of
from rekenschap.ledger.rows.reading import columns_in, decode_columns
from rekenschap.ledger.segments import KIND_SCHEMA, SCHEMA_SHAPE, Segment, Shape, secret_name
from rekenschap.seams.disk import Disk
from rekenschap.seams.store import Store
from rekenschap.tables import fact_schema

_EVIDENCE = "keep the ledger and its journal as evidence and compare them with a copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One run that is not sealed yet: its commitments as stored, and its rows by relation."""

    place: Place
    pack: bytes
    every: tuple[Rows, ...]

    @property
    def rows(self) -> int:
        """How many entries it has."""
        return len(self.pack) // COMMITMENT_SIZE

    @property
    def end(self) -> int:
        """Index of the entry after its last."""
        return self.place.first + self.rows


def read_waiting(
    store: Store, listing: Listing, journal: Disk | None, *, size: int, schemas: Schemas
) -> tuple[list[Waiting], RekenschapError | None]:
    """Read what is signed beyond the last run and compare each row with its commitment.

    Gives what could be read, and the alarm at which that ended: it is told after those of the sealed runs,
    which come before it and may be what caused it.
    """
    waiting: list[Waiting] = []
    try:
        for each in _runs(store, listing, journal, size=size, schemas=schemas):
            waiting.append(each)
    except RekenschapError as error:
        return waiting, error
    return waiting, None


def _runs(
    store: Store, listing: Listing, journal: Disk | None, *, size: int, schemas: Schemas
) -> Iterator[Waiting]:
    sealed = listing.sealed
    if sealed >= size or not listing.tails:
        return
    pack = _commitments(store, listing.tails, sealed, size)
    if journal is None:
        raise missing_entry(sealed, "its commitment only; its row is in a journal that was not given")
    found = read_journal(journal, sealed=sealed, signed=size)
    for file in found.files:
        if file.first < size:
            end = min(file.end, size)
            some = pack[(file.first - sealed) * COMMITMENT_SIZE : (end - sealed) * COMMITMENT_SIZE]
            one = _run(store, file, _below(found, file, end), (some, schemas))
            schemas = _with_new(schemas, one)
            yield one


def ahead_with(ahead: Foreknown, waiting: Iterable[Waiting]) -> Foreknown:
    """Add the schemas and the facts about custody that wait to what was read ahead."""
    schemas, custody = ahead.schemas, [*ahead.custody]
    for each in waiting:
        schemas = _with_new(schemas, each)
        custody += custody_of(each.every)
    return Foreknown(schemas=schemas, custody=tuple(custody))


def survey_waiting(waiting: Waiting, rules: Rules, *, first: int, sizes: tuple[int, ...]) -> Surveyed:
    """Give what a waiting run says, as `survey` does for one that is sealed."""
    skipped = (first - waiting.place.first) * COMMITMENT_SIZE
    leaves = grown(waiting.pack[skipped:], first=first, sizes=sizes)
    return found_in(waiting.place, waiting.every, leaves, rules=rules)


def _commitments(store: Store, tails: Sequence[Tail], first: int, size: int) -> bytes:
    parts: list[bytes] = []
    for tail in tails:
        if tail.first <= first < tail.end:
            pack = store.get(tail.pack)
            if len(pack) != tail.rows * COMMITMENT_SIZE:
                raise _wrong(first, f"{tail.rows} commitments in {tail.pack}", f"{len(pack)} bytes")
            end = min(tail.end, size)
            parts.append(pack[(first - tail.first) * COMMITMENT_SIZE : (end - tail.first) * COMMITMENT_SIZE])
            first = end
        if first >= size:
            return b"".join(parts)
    raise missing_entry(first, "neither a segment nor a tail with its commitment")


def _below(found: Found, file: JournalFile, end: int) -> list[Frame]:
    return [each for each in found.frames if file.first <= each.first < end]


def _run(store: Store, file: JournalFile, frames: Sequence[Frame], known: tuple[bytes, Schemas]) -> Waiting:
    pack, schemas = known
    name = secret_name(file.first)
    if name not in store.names(name):
        raise missing_entry(file.first, f"{file.name} without its secret")
    secret = store.get(name)
    count = len(pack) // COMMITMENT_SIZE
    parts = [
        commit_encoded(each.blob, each.lengths, secret=secret, first=each.first - file.first)
        for each in frames
    ]
    _check_same(b"".join(parts)[: count * COMMITMENT_SIZE], pack, file)
    every: list[Rows] = []
    for frame in frames:
        rows = _rows(frame, schemas, file.first, count)
        every.append(rows)
        for _, number, text in schemas_in([rows]) if frame.kind == KIND_SCHEMA else ():
            schemas = schemas.added(number, frame.first, text)
    place = Place(first=file.first, parquets=(), pack=None, has_secret=True)
    return Waiting(place=place, pack=pack, every=tuple(every))


def _check_same(found: bytes, pack: bytes, file: JournalFile) -> None:
    if found == pack:
        return
    shared = min(len(found), len(pack)) // COMMITMENT_SIZE
    left, right = (
        np.frombuffer(each, dtype=np.uint8)[: shared * COMMITMENT_SIZE].reshape(shared, COMMITMENT_SIZE)
        for each in (found, pack)
    )
    differing = np.flatnonzero((left != right).any(axis=1))
    entry = file.first + (int(differing[0]) if len(differing) else shared)
    raise _wrong(entry, f"the committed row of entry {entry} in {file.name}", "another row")


def _rows(frame: Frame, schemas: Schemas, first: int, count: int) -> Rows:
    try:
        shape = _shape(frame, schemas)
        offsets = offsets_of(frame.lengths)
        if shape is SCHEMA_SHAPE:
            columns = columns_in(frame.blob, offsets, shape.layout, head=shape.head)
            table = pa.table(columns, names=[*shape.relation.names]).cast(fact_schema(shape.relation))
        else:
            table = decode_columns(frame.blob, offsets, shape.relation, head=shape.head)
    except (RekenschapError, pa.ArrowException, ValueError) as error:
        raise _wrong(
            frame.first, f"rows of a schema of this ledger from entry {frame.first} on", "others"
        ) from error
    places = np.arange(frame.first - first, min(frame.first - first + frame.rows, count), dtype=np.int32)
    segment = Segment(first=first, relation=shape.relation.name, rows=count, mixed=True)
    return Rows(segment=segment, shape=shape, table=table.slice(0, len(places)), given_places=places)


def _shape(frame: Frame, schemas: Schemas) -> Shape:
    if frame.kind == KIND_SCHEMA:
        return SCHEMA_SHAPE
    shape = schemas.shape(frame.schema_no) if frame.schema_no in schemas.texts else None
    if shape is None or shape.kind != frame.kind:
        raise MalformedProofError(
            expected="a schema that stands before the row", found="none", remedy=_EVIDENCE
        )
    return shape


def _with_new(schemas: Schemas, waiting: Waiting) -> Schemas:
    for each in waiting.every:
        if each.shape is SCHEMA_SHAPE:
            for entry, number, text in schemas_in([each]):
                schemas = schemas.added(number, entry, text)
    return schemas


def _wrong(entry: int, expected: str, found: str) -> WrongLeafError:
    return WrongLeafError(expected=expected, found=found, remedy=_EVIDENCE, entry=entry)
