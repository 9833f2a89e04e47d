# SPDX-License-Identifier: EUPL-1.2
"""SHA-256 of sixteen messages side by side, one in each lane of the widest registers of a processor.

A processor hashes one message after another, however many there are; its registers of 512 bits hold a word of
sixteen. The machine code is made when it is first needed. Knows only bytes; `hashing` decides when to use it,
and compares some of its hashes with those of `hashlib`.
"""

from __future__ import annotations

import ctypes
from functools import cache
from threading import Lock
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Bytes: TypeAlias = "bytes | memoryview"
Offsets = npt.NDArray[np.int64]


class Tails(NamedTuple):
    """How messages end: message i with `blob[bounds[p]:bounds[p + 1]]`, where p is `picks[i]`."""

    blob: Bytes
    bounds: Offsets
    picks: npt.NDArray[np.int32]


class Lanes(Protocol):
    """Hashes many messages."""

    def __call__(
        self, messages: Bytes, offsets: Offsets, lead: int = -1, tails: Tails | None = None, /
    ) -> bytes:
        """Give the packed hashes of `messages[offsets[i]:offsets[i + 1]]`, in their order.

        Each with the byte `lead` before it, unless that is -1, and its tail behind it.
        """
        ...


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
    pointer = ctypes.c_void_p
    kind = ctypes.CFUNCTYPE(None, *[pointer] * 5, ctypes.c_int64, ctypes.c_int32, pointer)
    hash_all = kind(engine.get_function_address(NAME))

    def _hashed(messages: Bytes, offsets: Offsets, lead: int = -1, tails: Tails | None = None, /) -> bytes:
        count = len(offsets) - 1
        if not count:
            return b""
        spare = -count % LANES  # lanes that are left over hash nothing
        blob, ends = _checked(messages, offsets)
        ends = np.append(ends, np.full(spare, ends[-1])) if spare else ends
        rest, bounds = _checked(tails.blob, tails.bounds) if tails else (blob, np.zeros(2, dtype=np.int64))
        picks = np.zeros(count + spare, dtype=np.int32)
        if tails:
            picks[:count] = tails.picks
            _check_picks(picks, len(bounds) - 1)
        found = np.empty((count + spare, _HASH), dtype=np.uint8)
        places = (each.ctypes.data for each in (blob, ends, rest, bounds, picks))
        hash_all(*places, count, lead, found.ctypes.data)
        return found[:count].tobytes()

    _hashed.__dict__["engine"] = engine  # the code lives as long as its engine
    return _hashed


def _checked(messages: Bytes, offsets: Offsets) -> tuple[npt.NDArray[np.uint8], Offsets]:
    """Give both as arrays; raises IndexError where they lead beyond the bytes: the code would go there."""
    blob = np.frombuffer(messages, dtype=np.uint8)
    if offsets[0] < 0 or offsets[-1] > len(blob) or (offsets[1:] < offsets[:-1]).any():
        raise IndexError("messages beyond their bytes")
    return blob, np.ascontiguousarray(offsets, dtype=np.int64)


def _check_picks(picks: npt.NDArray[np.int32], count: int) -> None:
    if int(picks.view(np.uint32).max()) >= count:
        raise IndexError("a tail that is not there")
