# SPDX-License-Identifier: EUPL-1.2
"""AEL1: the one sequence of bytes a row has for ever, written for whole columns at once.

A row is a head, a bitmap of NULLs, every fixed value and every length, then the bytes of the variable
columns. All lengths stand in the fixed part, so two different rows never give the same bytes.
Knows no file, salt or tree. `decoding` is the way back; docs/reference/ledger-format.md the full text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.ledger.rows.code.agreed import Form
from rekenschap.ledger.rows.hashing import Offsets, digests
from rekenschap.model.columns import Column, Kind

MAGIC = b"AEL1"
Matrix = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


_NUMBERS: dict[Form, tuple[pa.DataType, str]] = {
    Form.I64: (pa.int64(), ">i8"),
    Form.U64: (pa.uint64(), ">u8"),
    Form.U32: (pa.uint32(), ">u4"),
    Form.DAY: (pa.int32(), ">i4"),
    Form.FLAG: (pa.uint8(), ">u1"),
}
_AS_STORED: dict[Form, tuple[np.dtype[Any], frozenset[int]]] = {
    Form.I64: (np.dtype("<i8"), frozenset({pa.int64().id, pa.timestamp("us").id})),
    Form.U64: (np.dtype("<u8"), frozenset({pa.uint64().id})),
    Form.U32: (np.dtype("<u4"), frozenset({pa.uint32().id})),
    Form.DAY: (np.dtype("<i4"), frozenset({pa.int32().id, pa.date32().id})),
    Form.FLAG: (np.dtype("u1"), frozenset({pa.uint8().id})),
}
"""Columns whose values are read from their buffer as they are: a cast costs more than a hundred rows."""
_LENGTH = np.dtype(">u4")
_OFFSET, _SHORT = np.dtype("<i4"), frozenset({pa.string().id, pa.binary().id})
_JOIN = pc.JoinOptions(null_handling="replace", null_replacement="")
_MOST = (1 << 31) - 1
"""How many bytes offsets of 32 bits reach; beyond it they are of 64, which costs more."""
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
_TOKEN = Field(form=Form.BYTES, width=16)


def field(form: Form, width: int = 0) -> Field:
    """Make a field; only BYTES needs its width told."""
    return Field(form=form, width=_WIDTH.get(form, width))


def layout_of(columns: Sequence[Column]) -> Layout:
    """Give the layout of columns in schema order."""
    return tuple(field(_FORM[c.kind], c.width if c.kind is Kind.BYTES else 16) for c in columns)


def head_of(kind: int, schema_no: int) -> bytes:
    """Give the first nine bytes of every row: magic, kind and number of the schema."""
    return MAGIC + bytes([kind]) + schema_no.to_bytes(4, "big")


class Halves(NamedTuple):
    """A column of 16-byte values as it stands on disk: two signed big-endian halves, NULL where `hi` is."""

    hi: pa.Array | pa.ChunkedArray
    lo: pa.Array | pa.ChunkedArray

    def slice(self, start: int, count: int) -> Halves:
        """Give `count` values from `start` on."""
        return Halves(self.hi.slice(start, count), self.lo.slice(start, count))


Values: TypeAlias = pa.Array | pa.ChunkedArray | Halves


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Encoded rows after each other; row i is `blob[offsets[i]:offsets[i + 1]]`."""

    blob: memoryview
    offsets: Offsets

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> bytes:
        return bytes(self.blob[int(self.offsets[row]) : int(self.offsets[row + 1])])

    def digests(self) -> bytes:
        """Hash each row with SHA-256; the packed hashes in row order."""
        return digests(self.blob, self.offsets)


