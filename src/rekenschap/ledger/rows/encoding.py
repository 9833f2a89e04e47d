# SPDX-License-Identifier: EUPL-1.2
"""AEL1: the one sequence of bytes a row has for ever, written for whole columns at once.

A row is a head, a bitmap of NULLs, every fixed value and every length, then the bytes of the variable
columns. All lengths stand in the fixed part, so two different rows never give the same bytes.
Knows no file, salt or tree. `decoding` is the way back; docs/reference/ledger-format.md the full text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.model.columns import Column, Kind

MAGIC = b"AEL1"
Matrix = npt.NDArray[np.uint8]


class Form(StrEnum):
    """How a value stands in a row."""

    BYTES = "bytes"  # exactly `width` bytes
    VAR = "var"  # u32be length in the fixed part, bytes in the tail
    I64 = "i64"
    U64 = "u64"
    U32 = "u32"
    DAY = "day"  # i32be
    FLAG = "flag"  # 00 or 01


_NUMBERS: dict[Form, tuple[pa.DataType, str]] = {
    Form.I64: (pa.int64(), ">i8"),
    Form.U64: (pa.uint64(), ">u8"),
    Form.U32: (pa.uint32(), ">u4"),
    Form.DAY: (pa.int32(), ">i4"),
    Form.FLAG: (pa.uint8(), ">u1"),
}
_WIDTH = {Form.VAR: 4, Form.I64: 8, Form.U64: 8, Form.U32: 4, Form.DAY: 4, Form.FLAG: 1}

_FORM = {
    Kind.TOKEN: Form.BYTES,
    Kind.BYTES: Form.BYTES,
    Kind.TEXT: Form.VAR,
    Kind.CODE: Form.VAR,
    Kind.TIME: Form.I64,
    Kind.DAY: Form.DAY,
    Kind.COUNT: Form.I64,
    Kind.FLAG: Form.FLAG,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value of a row: its form and how many bytes it takes in the fixed part."""

    form: Form
    width: int


Layout = tuple[Field, ...]


def field(form: Form, width: int = 0) -> Field:
    """Make a field; only BYTES needs its width told."""
    return Field(form=form, width=_WIDTH.get(form, width))


def layout_of(columns: Sequence[Column]) -> Layout:
    """Give the layout of columns in schema order."""
    return tuple(field(_FORM[c.kind], c.width if c.kind is Kind.BYTES else 16) for c in columns)


def head_of(kind: int, schema_no: int) -> bytes:
    """Give the first nine bytes of every row: magic, kind and number of the schema."""
    return MAGIC + bytes([kind]) + schema_no.to_bytes(4, "big")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Encoded rows after each other; row i is `blob[offsets[i]:offsets[i + 1]]`."""

    blob: bytes
    offsets: list[int]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> bytes:
        return self.blob[self.offsets[row] : self.offsets[row + 1]]

    def digests(self) -> bytes:
        """Hash each row with SHA-256; the packed hashes in row order."""
        blob = self.blob
        return b"".join([sha256(blob[start:stop]).digest() for start, stop in pairwise(self.offsets)])


def encode(columns: Sequence[pa.Array], layout: Layout, *, head: bytes, before: Matrix | None = None) -> Rows:
    """Encode equally long columns, in schema order, into rows that begin with `head`.

    `before` is a matrix with one line of bytes for each row that is put in front of it (the salts).
    Raises pa.ArrowInvalid when a value does not fit its form.
    """
    plain = [_plain(column) for column in columns]
    count = len(plain[0])
    fixed = _fixed_part(plain, layout, head, before, count)
    tails = [c.cast(pa.large_binary()) for c, f in zip(plain, layout, strict=True) if f.form is Form.VAR]
    if not tails:
        step = fixed.shape[1]
        return Rows(blob=fixed.tobytes(), offsets=list(range(0, (count + 1) * step, step)))
    joined = pc.binary_join_element_wise(
        _as_binary(fixed),
        *tails,
        pa.scalar(b"", pa.large_binary()),
        null_handling="replace",
        null_replacement=b"",
    )
    _, starts, blob = joined.buffers()
    offsets = np.frombuffer(starts, dtype=np.int64)[: count + 1]
    return Rows(blob=blob.to_pybytes() if blob else b"", offsets=offsets.tolist())


def _plain(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _fixed_part(
    columns: Sequence[pa.Array], layout: Layout, head: bytes, before: Matrix | None, count: int
) -> Matrix:
    start = 0 if before is None else before.shape[1]
    bitmap = start + len(head)
    at = bitmap + -(-len(layout) // 8)
    matrix = np.zeros((count, at + sum(f.width for f in layout)), dtype=np.uint8)
    if before is not None:
        matrix[:, :start] = before
    matrix[:, start:bitmap] = np.frombuffer(head, dtype=np.uint8)
    for number, (column, each) in enumerate(zip(columns, layout, strict=True)):
        if column.null_count:
            empty = column.is_null().to_numpy(zero_copy_only=False).astype(np.uint8)
            matrix[:, bitmap + (number >> 3)] |= empty << (number & 7)
        matrix[:, at : at + each.width] = _fixed_values(column, each, count)
        at += each.width
    return matrix


def _fixed_values(column: pa.Array, each: Field, count: int) -> Matrix:
    if each.form is Form.BYTES:
        return _raw_bytes(column, each.width, count)
    if each.form is Form.VAR:
        column = pc.binary_length(column)
        arrow_type, numpy_type = _NUMBERS[Form.U32]
    else:
        arrow_type, numpy_type = _NUMBERS[each.form]
    if pa.types.is_date(column.type) or pa.types.is_boolean(column.type):
        numbers = column.cast(arrow_type)
    else:
        numbers = (
            column.cast(pa.int64()).cast(arrow_type)
            if pa.types.is_timestamp(column.type)
            else column.cast(arrow_type)
        )
    filled = (numbers.fill_null(0) if numbers.null_count else numbers).to_numpy(zero_copy_only=False)
    return np.ascontiguousarray(filled.astype(numpy_type)).view(np.uint8).reshape(count, each.width)


def _raw_bytes(column: pa.Array, width: int, count: int) -> Matrix:
    same = column.cast(pa.binary(width))
    filled = same.fill_null(bytes(width)) if same.null_count else same
    flat = np.frombuffer(filled.buffers()[1] or b"", dtype=np.uint8)
    return flat[filled.offset * width : (filled.offset + count) * width].reshape(count, width)


def _as_binary(matrix: Matrix) -> pa.Array:
    count, step = matrix.shape
    offsets = np.arange(0, (count + 1) * step, step, dtype=np.int64)
    return pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), count, [None, pa.py_buffer(offsets), pa.py_buffer(matrix)]
    )
