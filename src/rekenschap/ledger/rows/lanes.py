# SPDX-License-Identifier: EUPL-1.2
"""SHA-256 of sixteen messages side by side, one in each lane of the widest registers of a processor.

A processor hashes one message after another, however many there are; its registers of 512 bits hold a word of
sixteen. The machine code is made when it is first needed. Knows only bytes; `hashing` decides when to use it,
and compares some of its hashes with those of `hashlib`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Bytes: TypeAlias = "bytes | memoryview"
Lanes = Callable[[Bytes, npt.NDArray[np.int64], int], bytes]
"""lanes(messages, offsets, lead): the packed hashes of `messages[offsets[i]:offsets[i + 1]]`, each with the
byte `lead` before it; without one when `lead` is -1"""
_HASH = 32
_ONE_AT_A_TIME = Lock()


def lanes() -> Lanes | None:
    """Make the machine code; None without the extra `fast`, or on a processor without registers that wide."""
    with _ONE_AT_A_TIME:
        return _made()


@cache
def _made() -> Lanes | None:
    try:
        from rekenschap.ledger.rows.lane_code import LANES, NAME, machine_code
    except ImportError:
        return None
    engine = machine_code()
    if engine is None:
        return None
    kind = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 2, ctypes.c_int64, ctypes.c_int32, ctypes.c_void_p)
    hash_all = kind(engine.get_function_address(NAME))

    def hashed(messages: Bytes, offsets: npt.NDArray[np.int64], lead: int) -> bytes:
        count = len(offsets) - 1
        if not count:
            return b""
        blob = np.frombuffer(messages, dtype=np.uint8)
        _check_inside(offsets, len(blob))
        spare = -count % LANES  # lanes that are left over hash nothing
        ends = np.append(offsets, np.full(spare, offsets[-1])) if spare else np.ascontiguousarray(offsets)
        found = np.empty((count + spare, _HASH), dtype=np.uint8)
        hash_all(blob.ctypes.data, ends.ctypes.data, count, lead, found.ctypes.data)
        return found[:count].tobytes()

    hashed.__dict__["engine"] = engine  # the code lives as long as its engine
    return hashed


def _check_inside(offsets: npt.NDArray[np.int64], size: int) -> None:
    """Refuse to read beyond the messages: machine code would."""
    if offsets[0] < 0 or offsets[-1] > size or (offsets[1:] < offsets[:-1]).any():
        raise IndexError("messages beyond their bytes")