def encode(columns: Sequence[Values], layout: Layout, *, head: bytes, before: Matrix | None = None) -> Rows:
    """Encode equally long columns, in schema order, into rows that begin with `head`.

    `before` is a matrix with one line of bytes for each row that is put in front of it (the salts).
    Raises pa.ArrowInvalid when a value does not fit its form.
    """
    plain = [column if isinstance(column, Halves) else _plain(column) for column in in_one_piece(columns)]
    fixed = _fixed_part(plain, layout, head=head, before=before)
    tails = [
        c
        for c, each in zip(plain, layout, strict=True)
        if each.form is Form.VAR and not isinstance(c, Halves)
    ]
    count, step = fixed.shape
    if not tails:
        ends = np.arange(0, (count + 1) * step, step, dtype=np.int64)
        return Rows(blob=fixed.reshape(-1).data, offsets=ends)
    is_wide = fixed.nbytes + _bytes_at_most(tails) > _MOST
    kind = _kind(tails, is_wide=is_wide)
    parts = [
        _as_binary(fixed, kind, is_wide=is_wide),
        *(_binary(tail, kind) for tail in tails),
        pa.scalar(b"", kind),
    ]
    _, starts, blob = pc.call_function("binary_join_element_wise", parts, _JOIN).buffers()
    offsets = np.frombuffer(starts, dtype=_offset(is_wide))[: count + 1].astype(np.int64)
    whole = memoryview(blob).cast("B") if blob else memoryview(b"")
    return Rows(blob=whole[: int(offsets[-1])], offsets=offsets)


def height_of(columns: Sequence[Values]) -> int:
    """Say how many rows the columns have."""
    return len(columns[0].hi) if isinstance(columns[0], Halves) else len(columns[0])


def in_one_piece(columns: Sequence[Values]) -> list[pa.Array | Halves]:
    """Give columns as arrays, copied only when they are in several pieces."""
    return [Halves(*map(_whole, each)) if isinstance(each, Halves) else _whole(each) for each in columns]


