# SPDX-License-Identifier: EUPL-1.2
"""SHA-256 of sixteen messages side by side, one in each lane of the widest registers of a processor.

A processor hashes one message after another, however many there are; its registers of 512 bits hold a word of
sixteen. The machine code is made when it is first needed. Knows only bytes; `hashing` decides when to use it,
and compares some of its hashes with those of `hashlib`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from threading import Lock
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from rekenschap.ledger.rows.code.agreed import LANES, LOOKUP, TURNED

Bytes: TypeAlias = "bytes | memoryview"
Offsets = npt.NDArray[np.int64]


class Tails(NamedTuple):
    """How messages end: message i with `blob[bounds[p]:bounds[p + 1]]`, where p is `picks[i]`."""

    blob: Bytes
    bounds: Offsets
    picks: npt.NDArray[np.int32]


class Step(NamedTuple):
    """What stands in each line from byte `place` on: a value for each row, as it lies or `turned` around.

    With a `table` the values are int32, and say which value of the table it is.
    """

    place: int
    values: npt.NDArray[np.generic]
    turned: bool = False
    table: npt.NDArray[np.generic] | None = None


class Lanes(Protocol):
    """Hashes many messages."""

    def __call__(
        self, messages: Bytes, offsets: Offsets, lead: int = -1, tails: Tails | None = None, /
    ) -> bytes:
        """Give the packed hashes of `messages[offsets[i]:offsets[i + 1]]`, in their order.

        Each with the byte `lead` before it, unless that is -1, and its tail behind it.
        """
        ...

    def rows(self, line: bytes, steps: Sequence[Step], tails: Tails) -> Bytes:
        """Give the packed hashes of rows: each is the line, with in it what the steps say, and its tail."""
        ...

    def tiles(self, entries: Bytes) -> tuple[Bytes, bytes]:
        """Give the packed leaf hashes of whole tiles of 256 entries, and the packed roots of these tiles."""
        ...


_HASH, _TILE = 32, 256
_WIDTHS = (16, 8, 4, 1)
_ONE_AT_A_TIME = Lock()
_NOTHING = np.zeros(2, dtype=np.int64)


def lanes() -> Lanes | None:
    """Make the machine code; None without the extra `fast`, or on a processor without registers that wide."""
    with _ONE_AT_A_TIME:
        return _made()


@cache
def _made() -> Lanes | None:
    try:
        from rekenschap.ledger.rows.code.lanes import NAME, machine_code
        from rekenschap.ledger.rows.code.lines import ROWS, TILES
    except ImportError:
        return None
    engine = machine_code()
    if engine is None:
        return None
    far, pointer = ctypes.c_int64, ctypes.c_void_p
    kinds = {
        NAME: ctypes.CFUNCTYPE(None, *[pointer] * 5, far, ctypes.c_int32, pointer),
        ROWS: ctypes.CFUNCTYPE(None, pointer, far, far, pointer, far, *[pointer] * 5),
        TILES: ctypes.CFUNCTYPE(None, pointer, far, *[pointer] * 8),
    }
    return _MachineCode(engine, *(kind(engine.get_function_address(name)) for name, kind in kinds.items()))


class _MachineCode:
    """The machine code, with everything checked that it believes: it would go anywhere."""

    def __init__(self, engine: object, *code: Callable[..., None]) -> None:
        self._engine = engine  # the code lives as long as its engine
        self._hash_all, self._hash_rows, self._hash_tiles = code

    def __call__(
        self, messages: Bytes, offsets: Offsets, lead: int = -1, tails: Tails | None = None, /
    ) -> bytes:
        count = len(offsets) - 1
        if not count:
            return b""
        spare = -count % LANES  # lanes that are left over hash nothing
        blob, ends = _checked(messages, offsets)
        ends = np.append(ends, np.full(spare, ends[-1])) if spare else ends
        rest, bounds = _checked(tails.blob, tails.bounds) if tails else (blob, _NOTHING)
        picks = _checked_picks(tails, bounds, count) if tails else np.zeros(count + spare, dtype=np.int32)
        found = np.empty((count + spare, _HASH), dtype=np.uint8)
        self._hash_all(*_addresses([blob, ends, rest, bounds, picks]), count, lead, _address(found))
        return found[:count].tobytes()

    def rows(self, line: bytes, steps: Sequence[Step], tails: Tails) -> Bytes:
        count = len(tails.picks)
        if not count:
            return b""
        todo = [each for step in steps for each in _steps(step, len(line), count)]
        numbers = np.array(todo or [(0,) * 5], dtype=np.int64)  # code 0 does nothing
        lines = np.frombuffer(line * LANES, dtype=np.uint8).copy()
        offsets = np.arange(0, lines.size + 1, len(line), dtype=np.int64)
        rest, bounds = _checked(tails.blob, tails.bounds)
        picks = _checked_picks(tails, bounds, count)
        found = np.empty((len(picks), _HASH), dtype=np.uint8)
        told = (len(numbers), count, _address(lines), len(line))
        self._hash_rows(_address(numbers), *told, *_addresses([offsets, rest, bounds, picks, found]))
        return found[:count].reshape(-1).data

    def tiles(self, entries: Bytes) -> tuple[Bytes, bytes]:
        blob = np.frombuffer(entries, dtype=np.uint8)
        count, rest = divmod(len(blob), _TILE * _HASH)
        if rest:
            raise IndexError("a tile that is not whole")
        if not count:
            return b"", b""
        most = max(8 * count, _TILE) + LANES  # of what is hashed at once; lanes that are left over read on
        singles, pairs = (np.arange(0, width * (most + 1), width, dtype=np.int64) for width in (32, 64))
        leaves = np.empty(len(blob), dtype=np.uint8)
        work, spare = (np.empty((2 * most + 2 * LANES) * _HASH, dtype=np.uint8) for _ in range(2))
        roots = np.empty((count + LANES, _HASH), dtype=np.uint8)
        picks = np.zeros(most + LANES, dtype=np.int32)
        given = _addresses([singles, pairs, _NOTHING]) + _addresses([picks, leaves, work, spare, roots])
        self._hash_tiles(_address(blob), count, *given)
        return leaves.data, roots[:count].tobytes()


def _addresses(every: Sequence[npt.NDArray[Any]]) -> list[int]:
    return [_address(each) for each in every]


def _address(numbers: npt.NDArray[Any]) -> int:
    address: int = numbers.__array_interface__["data"][0]
    return address


def _steps(step: Step, width: int, count: int) -> Iterator[tuple[int, ...]]:
    """Say what to do for a step, in values as wide as the code knows; raises IndexError for other values."""
    values, table = step.values, step.table
    whole = values if table is None else table
    size, code = whole.dtype.itemsize, 0
    if len(values) < count or values.ndim != 1 or not 0 <= step.place <= width - size:
        raise IndexError("values beyond their line")
    if table is not None:
        if values.dtype != np.int32 or not table.flags.c_contiguous or size != 4 or step.turned:
            raise IndexError("a table of other values")
        _check_picks(np.ascontiguousarray(values[:count]), len(table))
        yield LOOKUP + size, _address(values), values.strides[0], step.place, _address(table)
        return
    if step.turned and size not in (1, 4, 8):
        raise IndexError("values that cannot be turned around")
    at = 0
    while at < size:
        wide = next(each for each in _WIDTHS if each <= size - at)
        code = wide + (TURNED if step.turned and wide > 1 else 0)
        yield code, _address(values) + at, values.strides[0], step.place + at, 0
        at += wide


def _checked(messages: Bytes, offsets: Offsets) -> tuple[npt.NDArray[np.uint8], Offsets]:
    """Give both as arrays; raises IndexError where they lead beyond the bytes: the code would go there."""
    blob = np.frombuffer(messages, dtype=np.uint8)
    if offsets[0] < 0 or offsets[-1] > len(blob) or (offsets[1:] < offsets[:-1]).any():
        raise IndexError("messages beyond their bytes")
    return blob, np.ascontiguousarray(offsets, dtype=np.int64)


def _checked_picks(tails: Tails, bounds: Offsets, count: int) -> npt.NDArray[np.int32]:
    """Give the picks, and some for lanes that are left over; raises IndexError for what is not there."""
    picks = np.zeros(count + -count % LANES, dtype=np.int32)
    picks[:count] = tails.picks
    _check_picks(picks, len(bounds) - 1)
    return picks


def _check_picks(picks: npt.NDArray[np.int32], count: int) -> None:
    if int(picks.view(np.uint32).max()) >= count:
        raise IndexError("a tail that is not there")
