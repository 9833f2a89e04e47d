# SPDX-License-Identifier: EUPL-1.2
"""One segment: the rows of one relation and one schema in a run of entries, its names, and its Parquet file.

A run is of one relation, or mixed: then several segments share it, its pack and its secret, and say in a
column `_place` which entries are theirs. The names are the manifest of a ledger.
Knows no tree, key or checkpoint.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rekenschap.errors import WrongLeafError
from rekenschap.ledger.rows.code.agreed import Form
from rekenschap.ledger.rows.encoding import Halves, Layout, Values, encode, field, head_of, layout_of
from rekenschap.model.columns import Column, Kind, Relation
from rekenschap.tables import from_parquet_form, parquet_schema, to_parquet_form

PLAIN_FORM, PLACED_FORM = "rekenschap-ledger/1", "rekenschap-ledger/2"
"""The form of a Parquet file: the columns of its schema only, or `place` (and `salt`) before them."""
MAX_ROWS = 131_072
GROUP_ROWS = 8_192  # rows that are read together to give one: small for a proof, large for the disk
SCHEMA_NAME = "schema"
KIND_SCHEMA, KIND_FACT, KIND_ERASURE, KIND_HOLD, KIND_KEY_EVENT = 0, 1, 2, 3, 4
KINDS = {
    SCHEMA_NAME: KIND_SCHEMA,
    "erasure": KIND_ERASURE,
    "hold": KIND_HOLD,
    "key_event": KIND_KEY_EVENT,
}
"""The kind of entry follows from the relation; all others are facts."""
PLACE, SALT = "_place", "_salt"
"""The columns we add; no column of a relation begins with an underscore."""
SALT_WIDTH = 16
UNREADABLE = (pa.ArrowException, OSError, ValueError, KeyError, IndexError, TypeError, MemoryError)
"""What pyarrow raises on a damaged file; its words are never passed on, because they may hold a value."""
_STEM = re.compile(
    r"segments/([0-9]{20})-(?:([a-z][a-z0-9_]{0,62})-)?([1-9][0-9]{0,5})"
    r"(?:\.(pack)|(?:\.([1-9][0-9]{0,5}))?\.(parquet))",
    re.ASCII,
)
_EXTRA = (pa.field(PLACE, pa.int32(), nullable=False), pa.field(SALT, pa.binary(), nullable=False))
Places = npt.NDArray[np.int32]
"""places of rows in their run of entries, from 0 on, ascending"""
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


def schema_row(number: int, text: str) -> bytes:
    """Write the row of a schema."""
    columns = [pa.array([number], pa.uint32()), pa.array([text], pa.string())]
    return encode(columns, SCHEMA_LAYOUT, head=SCHEMA_SHAPE.head)[0]


def shape_for(relation: Relation, schema_no: int) -> Shape:
    """Give the shape of rows of a relation that are written with this schema."""
    return Shape(relation=relation, kind=KINDS.get(relation.name, KIND_FACT), schema_no=schema_no)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Segment:
    """The name of a segment: its run of entries (first, how many) and its relation.

    The pack of a mixed run is a segment without a relation. `erased` counts how often rows were erased.
    """

    first: int
    relation: str
    rows: int
    mixed: bool = False
    erased: int = 0

    @property
    def end(self) -> int:
        """Index of the entry after the last of its run."""
        return self.first + self.rows

    @property
    def parquet(self) -> str:
        """Name of the file with the rows."""
        again = f".{self.erased}" if self.erased else ""
        return f"segments/{self.first:020d}-{self.relation}-{self.rows}{again}.parquet"

    @property
    def pack(self) -> str:
        """Name of the file with the commitments of the run, 32 bytes each."""
        relation = "" if self.mixed else f"{self.relation}-"
        return f"segments/{self.first:020d}-{relation}{self.rows}.pack"

    @property
    def secret(self) -> str:
        """Name of the file with the 32 bytes all salts of the run follow from."""
        return secret_name(self.first)

    @classmethod
    def from_name(cls, name: str) -> tuple[Self, str] | None:
        """Read a file name into the segment and `parquet` or `pack`; None when it is neither.

        Whether the run of a Parquet file is mixed only its pack tells.
        """
        found = _STEM.fullmatch(name)
        if found is None:
            return None
        first, relation, rows, pack, erased, parquet = found.groups()
        if parquet and not relation:
            return None
        segment = cls(
            first=int(first),
            relation=relation or "",
            rows=int(rows),
            mixed=not relation,
            erased=int(erased or 0),
        )
        return segment, pack or parquet


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows of one relation in a run of entries, in fact form, in entry order.

    Without places row k is the k-th entry of the run. With salts (packed, 16 bytes a row) the secret that
    gave them is destroyed.
    """

    shape: Shape
    rows: pa.Table
    places: Places | None = None
    salts: bytes | None = None

    def places_in(self) -> Places:
        """Give the place of each row."""
        return np.arange(self.rows.num_rows, dtype=np.int32) if self.places is None else self.places