def _plain(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Give a column in one piece; copied only when it is in several."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def blank_line(layout: Layout, *, head: bytes, start: int = 0) -> bytes:
    """Make a line to be filled for each row: with the head in it, `start` bytes from the left."""
    return bytes(start) + head + bytes(-(-len(layout) // 8) + sum(f.width for f in layout))


def _fixed_part(
    columns: Sequence[pa.Array | Halves], layout: Layout, *, head: bytes, before: Matrix | None = None
) -> Matrix:
    """Encode columns in one piece as far as all rows are equally long, lengths of what comes after too."""
    start = 0 if before is None else before.shape[1]
    line = np.frombuffer(blank_line(layout, head=head, start=start), dtype=np.uint8)
    matrix = np.tile(line, (height_of(columns), 1))
    if before is not None:
        matrix[:, :start] = before
    at = start + len(head)
    bitmap = bitmap_of([nulls_in(column) for column in columns])
    if bitmap is not None:
        matrix[:, at : at + bitmap.shape[1]] = bitmap
    at += -(-len(layout) // 8)
    for column, each in zip(columns, layout, strict=True):
        for values, dtype in fixed_values(column, each):
            _put(matrix, at, values, dtype)
            at += dtype.itemsize
    return matrix


def nulls_in(column: pa.Array | Halves) -> Flags | None:
    """Say where a column is NULL; None when it is so nowhere."""
    present = column.hi if isinstance(column, Halves) else column
    return present.is_null().to_numpy(zero_copy_only=False) if present.null_count else None


def bitmap_of(nulls: Sequence[Flags | None]) -> Matrix | None:
    """Give the bitmap of each row, of whose columns this says where they are NULL; None when all is there."""
    some = [(number, empty) for number, empty in enumerate(nulls) if empty is not None]
    if not some:
        return None
    bitmap = np.zeros((len(some[0][1]), -(-len(nulls) // 8)), dtype=np.uint8)
    for number, empty in some:
        bitmap[:, number >> 3] |= empty.view(np.uint8) << (number & 7)
    return bitmap


Numbers: TypeAlias = npt.NDArray[np.generic]
Placed: TypeAlias = tuple[Numbers, "np.dtype[Any]"]
"""values, and how each stands in a row"""


def _put(matrix: Matrix, at: int, values: Numbers, dtype: np.dtype[Any]) -> None:
    """Write one value into each line from byte `at` on; one copy, turned around when `dtype` says so."""
    if len(matrix):
        lines: Numbers = np.ndarray((len(matrix),), dtype, matrix.data, at, (matrix.shape[1],))
        lines[...] = values


def fixed_values(column: pa.Array | Halves, each: Field) -> Iterator[Placed]:
    """Give what stands of a column in the fixed part; as wide in memory as it is there."""
    if isinstance(column, Halves):
        if each != _TOKEN:
            raise pa.ArrowInvalid("halves are of values of 16 bytes")
        yield from (_numbers(half, Form.I64) for half in column)
    elif each.form is Form.BYTES:
        yield _raw_bytes(column, each.width)
    elif each.form is Form.VAR:
        yield _lengths(column)
    else:
        yield _numbers(column, each.form)


def _numbers(column: pa.Array, form: Form) -> Placed:
    arrow_type, numpy_type = _NUMBERS[form]
    stored, types = _AS_STORED[form]
    if column.type.id in types:
        values = _window(column.buffers()[1], stored, column.offset, len(column))
        return _zeroed(values, column), np.dtype(numpy_type)
    plain = column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column
    numbers = plain.cast(arrow_type)
    filled = numbers.fill_null(0) if numbers.null_count else numbers
    return filled.to_numpy(zero_copy_only=False), np.dtype(numpy_type)


def _lengths(column: pa.Array) -> Placed:
    if column.type.id not in _SHORT:
        return _numbers(pc.binary_length(column).cast(pa.uint32()), Form.U32)
    if not len(column):
        return np.zeros(0, dtype=_OFFSET), _LENGTH
    ends = np.frombuffer(column.buffers()[1], _OFFSET, len(column) + 1, column.offset * _OFFSET.itemsize)
    return _zeroed(ends[1:] - ends[:-1], column), _LENGTH


def _raw_bytes(column: pa.Array, width: int) -> Placed:
    dtype = np.dtype(f"V{width}")
    raw = packed(column, width)
    if raw is not None:
        return np.frombuffer(raw, dtype=dtype), dtype
    same = column if column.type == pa.binary(width) else column.cast(pa.binary(width))
    return _zeroed(_window(same.buffers()[1], dtype, same.offset, len(same)), same), dtype


def packed(column: pa.Array, width: int) -> memoryview | None:
    """Give binary values that are all there and `width` bytes long as they lie: a cast copies each."""
    if column.type.id != pa.binary().id or column.null_count or not len(column):
        return None
    _, bounds, values = column.buffers()
    ends = np.frombuffer(bounds, _OFFSET, len(column) + 1, column.offset * _OFFSET.itemsize)
    if values is None or not width or (np.diff(ends) != width).any():
        return None
    return memoryview(values).cast("B")[int(ends[0]) : int(ends[-1])]


def _window(buffer: pa.Buffer | None, dtype: np.dtype[Any], start: int, count: int) -> Numbers:
    """Read `count` values of a buffer without copying them."""
    if buffer is None or not count:
        return np.zeros(count, dtype=dtype)
    return np.frombuffer(buffer, dtype, count, start * dtype.itemsize)


def _zeroed(values: Numbers, column: pa.Array) -> Numbers:
    """Put zero bytes where the column is NULL: what stands there in a buffer is anybody's guess."""
    if not column.null_count:
        return values
    filled = values.copy()
    filled[column.is_null().to_numpy(zero_copy_only=False)] = np.zeros((), dtype=values.dtype)
    return filled


def _bytes_at_most(tails: Sequence[pa.Array]) -> int:
    """Give the bytes of the tails, or a bound on them when that is enough: it costs less."""
    bound = sum(tail.get_total_buffer_size() for tail in tails)
    return bound if bound < _MOST // 2 else sum(tail.nbytes for tail in tails)


def _kind(tails: Sequence[pa.Array], *, is_wide: bool) -> pa.DataType:
    """Choose the type to join in: that of the tails themselves where it can be, so that none is converted."""
    if is_wide:
        return pa.large_binary()
    return pa.string() if all(tail.type.id == pa.string().id for tail in tails) else pa.binary()


def _binary(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if column.type.id == kind.id:
        return column
    return column.view(kind) if column.type.id in _SHORT and kind.id in _SHORT else column.cast(kind)


def _offset(is_wide: bool) -> np.dtype[Any]:
    return np.dtype(np.int64 if is_wide else np.int32)


def _as_binary(matrix: Matrix, kind: pa.DataType, *, is_wide: bool) -> pa.Array:
    count, step = matrix.shape
    offsets = np.arange(0, (count + 1) * step, step, dtype=_offset(is_wide))
    return pa.Array.from_buffers(kind, count, [None, pa.py_buffer(offsets), pa.py_buffer(matrix)])
