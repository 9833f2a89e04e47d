# SPDX-License-Identifier: EUPL-1.2
"""One segment: consecutive entries of one relation and one schema, its names, and its Parquet file.

The names are the manifest of a ledger. Knows no tree, key or checkpoint.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rekenschap.errors import WrongLeafError
from rekenschap.ledger.rows.encoding import Form, Layout, field, head_of, layout_of
from rekenschap.model.columns import Column, Kind, Relation
from rekenschap.tables import from_parquet_form, parquet_schema, to_parquet_form

FORMAT = "rekenschap-ledger/1"
MAX_ROWS = 131_072
SCHEMA_NAME = "schema"
KIND_SCHEMA, KIND_FACT = 0, 1
UNREADABLE = (pa.ArrowException, OSError, ValueError, KeyError, IndexError, TypeError, MemoryError)
"""What pyarrow raises on a damaged file; its words are never passed on, because they may hold a value."""
_STEM = re.compile(r"segments/([0-9]{20})-([a-z][a-z0-9_]{0,62})-([1-9][0-9]{0,5})\.(parquet|pack)", re.ASCII)
_DELTA = (Kind.TIME, Kind.DAY, Kind.COUNT)

SCHEMA_RELATION = Relation(
    name=SCHEMA_NAME,
    version=1,
    meaning="how the rows of a relation are written: number and text of each schema",
    law="",
    happened="",
    columns=(
        Column(
            name="schema_no", kind=Kind.COUNT, meaning="the number rows refer to, from 1 on", required=True
        ),
        Column(name="text", kind=Kind.TEXT, meaning="the schema as canonical JSON", required=True),
    ),
)
SCHEMA_LAYOUT: Layout = (field(Form.U32), field(Form.VAR))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How the rows of a segment are written: relation, kind of entry and number of the schema."""

    relation: Relation
    kind: int
    schema_no: int

    @property
    def layout(self) -> Layout:
        """The fields of a row."""
        return SCHEMA_LAYOUT if self.kind == KIND_SCHEMA else layout_of(self.relation.columns)

    @property
    def head(self) -> bytes:
        """The bytes every row begins with."""
        return head_of(self.kind, self.schema_no)


SCHEMA_SHAPE = Shape(relation=SCHEMA_RELATION, kind=KIND_SCHEMA, schema_no=0)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Segment:
    """The name of a segment: index of its first entry, relation, and number of rows."""

    first: int
    relation: str
    rows: int

    @property
    def end(self) -> int:
        """Index of the entry after its last."""
        return self.first + self.rows

    @property
    def parquet(self) -> str:
        """Name of the file with the rows."""
        return f"segments/{self.first:020d}-{self.relation}-{self.rows}.parquet"

    @property
    def pack(self) -> str:
        """Name of the file with the commitments, 32 bytes each."""
        return f"segments/{self.first:020d}-{self.relation}-{self.rows}.pack"

    @property
    def secret(self) -> str:
        """Name of the file with the 32 bytes all salts follow from."""
        return secret_name(self.first)

    @classmethod
    def from_name(cls, name: str) -> tuple[Self, str] | None:
        """Read a file name into the segment and `parquet` or `pack`; None when it is neither."""
        found = _STEM.fullmatch(name)
        if found is None:
            return None
        first, relation, rows, ending = found.groups()
        return cls(first=int(first), relation=relation, rows=int(rows)), ending


def secret_name(first: int) -> str:
    """Give the name of the secret of the segment that begins at `first`."""
    return f"secrets/{first:020d}.secret"


def columns_of(rows: pa.Table, relation: Relation) -> list[pa.Array]:
    """Give the columns of a fact-form table in schema order, each in one piece."""
    arrays = [rows.column(c.name).combine_chunks() for c in relation]
    return [cast(pa.Array, a.chunk(0)) if isinstance(a, pa.ChunkedArray) else a for a in arrays]


