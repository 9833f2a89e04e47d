# SPDX-License-Identifier: EUPL-1.2
"""HMAC-SHA-256 (RFC 2104) of many messages under one key, at the speed of `hashing`. Knows only bytes."""

from __future__ import annotations

import hmac
from hashlib import sha256

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rekenschap.ledger.rows.hashing import HASH_SIZE, digests, digests_of_lines
from rekenschap.ledger.rows.lanes import Tails, lanes

_BLOCK = 64
_INNER, _OUTER = 0x36, 0x5C
_FEW = 512  # below this, preparing takes longer than hashing the messages one by one


def keyed_hashes(key: bytes, messages: pa.Array, *, begin: bytes = b"") -> npt.NDArray[np.uint8]:
    """Give HMAC-SHA-256(key, `begin` | message) of each message (binary or text), 32 bytes to a row.

    No message may be null.
    """
    count = len(messages)
    if count < _FEW or lanes() is None:
        raw = b"".join(
            [hmac.digest(key, begin + each, "sha256") for each in messages.cast(pa.binary()).to_pylist()]
        )
        return np.frombuffer(raw, dtype=np.uint8).reshape(count, HASH_SIZE)
    inner = digests_of_lines(_lines(key, _INNER, begin, count), _as_tails(messages))
    outer = np.empty((count, _BLOCK + HASH_SIZE), dtype=np.uint8)
    outer[:, :_BLOCK] = _pad(key, _OUTER)
    outer[:, _BLOCK:] = np.frombuffer(inner, dtype=np.uint8).reshape(count, HASH_SIZE)
    ends = np.arange(0, outer.size + 1, outer.shape[1], dtype=np.int64)
    return np.frombuffer(digests(outer.reshape(-1).data, ends), dtype=np.uint8).reshape(count, HASH_SIZE)


def _lines(key: bytes, mask: int, begin: bytes, count: int) -> npt.NDArray[np.uint8]:
    start = np.concatenate([_pad(key, mask), np.frombuffer(begin, dtype=np.uint8)])
    return np.ascontiguousarray(np.broadcast_to(start, (count, len(start))))


def _pad(key: bytes, mask: int) -> npt.NDArray[np.uint8]:
    short = sha256(key).digest() if len(key) > _BLOCK else key
    padded: npt.NDArray[np.uint8] = np.frombuffer(short.ljust(_BLOCK, b"\0"), dtype=np.uint8) ^ np.uint8(mask)
    return padded


def _as_tails(messages: pa.Array) -> Tails:
    plain = messages.cast(pa.large_binary())
    _, starts, values = plain.buffers()
    bounds = np.frombuffer(starts, dtype=np.int64)[plain.offset : plain.offset + len(plain) + 1]
    picks = np.arange(len(plain), dtype=np.int32)
    return Tails(memoryview(values) if values else memoryview(b""), bounds, picks)
