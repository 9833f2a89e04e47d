# SPDX-License-Identifier: EUPL-1.2
"""The relations in Arrow form, in the three shapes a fact takes on its way.

fact form     at the door and in the ledger's encoding: a token is 16 bytes
parquet form  on disk: a token is two BIGINTs `*_hi` and `*_lo`, which every engine reads alike
work form     in SQL: a token, a trace id and a span id are the BIGINT of their first eight bytes, a time is
              BIGINT microseconds UTC, there is no fact_id, and three columns are added: `entry` (index in
              the ledger), `happened_day` and `happened_minute` (local time)

Knows no file and no engine.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.model.columns import Column, Kind, Relation

ZONE = "Europe/Amsterdam"
"""Days and minutes of the day are counted in this time zone unless a house says otherwise."""

TOKEN_WIDTH = 16
_IDENTITY = "fact_id"
_MICROSECONDS_PER_MINUTE = 60_000_000
_MICROSECONDS_PER_DAY = 86_400_000_000

_ARROW: dict[Kind, pa.DataType] = {
    Kind.TOKEN: pa.binary(TOKEN_WIDTH),
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.TIME: pa.timestamp("us", tz="UTC"),
    Kind.DAY: pa.date32(),
    Kind.COUNT: pa.int64(),
    Kind.FLAG: pa.bool_(),
}

_WORK: dict[Kind, pa.DataType] = {
    Kind.TOKEN: pa.int64(),
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.TIME: pa.int64(),
    Kind.DAY: pa.int32(),
    Kind.COUNT: pa.int64(),
    Kind.FLAG: pa.bool_(),
    Kind.BYTES: pa.int64(),
}


def arrow_type(column: Column) -> pa.DataType:
    """Give the Arrow type of a column in fact form."""
    return pa.binary(column.width) if column.kind is Kind.BYTES else _ARROW[column.kind]


def fact_schema(relation: Relation) -> pa.Schema:
    """Give the schema of a relation in fact form."""
    return pa.schema([pa.field(c.name, arrow_type(c), nullable=not c.required) for c in relation])


def parquet_schema(relation: Relation) -> pa.Schema:
    """Give the schema of a relation on disk; BYTES are plain binary, which Spark reads too."""
    fields: list[pa.Field] = []
    for column in relation:
        fields.extend(_parquet_fields(column))
    return pa.schema(fields)


def to_parquet_form(facts: pa.Table, relation: Relation) -> pa.Table:
    """Turn fact form into parquet form; row order is kept."""
    arrays: list[pa.Array] = []
    for column in relation:
        array = one_chunk(facts.column(column.name))
        if column.kind is Kind.TOKEN:
            arrays.extend(halves(array))
        else:
            arrays.append(array.cast(pa.binary()) if column.kind is Kind.BYTES else array)
    return pa.Table.from_arrays(arrays, schema=parquet_schema(relation))


def from_parquet_form(stored: pa.Table, relation: Relation) -> pa.Table:
    """Turn parquet form back into fact form; KeyError or pa.ArrowInvalid when it is not of `relation`."""
    arrays: list[pa.Array] = []
    for column in relation:
        if column.kind is Kind.TOKEN:
            hi, lo = (one_chunk(stored.column(f"{column.name}_{half}")) for half in ("hi", "lo"))
            arrays.append(joined(hi, lo))
        else:
            arrays.append(one_chunk(stored.column(column.name)).cast(arrow_type(column)))
    return pa.Table.from_arrays(arrays, schema=fact_schema(relation))


def work_schema(relation: Relation) -> pa.Schema:
    """Give the schema of a relation in work form: what SQL sees."""
    fields = [pa.field("entry", pa.int64())]
    fields += [pa.field(c.name, _WORK[c.kind]) for c in relation if c.name != _IDENTITY]
    fields += [pa.field("happened_day", pa.int32()), pa.field("happened_minute", pa.int32())]
    return pa.schema(fields)


def to_work_form(facts: pa.Table, relation: Relation, *, entries: pa.Array, zone: str = ZONE) -> pa.Table:
    """Turn fact form into work form; `entries` is the ledger index of each row (int64)."""
    arrays: list[pa.Array] = [entries.cast(pa.int64())]
    for column in relation:
        if column.name == _IDENTITY:
            continue
        array = one_chunk(facts.column(column.name))
        arrays.append(_in_work_form(array, column))
    arrays += local_day_and_minute(one_chunk(facts.column(relation.happened)), zone=zone)
    return pa.Table.from_arrays(arrays, schema=work_schema(relation))


def in_shape_of(rows: pa.Table, relation: Relation) -> pa.Table:
    """Give rows in work form the columns `relation` has today; what they had no column for is null."""
    schema = work_schema(relation)
    return pa.table(
        [
            rows.column(field.name)
            if field.name in rows.column_names
            else pa.nulls(rows.num_rows, field.type)
            for field in schema
        ],
        schema=schema,
    )


def local_day_and_minute(times: pa.Array, *, zone: str = ZONE) -> tuple[pa.Array, pa.Array]:
    """Give the local day (since 1970-01-01) and minutes after local midnight of UTC times (int32 each)."""
    local = pc.local_timestamp(times.cast(pa.timestamp("us", tz=zone))).cast(pa.int64())
    filled = np.asarray(local.fill_null(0))
    mask = np.asarray(local.is_null())
    day, within = np.divmod(filled, _MICROSECONDS_PER_DAY)
    return (
        pa.array(day.astype(np.int32), mask=mask),
        pa.array((within // _MICROSECONDS_PER_MINUTE).astype(np.int32), mask=mask),
    )


def halves(tokens: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Split 16-byte tokens into two big-endian signed halves (int64 each); null stays null."""
    filled = tokens.cast(pa.binary(TOKEN_WIDTH)).fill_null(bytes(TOKEN_WIDTH))
    flat = b"".join(filled.cast(pa.binary()).to_pylist()) if filled.offset else filled.buffers()[1]
    pairs = np.frombuffer(flat, dtype=">i8")[: 2 * len(filled)].reshape(-1, 2).astype(np.int64)
    mask = np.asarray(tokens.is_null())
    return pa.array(pairs[:, 0], mask=mask), pa.array(pairs[:, 1], mask=mask)


