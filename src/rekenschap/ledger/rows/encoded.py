# SPDX-License-Identifier: EUPL-1.2
"""Commitments to rows that are encoded already, as they stand in a journal: lengths and bytes, no columns."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.ledger.rows.commitments import SALT_SIZE, salts_of
from rekenschap.ledger.rows.hashing import Offsets, digests, one_by_one
from rekenschap.ledger.rows.lanes import Tails, lanes

_PIECE = 16_384  # rows at once, as in `commitments`
_FEW = 64
_NOTHING = pa.scalar(b"", pa.large_binary())


def offsets_of(lengths: bytes) -> Offsets:
    """Give where each row begins, and where the last ends; `lengths` are packed big-endian u32."""
    sizes = np.frombuffer(lengths, dtype=">u4")
    offsets = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=offsets[1:])
    return offsets


def commit_encoded(rows: bytes, lengths: bytes, *, secret: bytes, first: int) -> bytes:
    """Commit to encoded rows; row k has the salt of place `first` + k. Packed commitments in row order."""
    offsets = offsets_of(lengths)
    count = len(offsets) - 1
    salts = salts_of(secret, count, first=first)
    if count <= _FEW:
        ends = offsets.tolist()
        salted = [
            salts[k * SALT_SIZE : (k + 1) * SALT_SIZE] + rows[ends[k] : ends[k + 1]] for k in range(count)
        ]
        return one_by_one(b"".join(salted), offsets + np.arange(0, (count + 1) * SALT_SIZE, SALT_SIZE))
    if lanes() is not None:
        ends = np.arange(0, (count + 1) * SALT_SIZE, SALT_SIZE, dtype=np.int64)
        return digests(salts, ends, Tails(rows, offsets, np.arange(count, dtype=np.int32)))
    column = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), count, [None, pa.py_buffer(offsets), pa.py_buffer(rows)]
    )
    steps = pa.py_buffer(np.arange(0, (count + 1) * SALT_SIZE, SALT_SIZE, dtype=np.int64))
    before = pa.LargeBinaryArray.from_buffers(pa.large_binary(), count, [None, steps, pa.py_buffer(salts)])
    return b"".join(
        [
            _digests(
                pc.binary_join_element_wise(before.slice(at, _PIECE), column.slice(at, _PIECE), _NOTHING)
            )
            for at in range(0, count, _PIECE)
        ]
    )


def _digests(salted: pa.Array) -> bytes:
    _, ends, blob = salted.buffers()
    offsets = np.frombuffer(ends, dtype=np.int64)[salted.offset : salted.offset + len(salted) + 1]
    return digests(memoryview(blob), offsets)
