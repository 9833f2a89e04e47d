# SPDX-License-Identifier: EUPL-1.2
"""What is known of a ledger as of one checkpoint: the note, the segments and the schemas.

Reads; never writes, and believes no signature: whoever opens a ledger to append compares it with the anchor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from rekenschap.errors import ForkError, StoreError, WrongLeafError
from rekenschap.ledger.facts import Schemas
from rekenschap.ledger.manifest import CHECKPOINT_NAME, Manifest, read_manifest
from rekenschap.ledger.segments import (
    PLACE,
    SCHEMA_NAME,
    SCHEMA_SHAPE,
    UNREADABLE,
    Places,
    Segment,
    Shape,
    labels_of,
    open_parquet,
    places_of,
    read_part,
    read_rows,
    unreadable,
)
from rekenschap.seams.anchor import Anchor
from rekenschap.seams.store import Store
from rekenschap.tlog.checkpoint import Checkpoint, malformed_checkpoint
from rekenschap.tlog.note import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A ledger as of one checkpoint; what is not sealed yet waits in the journal of a sequencer."""

    checkpoint: Checkpoint
    note: bytes
    manifest: Manifest
    schemas: Schemas


def read_state(store: Store, anchor: Anchor | None, origin: str) -> State:
    """Read the latest state; the anchor decides which checkpoint that is.

    Raises ForkError when the published checkpoint is newer than the anchor's or another of the same size.
    """
    note = _latest_note(store, anchor)
    while True:
        try:
            return _state_at(store, note, origin)
        except (WrongLeafError, StoreError):
            # While a sequencer is at work its segments may go beyond the checkpoint that was latest just now.
            before, note = note, _latest_note(store, anchor)
            if note == before:
                raise


def _latest_note(store: Store, anchor: Anchor | None) -> bytes:
    published = published_note(store)
    note = published if anchor is None else anchored_note(anchor, published)
    if note is None:
        raise StoreError(
            expected="a ledger with a checkpoint",
            found="one without",
            remedy="check it; create it again only when its making was broken off",
        )
    return note


def _state_at(store: Store, note: bytes, origin: str) -> State:
    checkpoint = checkpoint_in(note, origin)
    manifest = read_manifest(store, checkpoint.size)
    return State(
        checkpoint=checkpoint,
        note=note,
        manifest=manifest,
        schemas=read_schemas(store, manifest),
    )


def published_note(store: Store) -> bytes | None:
    """Give the published checkpoint, or None when there is none yet."""
    return store.get(CHECKPOINT_NAME) if CHECKPOINT_NAME in store.names(CHECKPOINT_NAME) else None


def anchored_note(anchor: Anchor, published: bytes | None) -> bytes | None:
    """Give the latest note of the anchor; raises ForkError unless `published` is it or an earlier one."""
    latest = anchor.latest()
    if published is None:
        return latest[1] if latest else None
    size = Checkpoint.from_text(Note.from_bytes(published).text).size
    if latest is None or size > latest[0]:
        raise ForkError(
            expected=f"a published checkpoint of at most {latest[0] if latest else 0} entries, as anchored",
            found=f"one of {size}",
            remedy="keep both as evidence; the anchor was put back or somebody else published",
        )
    if size == latest[0] and not is_same_checkpoint(published, latest[1]):
        raise ForkError(
            expected=f"the checkpoint of size {size} that the anchor holds",
            found="another one of that size, published",
            remedy="keep both as evidence and raise the alarm",
        )
    return latest[1]


def checkpoint_in(note: bytes, origin: str) -> Checkpoint:
    """Read the checkpoint in a note without believing it; raises MalformedCheckpointError for another log."""
    checkpoint = Checkpoint.from_text(Note.from_bytes(note).text)
    if checkpoint.origin != origin:
        raise malformed_checkpoint("a checkpoint of this ledger", "one of another")
    return checkpoint


def read_schemas(store: Store, manifest: Manifest) -> Schemas:
    """Read every schema in the segments of the ledger."""
    schemas = Schemas(texts={})
    for segment in manifest.of(SCHEMA_NAME, manifest.sealed):
        part = read_part(store.get(segment.parquet), segment, SCHEMA_SHAPE)
        for place, (number, text) in zip(part.places_in(), schema_rows(part.rows, segment), strict=True):
            schemas = schemas.added(number, segment.first + int(place), text)
    return schemas


def shape_of(blob: bytes, segment: Segment, schemas: Schemas) -> Shape:
    """Give the shape of the rows in a segment, from its label; raises WrongLeafError when there is none."""
    return shape_in(open_parquet(blob, segment), segment, schemas)


def shape_in(file: pq.ParquetFile, segment: Segment, schemas: Schemas) -> Shape:
    """Give the shape of the rows in a file of a segment; raises WrongLeafError as `shape_of` does."""
    if segment.relation == SCHEMA_NAME:
        return SCHEMA_SHAPE
    label = labels_of(file).get("schema_no", "")
    number = int(label) if label.isascii() and label.isdigit() and len(label) < 11 else 0
    if number not in schemas.texts:
        raise WrongLeafError(
            expected=f"segment {segment.parquet} to name a schema the ledger holds",
            found="none of them",
            remedy="keep the file as evidence and restore it from a copy",
            entry=segment.first,
        )
    return schemas.shape(number)


def schema_rows(rows: pa.Table, segment: Segment) -> list[tuple[int, str]]:
    """Give the number and text in each row of a segment of schemas; raises WrongLeafError."""
    try:
        return [(int(row["schema_no"]), str(row["text"])) for row in rows.to_pylist()]
    except UNREADABLE as error:
        raise unreadable(segment) from error


def read_columns(store: Store, segment: Segment, columns: Sequence[str]) -> pa.Table:
    """Read some columns of a segment as they are on disk."""
    found = read_rows(store.get(segment.parquet), segment, SCHEMA_SHAPE, columns=columns)
    if found.column_names != [*columns]:
        raise unreadable(segment)
    return found


def read_places(store: Store, segment: Segment) -> Places | None:
    """Read only the places of the rows of a segment; None when row k stands at place k."""
    if not segment.mixed and not segment.erased:
        return None
    try:
        file = open_parquet(store.get(segment.parquet), segment)
        return places_of(file.read(columns=[PLACE], use_threads=False))
    except UNREADABLE as error:
        raise unreadable(segment) from error


def is_same_checkpoint(left: bytes, right: bytes) -> bool:
    """Say whether two notes have one text; a witness may have signed only one of them."""
    return Note.from_bytes(left).text == Note.from_bytes(right).text
