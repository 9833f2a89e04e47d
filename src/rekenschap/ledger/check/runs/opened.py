# SPDX-License-Identifier: EUPL-1.2
"""A segment opened by somebody who distrusts it: the rows first, so that a changed row is named as such,
and only then the form of the file around them.
"""

from __future__ import annotations

import pyarrow.parquet as pq

from rekenschap.errors import WrongLeafError
from rekenschap.ledger.check.runs.stored import Stored, is_dictionary_of, stored_in, texts_of
from rekenschap.ledger.facts import Schemas
from rekenschap.ledger.segments import (
    SCHEMA_NAME,
    SCHEMA_SHAPE,
    UNREADABLE,
    Part,
    Segment,
    Shape,
    expected_labels,
    labels_of,
    open_parquet,
    part_in,
    stored_schema,
    torn_tokens,
    unreadable,
)
from rekenschap.seams.store import Store
from rekenschap.tables import parquet_schema

_MARKS = 12  # PAR1 at both ends, and the length of the footer


def opened_part(store: Store, segment: Segment, schemas: Schemas) -> tuple[Part, pq.ParquetFile]:
    """Open a segment in fact form: its rows with places and salts, and its file; raises WrongLeafError."""
    stored = opened_rows(store, segment, schemas)
    try:
        return part_in(stored.file.read(), stored.shape), stored.file
    except UNREADABLE as error:
        raise unreadable(segment) from error


def opened_rows(store: Store, segment: Segment, schemas: Schemas) -> Stored:
    """Open a segment: its rows as they are on disk, with their places and salts; raises WrongLeafError."""
    blob = store.get(segment.parquet)
    file = open_parquet(blob, segment)
    shape = _shape(file, segment, schemas)
    try:
        there = frozenset(file.schema_arrow.names)
        missing = [name for name in parquet_schema(shape.relation).names if name not in there]
        if missing:
            raise _wrong(segment, segment.first, f"a column {missing[0]}", "none")
        texts = texts_of(shape.relation)
        file = open_parquet(blob, segment, dictionaries=texts, footer=file.metadata)
        stored = stored_in(file, segment, shape, size=len(blob))
        torn = torn_tokens(stored.table, shape.relation)
        if torn is not None:
            entry = segment.first + int(stored.places[torn])
            raise _wrong(segment, entry, "both halves of a token or neither", "one half")
    except UNREADABLE as error:
        raise unreadable(segment) from error
    return stored


def check_form(stored: Stored) -> None:
    """Check what surrounds the rows: columns, labels, and nothing that could mislead another reader."""
    segment, shape, file = stored.segment, stored.shape, stored.file
    wanted = stored_schema(
        shape.relation, placed=stored.given_places is not None, salted=stored.salts is not None
    )
    placed = stored.given_places is not None
    if placed != (segment.mixed or segment.erased > 0):
        raise _wrong(
            segment, segment.first, "places when its run is mixed or rows are gone, else none", "not so"
        )
    if file.schema_arrow.names != wanted.names:
        raise _wrong(segment, segment.first, "the columns of its schema, in order", "others beside them")
    same = (
        found == each or is_dictionary_of(found, each)
        for found, each in zip(file.schema_arrow.types, wanted.types, strict=True)
    )
    if not all(same) or b"ARROW:schema" in (file.metadata.metadata or {}):
        raise _wrong(segment, segment.first, "columns of the types of its schema", "other types")
    if labels_of(file) != expected_labels(shape, segment.first, placed=placed):
        raise _wrong(segment, segment.first, "the labels of its place in the footer", "other labels")
    if shape.relation.name != segment.relation:
        raise _wrong(segment, segment.first, f"a schema of relation {segment.relation}", "one of another")
    groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
    chunks = [group.column(at) for group in groups for at in range(file.metadata.num_columns)]
    # An engine believes a minimum or a Bloom filter and skips rows; the rows alone were committed.
    if any(_misleads(chunk) for chunk in chunks):
        raise _wrong(segment, segment.first, "no statistics, as those can hide rows", "statistics")
    # Bytes that no reader reads could hold anything.
    if stored.size != _MARKS + file.metadata.serialized_size + sum(c.total_compressed_size for c in chunks):
        raise _wrong(segment, segment.first, "nothing in the file but its rows and its footer", "more")


def _misleads(chunk: pq.ColumnChunkMetaData) -> bool:
    indexed = chunk.has_offset_index or chunk.has_column_index
    return bool(chunk.is_stats_set or indexed or chunk.bloom_filter_offset is not None)


def _shape(file: pq.ParquetFile, segment: Segment, schemas: Schemas) -> Shape:
    if segment.relation == SCHEMA_NAME:
        return SCHEMA_SHAPE
    label = labels_of(file).get("schema_no", "")
    if label.isascii() and label.isdigit() and len(label) < 11 and int(label) in schemas.texts:
        return schemas.shape(int(label))
    # A file that was rewritten without its labels: with the newest schema its rows can still be named.
    newest = [n for n in schemas.texts if schemas.shape(n).relation.name == segment.relation]
    if not newest:
        raise _wrong(segment, segment.first, "a schema that stands in the ledger before it", "none")
    return schemas.shape(max(newest))


def _wrong(segment: Segment, entry: int, expected: str, found: str) -> WrongLeafError:
    return WrongLeafError(
        expected=f"{expected} in {segment.parquet} at entry {entry} of relation {segment.relation}",
        found=found,
        remedy="keep the ledger as evidence and compare it with a copy",
        entry=entry,
    )