def secret_name(first: int) -> str:
    """Give the name of the secret of the segment that begins at `first`."""
    return f"secrets/{first:020d}.secret"


def columns_of(rows: pa.Table, relation: Relation) -> list[pa.Array]:
    """Give the columns of a fact-form table in schema order, each in one piece."""
    arrays = [rows.column(c.name).combine_chunks() for c in relation]
    return [cast(pa.Array, a.chunk(0)) if isinstance(a, pa.ChunkedArray) else a for a in arrays]


def parquet_bytes(part: Part, *, first: int) -> bytes:
    """Write rows of one segment as Parquet, small enough to keep for ever."""
    relation = part.shape.relation
    stored = _with_extra(to_parquet_form(part.rows, relation), part)
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(
        sink,
        stored.schema,
        compression="zstd",
        compression_level=3,
        use_dictionary=_dictionary_columns(relation),
        column_encoding=_encodings(relation)
        | ({} if part.places is None else {PLACE: "DELTA_BINARY_PACKED"}),
        # A false minimum makes an engine skip rows that are there. No statistics, nothing to falsify.
        write_statistics=False,
        write_page_checksum=True,
        store_schema=False,
    ) as writer:
        writer.write_table(stored, row_group_size=GROUP_ROWS)
        writer.add_key_value_metadata(_labels(part.shape, first, placed=part.places is not None))
    return cast(bytes, sink.getvalue().to_pybytes())


def _with_extra(stored: pa.Table, part: Part) -> pa.Table:
    if part.salts is not None:
        whole = pa.FixedSizeBinaryArray.from_buffers(
            pa.binary(SALT_WIDTH), stored.num_rows, [None, pa.py_buffer(part.salts)]
        )
        stored = stored.add_column(0, _EXTRA[1], whole.cast(pa.binary()))
    if part.places is not None:
        stored = stored.add_column(0, _EXTRA[0], pa.array(part.places, pa.int32()))
    return stored


def open_parquet(
    blob: bytes,
    segment: Segment,
    *,
    dictionaries: Sequence[str] = (),
    footer: pq.FileMetaData | None = None,
) -> pq.ParquetFile:
    """Open the Parquet file of a segment; raises WrongLeafError when it is not one.

    Columns that are named in `dictionaries` are read as such. A `footer` of the same bytes is not read again.
    """
    if not blob.startswith(b"PAR1"):  # pyarrow looks at the end of the file only
        raise unreadable(segment)
    try:
        return pq.ParquetFile(
            pa.BufferReader(blob),
            metadata=footer,
            page_checksum_verification=True,
            read_dictionary=list(dictionaries),
        )
    except UNREADABLE as error:
        raise unreadable(segment) from error


def read_rows(
    blob: bytes, segment: Segment, shape: Shape, *, columns: Sequence[str] | None = None
) -> pa.Table:
    """Read rows in fact form (whole, or in parquet form the named `columns`); raises WrongLeafError."""
    file = open_parquet(blob, segment)
    try:
        stored = file.read(columns=columns, use_threads=_is_long(file))
        return stored if columns else from_parquet_form(as_declared(stored, shape.relation), shape.relation)
    except UNREADABLE as error:
        raise unreadable(segment) from error


def read_part(blob: bytes, segment: Segment, shape: Shape) -> Part:
    """Read all rows of a segment with their places and salts; raises WrongLeafError."""
    file = open_parquet(blob, segment)
    try:
        return part_in(file.read(use_threads=_is_long(file)), shape)
    except UNREADABLE as error:
        raise unreadable(segment) from error