def joined(hi: pa.Array, lo: pa.Array) -> pa.Array:
    """Join two halves into 16-byte tokens; the inverse of `halves`."""
    mask = np.asarray(hi.is_null())
    pairs = np.column_stack([np.asarray(hi.fill_null(0)), np.asarray(lo.fill_null(0))]).astype(">i8")
    tokens = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(TOKEN_WIDTH), len(hi), [None, pa.py_buffer(pairs.tobytes())]
    )
    return (
        pc.if_else(pa.array(mask), pa.scalar(None, pa.binary(TOKEN_WIDTH)), tokens) if mask.any() else tokens
    )


def _parquet_fields(column: Column) -> list[pa.Field]:
    if column.kind is Kind.TOKEN:
        return [pa.field(f"{column.name}_{half}", pa.int64()) for half in ("hi", "lo")]
    return [pa.field(column.name, pa.binary() if column.kind is Kind.BYTES else arrow_type(column))]


def _in_work_form(array: pa.Array, column: Column) -> pa.Array:
    if column.kind is Kind.TOKEN:
        return halves(array)[0]
    if column.kind is Kind.BYTES:
        return _first_half(array, column.width)
    return array.cast(_WORK[column.kind])


def _first_half(raw: pa.Array, width: int) -> pa.Array:
    """Give the first eight bytes of each value as a BIGINT, big-endian; null stays null."""
    if raw.null_count == len(raw):
        return pa.nulls(len(raw), pa.int64())
    flat = b"".join(raw.fill_null(bytes(width)).cast(pa.binary()).to_pylist())
    octets = np.frombuffer(flat, dtype=np.uint8).reshape(len(raw), width)[:, :8]
    numbers = np.ascontiguousarray(octets).view(">i8")[:, 0].astype(np.int64)
    return pa.array(numbers, mask=np.asarray(raw.is_null()))


def one_chunk(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Give a column in one piece; one that is so already is not copied, as `combine_chunks` would."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def check_dictionaries(table: pa.Table) -> pa.Table:
    """Give the table when each place in a dictionary is there; raises pa.ArrowInvalid for a damaged one.

    A reader of Parquet does not look at that, and who asks for such a text gets another kind of error.
    """
    for column in table.columns:
        for chunk in column.chunks if pa.types.is_dictionary(column.type) else ():
            chunk.validate(full=True)
    return table
