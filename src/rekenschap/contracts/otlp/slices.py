# SPDX-License-Identifier: EUPL-1.2
"""Slices of bytes as an Arrow column, without a Python object per slice."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.contracts.otlp.quick.scanning import gathered
from rekenschap.contracts.otlp.wire import Mask, Numbers, Wire

_FEW = 64
_INLINE = 12
"""Bytes that an Arrow view holds itself; a longer text is pointed at (Arrow columnar format, views)."""

_VIEW = np.dtype([("length", "<u4"), ("first", "<u4"), ("rest", "<u8")])
"""In `rest`: the other bytes of a short text, or of a long one where it begins (in the upper half)."""


_MASKS = np.array([(1 << 8 * octets) - 1 for octets in range(9)], dtype=np.uint64)
"""Keeps so many bytes of a number."""


def slices(wire: Wire, starts: Numbers, ends: Numbers) -> pa.Array:
    """Give the bytes between each start and end (binary); a start below 0 gives null."""
    if len(starts) > _FEW and (found := gathered(wire, starts, ends)) is not None:
        return found
    absent = starts < 0
    at, length = np.where(absent, 0, starts), np.where(absent, 0, ends - starts)
    views = np.zeros(len(at), dtype=_VIEW)
    views["length"] = length
    views["first"] = wire.fixed32(at)
    views["rest"] = at.astype(np.uint64) << np.uint64(32)
    short = np.flatnonzero(length <= _INLINE)
    if short.size:
        where, of = at[short], length[short]
        views["first"][short] &= _MASKS[of.clip(0, 4)].astype(np.uint32)
        views["rest"][short] = (
            wire.fixed64(np.minimum(where + 4, len(wire.raw))) & _MASKS[(of - 4).clip(0, 8)]
        )
    found = pa.Array.from_buffers(
        pa.binary_view(), len(at), [None, pa.py_buffer(views.tobytes()), pa.py_buffer(wire.raw)]
    )
    return _null_where(found.cast(pa.binary()), absent)


def texts(wire: Wire, starts: Numbers, ends: Numbers) -> tuple[pa.Array, Mask]:
    """Give the slices as text, and which are no UTF-8 (these have the replacement mark in them)."""
    found = slices(wire, starts, ends)
    bad = np.zeros(len(starts), dtype=bool)
    try:
        return found.cast(pa.string()), bad
    except pa.ArrowInvalid:
        pass
    read = [None if raw is None else raw.decode("utf-8", "replace") for raw in found.to_pylist()]
    text = pa.array(read, pa.string())
    bad = np.asarray(pc.not_equal(text.cast(pa.binary()), found).fill_null(False))
    return text, bad


def _null_where(values: pa.Array, absent: Mask) -> pa.Array:
    return pc.if_else(pa.array(absent), pa.scalar(None, values.type), values) if absent.any() else values
