# SPDX-License-Identifier: EUPL-1.2
"""Slices of bytes as an Arrow column, without a Python object per slice."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.contracts.otlp.wire import Mask, Numbers, Wire

_INLINE = 12
"""Bytes that an Arrow view holds itself; a longer text is pointed at (Arrow columnar format, views)."""

_VIEW = np.dtype([("length", "<i4"), ("first", "u1", (4,)), ("buffer", "<i4"), ("offset", "<i4")])


def slices(wire: Wire, starts: Numbers, ends: Numbers) -> pa.Array:
    """Give the bytes between each start and end (binary); a start below 0 gives null."""
    absent = starts < 0
    at, length = np.where(absent, 0, starts), np.where(absent, 0, ends - starts)
    views = np.zeros(len(at), dtype=_VIEW)
    views["length"] = length
    views["first"] = wire.octets[at[:, None] + np.arange(4)]
    views["offset"] = at
    short = np.flatnonzero(length <= _INLINE)
    inline = wire.octets[np.minimum(at[short, None] + np.arange(_INLINE), len(wire.raw))].copy()
    inline[np.arange(_INLINE) >= length[short, None]] = 0
    views.view("u1").reshape(len(at), 16)[short, 4:] = inline
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
