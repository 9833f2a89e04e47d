# SPDX-License-Identifier: EUPL-1.2
"""Attributes by name to columns: a key is compared eight bytes at a time, all keys of all records at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rekenschap.contracts.otlp.quick.code import DECIDES, PROCESSES
from rekenschap.contracts.otlp.quick.scanning import Places
from rekenschap.contracts.otlp.slices import texts
from rekenschap.contracts.otlp.values import UnreadableError, text_of, value_of
from rekenschap.contracts.otlp.wire import LENGTH, Fields, Mask, Numbers, Wire, walk

_KEY, _VALUE = 1, 2
_STRING, _OF_VALUE = 0x0A, 0x12
_LONG = 0x80

_FIRST_BYTES = np.array([(1 << 8 * count) - 1 for count in range(9)], dtype=np.uint64)
_MIXED = np.uint64(0x9E37_79B9_7F4A_7C15)
"""An odd number without order in its bits, so that keys of one end and another length seldom share a mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """Keys and values of the attributes of some records; `rows` has the record of each, -1 is absent."""

    wire: Wire
    count: int
    rows: Numbers
    key_starts: Numbers
    key_ends: Numbers
    value_starts: Numbers
    value_ends: Numbers
    marks: npt.NDArray[np.uint64]
    """Of each key its last eight bytes and its length, mixed: who has another mark has another key."""
    heads: npt.NDArray[np.uint32]
    """Of each key its first four bytes."""
    broken: Mask
    """Per record: whether one of its attributes does not fit."""

    def having(self, prefix: bytes) -> Mask:
        """Tell which records have a key that begins with `prefix` (four bytes) and goes on."""
        begins = self.heads == int.from_bytes(prefix, "little")
        return self._records(begins & (self.key_ends - self.key_starts > len(prefix)))

    def column(self, name: str) -> Picked:
        """Give the values of one key; of a key that comes twice the last, and `twice` says where."""
        at = self._named(name.encode())
        rows = self.rows[at]
        if not rows.size:
            nowhere = np.zeros(self.count, dtype=bool)
            return Picked(values=pa.nulls(self.count, pa.string()), twice=nowhere, unreadable=nowhere)
        starts, ends = (np.full(self.count, -1, dtype=np.int64) for _ in range(2))
        starts[rows], ends[rows] = self.value_starts[at], self.value_ends[at]
        twice = np.bincount(rows, minlength=self.count) > 1
        starts[starts == ends] = -1
        return _picked(self.wire, starts, ends, twice)

    def _named(self, name: bytes) -> Numbers:
        """Find the attributes of one key: by its mark, and then by all of it."""
        at = np.flatnonzero(self.marks == _mark(name))
        for begin in range(0, len(name), 8):
            part = name[begin : begin + 8]
            words = self.wire.fixed64(self.key_starts[at] + begin) & np.uint64((1 << 8 * len(part)) - 1)
            at = at[words == np.uint64(int.from_bytes(part, "little"))]
        found: Numbers = at[self.key_ends[at] - self.key_starts[at] == len(name)]
        return found

    def _records(self, mask: Mask) -> Mask:
        found = np.zeros(self.count, dtype=bool)
        found[self.rows[mask]] = True
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """The same of records in which each key comes once, with a text or nothing: as `scanned` finds them."""

    wire: Wire
    places: Places
    broken: Mask

    def having(self, prefix: bytes) -> Mask:
        """Tell which records have a key that begins with `adl.` or `dpl.` and goes on."""
        found: Mask = (self.places.flags & {b"adl.": DECIDES, b"dpl.": PROCESSES}[prefix]) != 0
        return found

    def column(self, name: str) -> Picked:
        """Give the values of one key."""
        starts, ends = self.places.key(name.encode())
        if int(starts.max(initial=-1)) < 0:
            values, unreadable = pa.nulls(len(starts), pa.string()), self.broken
        else:
            values, unreadable = texts(self.wire, starts, ends)
        return Picked(values=values, twice=self.broken, unreadable=unreadable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """One column of values as text, and the records in which it comes twice or cannot be read."""

    values: pa.Array
    twice: Mask
    unreadable: Mask


def attributes_in(wire: Wire, pairs: Fields, count: int) -> Attributes:
    """Find keys and values in the KeyValue messages `pairs`, whose owners are records."""
    places = _usual(wire, pairs)
    others = np.flatnonzero(places[0] < 0)
    broken = np.zeros(count, dtype=bool)
    if others.size:
        fields, bad = walk(wire, pairs.starts[others], pairs.ends[others])
        broken[pairs.owners[others[bad]]] = True
        for number, (starts, ends) in ((_KEY, places[:2]), (_VALUE, places[2:])):
            found = fields.of(number, LENGTH)
            starts[others[found.owners]], ends[others[found.owners]] = found.starts, found.ends
    key_starts, key_ends, value_starts, value_ends = places
    keyed = np.flatnonzero(key_starts >= 0)
    return Attributes(
        wire=wire,
        count=count,
        rows=pairs.owners[keyed],
        key_starts=key_starts[keyed],
        key_ends=key_ends[keyed],
        value_starts=value_starts[keyed],
        value_ends=value_ends[keyed],
        marks=_marks(wire, key_starts[keyed], key_ends[keyed]),
        heads=wire.fixed32(key_starts[keyed]),
        broken=broken,
    )


def _marks(wire: Wire, starts: Numbers, ends: Numbers) -> npt.NDArray[np.uint64]:
    lengths = ends - starts
    last = wire.fixed64(np.maximum(ends - 8, starts)) & _FIRST_BYTES[np.minimum(lengths, 8)]
    marks: npt.NDArray[np.uint64] = last + lengths.astype(np.uint64) * _MIXED
    return marks


def _mark(name: bytes) -> np.uint64:
    """Give the mark of a key; see `_marks`."""
    last = int.from_bytes(name[-8:], "little")
    return np.uint64((last + len(name) * int(_MIXED)) & 0xFFFF_FFFF_FFFF_FFFF)


def _usual(wire: Wire, pairs: Fields) -> list[Numbers]:
    """Read pairs as every sender writes them: a key of less than 128 bytes, then a value, and no more.

    Gives starts and ends of keys and of values; -1 for a pair that is written otherwise.
    """
    at, ends = pairs.starts, pairs.ends
    length = wire.octets[at + 1].astype(np.int64)
    keys, behind = at + 2, np.minimum(at + 2 + length, ends)
    usual = (
        (wire.octets[at] == _STRING) & (length < _LONG) & (wire.octets[behind] == _OF_VALUE) & (behind < ends)
    )
    lengths, values, short = wire.varints(np.minimum(behind + 1, ends), ends)
    usual &= ~short & (values + lengths.astype(np.int64) == ends)
    return [np.where(usual, each, -1) for each in (keys, behind, values, ends)]


def _picked(wire: Wire, starts: Numbers, ends: Numbers, twice: Mask) -> Picked:
    filled = np.flatnonzero(starts >= 0)
    text_starts, other = np.full(len(starts), -1, dtype=np.int64), np.empty(0, dtype=np.int64)
    if filled.size:
        lengths, behind, short = wire.varints(starts[filled] + 1, ends[filled])
        plain = ~short & (wire.octets[starts[filled]] == _STRING)
        plain &= behind + lengths.astype(np.int64) == ends[filled]
        text_starts[filled[plain]] = behind[plain]
        other = filled[~plain]
    values, unreadable = texts(wire, text_starts, ends)
    if other.size:
        values = _with_others(wire, values, other, unreadable, starts, ends)
    return Picked(values=values, twice=twice, unreadable=unreadable)


def _with_others(
    wire: Wire, values: pa.Array, other: Numbers, unreadable: Mask, starts: Numbers, ends: Numbers
) -> pa.Array:
    """Fill in what is no plain text, one by one."""
    filled = values.to_pylist()
    for row in other.tolist():
        try:
            filled[row] = text_of(value_of(wire.raw, int(starts[row]), int(ends[row])))
        except UnreadableError:
            unreadable[row] = True
    return pa.array(filled, pa.string())