def parquet_bytes(rows: pa.Table, shape: Shape, *, first: int) -> bytes:
    """Write the rows of one segment as Parquet, small enough to keep for ever."""
    stored = to_parquet_form(rows, shape.relation)
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(
        sink,
        stored.schema,
        compression="zstd",
        compression_level=3,
        use_dictionary=_dictionary_columns(shape.relation),
        column_encoding=_encodings(shape.relation),
        # A false minimum makes an engine skip rows that are there. No statistics, nothing to falsify.
        write_statistics=False,
        write_page_checksum=True,
        store_schema=False,
    ) as writer:
        writer.write_table(stored, row_group_size=MAX_ROWS)
        writer.add_key_value_metadata(_labels(shape, first))
    return cast(bytes, sink.getvalue().to_pybytes())


def open_parquet(blob: bytes, segment: Segment) -> pq.ParquetFile:
    """Open the Parquet file of a segment; raises WrongLeafError when it is not one."""
    if not blob.startswith(b"PAR1"):  # pyarrow looks at the end of the file only
        raise unreadable(segment)
    try:
        return pq.ParquetFile(pa.BufferReader(blob), page_checksum_verification=True)
    except UNREADABLE as error:
        raise unreadable(segment) from error


def read_rows(
    blob: bytes, segment: Segment, shape: Shape, *, columns: Sequence[str] | None = None
) -> pa.Table:
    """Read rows in fact form (whole, or in parquet form the named `columns`); raises WrongLeafError."""
    file = open_parquet(blob, segment)
    try:
        stored = file.read(columns=columns)
        return stored if columns else from_parquet_form(as_declared(stored, shape.relation), shape.relation)
    except UNREADABLE as error:
        raise unreadable(segment) from error


def as_declared(stored: pa.Table, relation: Relation) -> pa.Table:
    """Give rows as on disk the types of their schema; raises one of UNREADABLE when they do not fit."""
    wanted = parquet_schema(relation)
    return stored.select(wanted.names).cast(wanted)


def labels_of(file: pq.ParquetFile) -> dict[str, str]:
    """Give our own labels in the footer of a segment, without their prefix."""
    kept = file.metadata.metadata or {}
    return {
        key.decode("utf-8", "replace").removeprefix("rekenschap."): value.decode("utf-8", "replace")
        for key, value in kept.items()
        if key.startswith(b"rekenschap.")
    }


def expected_labels(shape: Shape, first: int) -> dict[str, str]:
    """Give the labels the footer of a segment must have."""
    return {key.removeprefix("rekenschap."): value for key, value in _labels(shape, first).items()}


def torn_tokens(stored: pa.Table, relation: Relation) -> int | None:
    """Give the first row where one half of a token is NULL and the other is not, which no row may have."""
    torn = [
        pc.index(
            pc.xor(stored.column(f"{c.name}_hi").is_null(), stored.column(f"{c.name}_lo").is_null()), True
        ).as_py()
        for c in relation
        if c.kind is Kind.TOKEN
    ]
    return min((row for row in torn if row >= 0), default=None)


def _labels(shape: Shape, first: int) -> dict[str, str]:
    return {
        "rekenschap.format": FORMAT,
        "rekenschap.relation": shape.relation.name,
        "rekenschap.schema_no": str(shape.schema_no),
        "rekenschap.first": str(first),
        "rekenschap.kind": str(shape.kind),
    }


def _dictionary_columns(relation: Relation) -> list[str]:
    names: list[str] = []
    for column in relation:
        if column.kind is Kind.TOKEN:
            names += [f"{column.name}_hi", f"{column.name}_lo"]
        elif column.kind in (Kind.TEXT, Kind.CODE):
            names.append(column.name)
    return names


def _encodings(relation: Relation) -> dict[str, str]:
    chosen = {c.name: "DELTA_BINARY_PACKED" for c in relation if c.kind in _DELTA}
    return chosen | {c.name: "DELTA_LENGTH_BYTE_ARRAY" for c in relation if c.kind is Kind.BYTES}


def unreadable(segment: Segment) -> WrongLeafError:
    """Make the alarm for a file whose rows cannot be read."""
    return WrongLeafError(
        expected=f"the rows of {segment.relation} from entry {segment.first} on in {segment.parquet}",
        found="a file that is damaged or not Parquet",
        remedy="keep it as evidence and restore the file from a copy",
        entry=segment.first,
    )