def _is_long(file: pq.ParquetFile) -> bool:
    """Say whether there is enough to read for several threads: to wake them costs more than a short file."""
    return bool(file.metadata.num_rows > GROUP_ROWS)


def part_in(stored: pa.Table, shape: Shape) -> Part:
    """Make a part of a Parquet file that was read whole; raises one of UNREADABLE when it does not fit."""
    rows = from_parquet_form(as_declared(stored, shape.relation), shape.relation)
    return Part(shape=shape, rows=rows, places=places_of(stored), salts=salts_in(stored))


def places_of(stored: pa.Table) -> Places | None:
    """Give the column of places of rows as on disk, or None; raises ValueError when it does not ascend."""
    if PLACE not in stored.column_names:
        return None
    places = np.asarray(stored.column(PLACE).cast(pa.int32()).combine_chunks())
    if len(places) and (places[0] < 0 or (np.diff(places.astype(np.int64)) <= 0).any()):
        raise ValueError("places that do not ascend")
    return places.astype(np.int32, copy=False)


def salts_in(stored: pa.Table) -> bytes | None:
    """Give the column of salts of rows as on disk, packed, or None; raises one of UNREADABLE."""
    if SALT not in stored.column_names:
        return None
    whole = pa.concat_arrays(
        stored.column(SALT).cast(pa.binary(SALT_WIDTH)).chunks or [pa.array([], pa.binary(16))]
    )
    if whole.null_count:
        raise ValueError("a row without its salt")
    raw = whole.buffers()[1]
    start = whole.offset * SALT_WIDTH
    return raw.to_pybytes()[start : start + len(whole) * SALT_WIDTH] if raw else b""


def stored_schema(relation: Relation, *, placed: bool, salted: bool) -> pa.Schema:
    """Give the schema of rows on disk: places and salts where they have them, then their own columns."""
    extra = [each for each, kept in zip(_EXTRA, (placed, salted), strict=True) if kept]
    return pa.schema([*extra, *parquet_schema(relation)])


def as_declared(stored: pa.Table, relation: Relation) -> pa.Table:
    """Give rows as on disk the types of their schema; raises one of UNREADABLE when they do not fit."""
    wanted = parquet_schema(relation)
    return stored.select(wanted.names).cast(wanted)


def values_of(stored: pa.Table, relation: Relation) -> list[Values]:
    """Give the columns of rows as on disk in schema order, as they are encoded; none is copied."""
    return [
        Halves(*(stored.column(f"{column.name}_{half}") for half in ("hi", "lo")))
        if column.kind is Kind.TOKEN
        else stored.column(column.name)
        for column in relation
    ]


def labels_of(file: pq.ParquetFile) -> dict[str, str]:
    """Give our own labels in the footer of a segment, without their prefix."""
    kept = file.metadata.metadata or {}
    return {
        key.decode("utf-8", "replace").removeprefix("rekenschap."): value.decode("utf-8", "replace")
        for key, value in kept.items()
        if key.startswith(b"rekenschap.")
    }


def expected_labels(shape: Shape, first: int, *, placed: bool = False) -> dict[str, str]:
    """Give the labels the footer of a segment must have."""
    labels = _labels(shape, first, placed=placed)
    return {key.removeprefix("rekenschap."): value for key, value in labels.items()}


def torn_tokens(stored: pa.Table, relation: Relation) -> int | None:
    """Give the first row where one half of a token is NULL and the other is not, which no row may have."""
    halves = [
        (stored.column(f"{c.name}_hi"), stored.column(f"{c.name}_lo"))
        for c in relation
        if c.kind is Kind.TOKEN
    ]
    torn = [
        pc.index(pc.xor(hi.is_null(), lo.is_null()), True).as_py()
        for hi, lo in halves
        if hi.null_count or lo.null_count
    ]
    return min((row for row in torn if row >= 0), default=None)


def _labels(shape: Shape, first: int, *, placed: bool) -> dict[str, str]:
    return {
        "rekenschap.format": PLACED_FORM if placed else PLAIN_FORM,
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
