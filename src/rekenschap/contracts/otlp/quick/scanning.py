# SPDX-License-Identifier: EUPL-1.2
"""Where the values of many records stand, found in one go; records written in a rare way are named `odd`."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rekenschap.contracts.otlp.compiled import made
from rekenschap.contracts.otlp.quick.code import ABSENT, CODE, KEY_ROOM, KINDS, NUMBERS, ODD, PLACES

Numbers = npt.NDArray[np.int64]
Octets = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

_MIXED = 0x9E37_79B9_7F4A_7C15
_ALL = (1 << 64) - 1
_PAD = 16
_MOST = 1 << 17
"""Records whose places are held at once: many and small ones are walked as always, in less memory."""


class Walkable(Protocol):
    """Bytes with room behind them."""

    raw: bytes
    octets: Octets


@dataclass(frozen=True, slots=True)
class Plan:
    """What is sought: fields by number and wire type, attributes by key; each has a line in what is found."""

    fields: tuple[tuple[int, int], ...]
    keys: tuple[bytes, ...]
    pairs: int
    """number of the field that holds attributes"""
    misfits: int
    """number of a field that makes a record odd"""


@dataclass(frozen=True, slots=True)
class Places:
    """Begin and end of every value sought, a line for each; a begin below 0 is no value. Flags per record."""

    plan: Plan
    begins: Numbers
    ends: Numbers
    flags: Octets

    @property
    def odd(self) -> Mask:
        """The records that are left to others."""
        found: Mask = (self.flags & ODD) != 0
        return found

    def where(self, mask: Mask) -> Places:
        """Give those of some records."""
        return Places(self.plan, self.begins[:, mask], self.ends[:, mask], self.flags[mask])

    def field(self, number: int, kind: int) -> tuple[Numbers, Numbers] | None:
        """Give where the values of a field are; None when it was not sought."""
        if (number, kind) not in self.plan.fields:
            return None
        line = self.plan.fields.index((number, kind))
        return self.begins[line], self.ends[line]

    def key(self, name: bytes) -> tuple[Numbers, Numbers]:
        """Give where the texts of an attribute are."""
        line = len(self.plan.fields) + self.plan.keys.index(name)
        return self.begins[line], self.ends[line]


def scanned(wire: Walkable, starts: Numbers, ends: Numbers, *, plan: Plan) -> Places | None:
    """Find what `plan` seeks in the messages between `starts` and `ends`; None without machine code."""
    code, many = _code(), len(starts)
    if code is None or not 0 < many <= _MOST:
        return None
    _check(wire, starts, ends)
    table = _table(plan)
    lines = len(plan.fields) + len(plan.keys)
    begins, stops = (np.full((lines, many), ABSENT, dtype=np.int64) for _ in range(2))
    flags = np.empty(many, dtype=np.uint8)
    starts, ends = (np.ascontiguousarray(each, dtype=np.int64) for each in (starts, ends))
    code.scan(
        *(each.ctypes.data for each in (wire.octets, starts, ends)),
        many,
        table.slot_of.ctypes.data,
        plan.pairs,
        plan.misfits,
        *(each.ctypes.data for each in (table.places, table.marks, table.keys, table.lengths, table.slots)),
        _MIXED,
        table.spread,
        *(each.ctypes.data for each in (begins, stops, flags)),
    )
    return Places(plan, begins, stops, flags)


def gathered(wire: Walkable, starts: Numbers, ends: Numbers) -> pa.Array | None:
    """Give the bytes between each start and end (binary), null for a start below 0.

    None without machine code.
    """
    code = _code()
    if code is None:
        return None
    absent = starts < 0
    lengths = np.where(absent, 0, ends - starts)
    _check(wire, np.where(absent, 0, starts), np.where(absent, 0, ends))
    out = np.empty(int(lengths.sum()) + _PAD, dtype=np.uint8)
    offsets = np.empty(len(starts) + 1, dtype=np.int32)
    starts, ends = (np.ascontiguousarray(each, dtype=np.int64) for each in (starts, ends))
    code.gather(
        *(each.ctypes.data for each in (wire.octets, starts, ends)),
        len(starts),
        out.ctypes.data,
        offsets.ctypes.data,
    )
    there = pa.py_buffer(np.packbits(~absent, bitorder="little")) if absent.any() else None
    buffers = [there, pa.py_buffer(offsets), pa.py_buffer(out)]
    return pa.Array.from_buffers(pa.binary(), len(starts), buffers)


@dataclass(frozen=True, slots=True)
class _Code:
    scan: Callable[..., int]
    gather: Callable[..., None]
    engine: object


@dataclass(frozen=True, slots=True)
class _Table:
    slot_of: Numbers
    places: Numbers
    marks: npt.NDArray[np.uint64]
    keys: Octets
    lengths: Numbers
    slots: Numbers
    spread: int


@cache
def _code() -> _Code | None:
    engine = made(CODE)
    if engine is None:
        return None
    place, number = ctypes.c_void_p, ctypes.c_int64
    whole = ctypes.c_uint64
    scan = ctypes.CFUNCTYPE(
        number, place, place, place, number, place, number, number, *[place] * 5, whole, whole, *[place] * 3
    )
    gather = ctypes.CFUNCTYPE(None, place, place, place, number, place, place)
    return _Code(
        scan(engine.get_function_address("scan")), gather(engine.get_function_address("gather")), engine
    )


@cache
def _table(plan: Plan) -> _Table:
    slot_of = np.full(NUMBERS * KINDS, -1, dtype=np.int64)
    for line, (number, kind) in enumerate(plan.fields):
        slot_of[number * KINDS + kind] = line
    marks = [(int.from_bytes(key[-8:], "little") + len(key) * _MIXED) & _ALL for key in plan.keys]
    spread = next(each for each in range(_MIXED, _ALL, 2) if _is_apart(marks, each))
    places = np.full(PLACES, -1, dtype=np.int64)
    places[[_place(mark, spread) for mark in marks]] = np.arange(len(marks))
    keys = np.frombuffer(b"".join(key.ljust(KEY_ROOM, b"\0") for key in plan.keys), dtype=np.uint8)
    return _Table(
        slot_of=slot_of,
        places=places,
        marks=np.array(marks, dtype=np.uint64),
        keys=keys,
        lengths=np.array([len(key) for key in plan.keys], dtype=np.int64),
        slots=np.arange(len(plan.keys), dtype=np.int64) + len(plan.fields),
        spread=spread,
    )


def _place(mark: int, spread: int) -> int:
    return (mark * spread & _ALL) >> 56


def _is_apart(marks: Sequence[int], spread: int) -> bool:
    return len({_place(mark, spread) for mark in marks}) == len(marks)


def _check(wire: Walkable, starts: Numbers, ends: Numbers) -> None:
    """Raise IndexError where places lead beyond the bytes: the code would go on."""
    if len(starts) != len(ends) or len(wire.octets) < len(wire.raw) + _PAD:
        raise IndexError("messages beyond their bytes")
    if len(starts) and (starts.min() < 0 or ends.max() > len(wire.raw) or (starts > ends).any()):
        raise IndexError("messages beyond their bytes")
