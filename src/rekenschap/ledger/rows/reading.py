# SPDX-License-Identifier: EUPL-1.2
"""The way back for many AEL1 rows at once: from their bytes to Arrow columns, strictly.

What encode() would not have written is refused; `decoding` does the same for one row. Knows no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rekenschap.errors import MalformedProofError
from rekenschap.ledger.rows.code.agreed import Form
from rekenschap.ledger.rows.encoding import Field, Layout, Matrix, layout_of
from rekenschap.ledger.rows.hashing import Buffer, Offsets
from rekenschap.model.columns import Kind, Relation
from rekenschap.tables import fact_schema

Flags = npt.NDArray[np.bool_]
_NUMBERS = {
    Form.I64: (">i8", pa.int64()),
    Form.U64: (">u8", pa.uint64()),
    Form.U32: (">u4", pa.uint32()),
    Form.DAY: (">i4", pa.int32()),
}


def decode_columns(rows: Buffer, offsets: Offsets, relation: Relation, *, head: bytes) -> pa.Table:
    """Read the rows of a relation into a table in fact form; row i is `rows[offsets[i]:offsets[i + 1]]`.

    Raises MalformedProofError when a row has another head or a spelling that encode() does not give.
    """
    columns = columns_in(rows, offsets, layout_of(relation.columns), head=head)
    schema = fact_schema(relation)
    try:
        fitting = [
            column.cast(pa.binary()).cast(each.type) if _is_text(kind) else column.cast(each.type)
            for column, each, kind in zip(columns, schema, (c.kind for c in relation), strict=True)
        ]
        return pa.Table.from_arrays(fitting, schema=schema)
    except pa.ArrowInvalid as error:
        raise _malformed("text in UTF-8") from error


def columns_in(rows: Buffer, offsets: Offsets, layout: Layout, *, head: bytes) -> list[pa.Array]:
    """Read rows that begin with `head` into one column for each field.

    Numbers come as int64, uint64, uint32 and int32, flags as bool, variable values as large binary.
    Raises MalformedProofError as decode_columns does.
    """
    # 1. Every row begins with the head and a bitmap, and has room for its fixed part.
    fixed = _fixed_part(rows, offsets, layout, head)
    nulls = _nulls(fixed, layout, len(head))
    # 2. What is NULL is zero in the fixed part, and the lengths in it are those of the rest of the row.
    values = list(_values(fixed, layout, len(head)))
    for each, empty in zip(values, nulls, strict=True):
        _refuse("only zero bytes where the bitmap says NULL", when=bool(each[empty].any()))
    lengths = [_lengths(v) for v, f in zip(values, layout, strict=True) if f.form is Form.VAR]
    tails = _tails(rows, offsets, fixed.shape[1], lengths)
    # 3. Each column by itself.
    return [
        _with_nulls(next(tails), empty) if each.form is Form.VAR else _column(value, each, empty)
        for value, each, empty in zip(values, layout, nulls, strict=True)
    ]


def _with_nulls(texts: pa.Array, nulls: Flags) -> pa.Array:
    _, ends, text = texts.buffers()
    buffers = [_validity(nulls), ends, text]
    return cast(pa.Array, pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(nulls), buffers))


def _fixed_part(rows: Buffer, offsets: Offsets, layout: Layout, head: bytes) -> Matrix:
    width = len(head) + -(-len(layout) // 8) + sum(each.width for each in layout)
    count = len(offsets) - 1
    inside = count >= 0 and offsets[0] >= 0 and offsets[-1] <= len(rows)
    _refuse("rows within their bytes", when=not inside)
    _refuse(f"rows of at least {width} bytes", when=bool((np.diff(offsets) < width).any()))
    pieces = _cut(rows, [offsets[:-1], offsets[:-1] + width], offsets[-1])
    taken = pieces.take(pa.array(np.arange(0, 2 * count, 2)))
    fixed = np.frombuffer(taken.buffers()[2] or b"", dtype=np.uint8)[: count * width].reshape(count, width)
    own = np.frombuffer(head, dtype=np.uint8)
    _refuse("rows of one schema", when=bool((fixed[:, : len(head)] != own).any()))
    return fixed


def _nulls(fixed: Matrix, layout: Layout, start: int) -> Sequence[Flags]:
    bitmap = fixed[:, start : start + -(-len(layout) // 8)]
    bits = np.unpackbits(bitmap, axis=1, bitorder="little").astype(np.bool_)
    _refuse("spare bits of the NULL bitmap to be zero", when=bool(bits[:, len(layout) :].any()))
    return [bits[:, number] for number in range(len(layout))]


def _values(fixed: Matrix, layout: Layout, start: int) -> Iterator[Matrix]:
    at = start + -(-len(layout) // 8)
    for each in layout:
        yield np.ascontiguousarray(fixed[:, at : at + each.width])
        at += each.width


def _lengths(values: Matrix) -> Offsets:
    return values.reshape(-1).view(">u4").astype(np.int64)


def _tails(rows: Buffer, offsets: Offsets, width: int, lengths: list[Offsets]) -> Iterator[pa.Array]:
    starts = [offsets[:-1], offsets[:-1] + width]
    for each in lengths:
        starts.append(starts[-1] + each)
    _refuse("rows as long as their lengths say", when=bool((starts[-1] != offsets[1:]).any()))
    parts = len(lengths) + 1
    pieces = _cut(rows, starts[:-1], offsets[-1])
    for number in range(1, parts):
        places = np.arange(number, parts * (len(offsets) - 1), parts)
        yield pieces.take(pa.array(places))


def _cut(rows: Buffer, starts: list[Offsets], end: int) -> pa.Array:
    """Cut rows into as many pieces each as there are `starts`; no byte is copied."""
    ends = np.append(np.column_stack(starts).reshape(-1), end).astype(np.int64)
    return pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(ends) - 1, [None, pa.py_buffer(ends), pa.py_buffer(rows)]
    )


def _column(values: Matrix, each: Field, nulls: Flags) -> pa.Array:
    if each.form is Form.BYTES:
        buffers = [_validity(nulls), pa.py_buffer(values)]
        return pa.FixedSizeBinaryArray.from_buffers(pa.binary(each.width), len(nulls), buffers)
    if each.form is Form.FLAG:
        _refuse("a flag of 00 or 01", when=bool((values > 1).any()))
        return pa.array(values.reshape(-1).astype(np.bool_), mask=nulls)
    order, arrow_type = _NUMBERS[each.form]
    return pa.array(values.reshape(-1).view(order).astype(order[1:]), type=arrow_type, mask=nulls)


def _validity(nulls: Flags) -> pa.Buffer | None:
    return pa.py_buffer(np.packbits(~nulls, bitorder="little")) if nulls.any() else None


def _is_text(kind: Kind) -> bool:
    return kind in (Kind.TEXT, Kind.CODE)


def _refuse(expected: str, *, when: bool) -> None:
    if when:
        raise _malformed(expected)


def _malformed(expected: str) -> MalformedProofError:
    return MalformedProofError(expected=expected, found="other bytes", remedy="read the rows again")
