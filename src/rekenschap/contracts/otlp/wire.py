# SPDX-License-Identifier: EUPL-1.2
"""The protobuf wire format, many messages side by side: the first field of each, then the second, and so on.

Knows tags, varints and lengths and no message type. Nothing here raises for what a sender wrote: a message
that breaks off or does not fit is named in `broken`, with what came before.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rekenschap.contracts.otlp.compiled import BROKEN, GROUPED, compiled

Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

VARINT, FIXED64, LENGTH, GROUP, GROUP_END, FIXED32 = 0, 1, 2, 3, 4, 5
_LONGEST_VARINT = 10
_DEEPEST_GROUP = 64
_LARGE = 1 << 16
"""From so many bytes on machine code is worth making."""

_MOST_FIELDS = 4 << 20
_MANY = 192
"""From so many messages on it is quicker to take the next field of all than all fields of one (measured)."""

_PADDING = bytes(16)
_MOST = 6 << 20
"""Six numbers for each of a million fields: more in so few messages is no request but a bomb."""


class Wire:
    """Bytes to walk through; a place is an index in them."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        padded = raw + _PADDING
        self.octets = np.frombuffer(padded, dtype=np.uint8)
        self._fixed64: npt.NDArray[np.uint64] = np.ndarray((len(padded) - 7,), "<u8", padded, strides=(1,))
        self._fixed32: npt.NDArray[np.uint32] = np.ndarray((len(padded) - 3,), "<u4", padded, strides=(1,))

    def fixed64(self, at: Numbers) -> npt.NDArray[np.uint64]:
        """Read eight bytes, little-endian, at each place."""
        return self._fixed64[at]

    def fixed32(self, at: Numbers) -> npt.NDArray[np.uint32]:
        """Read four bytes, little-endian, at each place."""
        return self._fixed32[at]

    def varints(self, at: Numbers, ends: Numbers) -> tuple[npt.NDArray[np.uint64], Numbers, Mask]:
        """Read a varint at each place: values, the places behind them, and which do not fit before `ends`."""
        first = self.octets[at]
        after = at + 1
        values = (first & 0x7F).astype(np.uint64)
        more = np.flatnonzero(first > 0x7F)
        for byte in range(1, _LONGEST_VARINT):
            if not more.size:
                break
            octet = self.octets[np.minimum(after[more], len(self.raw))]
            values[more] |= (octet & 0x7F).astype(np.uint64) << np.uint64(7 * byte)
            after[more] += 1
            more = more[octet > 0x7F]
        bad = after > ends
        bad[more] = True
        return values, after, bad


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Fields found.

    owners    index of the message in what was walked
    numbers   field number
    kinds     wire type
    tags      where the tag begins
    starts    where the value begins (behind the length, when it has one)
    ends      where the value ends
    """

    owners: Numbers
    numbers: Numbers
    kinds: npt.NDArray[np.uint8]
    tags: Numbers
    starts: Numbers
    ends: Numbers

    def of(self, number: int, kind: int) -> Fields:
        """Give those of one number and wire type."""
        return self.where((self.numbers == number) & (self.kinds == kind))

    def where(self, mask: Mask) -> Fields:
        """Give some of them."""
        return Fields(
            owners=self.owners[mask],
            numbers=self.numbers[mask],
            kinds=self.kinds[mask],
            tags=self.tags[mask],
            starts=self.starts[mask],
            ends=self.ends[mask],
        )


def walk(wire: Wire, starts: Numbers, ends: Numbers, *, in_order: bool = False) -> tuple[Fields, Mask]:
    """Find every field of the messages between `starts` and `ends`, and which messages are broken.

    The fields of one message are in order; with `in_order` so are all of them.
    """
    if len(wire.raw) >= _LARGE and (found := _in_machine_code(wire, starts, ends)) is not None:
        return found
    return walk_side_by_side(wire, starts, ends, in_order=in_order)


def _in_machine_code(wire: Wire, starts: Numbers, ends: Numbers) -> tuple[Fields, Mask] | None:
    """Walk one message after another; None where that cannot be, or gives more than memory should hold."""
    code = compiled()
    found = None if code is None else code(wire.octets, starts, ends, most=_MOST_FIELDS)
    if found is None or (found[1] == GROUPED).any():
        return None
    owners, numbers, kinds, tags, begins, stops = found[0]
    return Fields(
        owners=owners, numbers=numbers, kinds=kinds.astype(np.uint8), tags=tags, starts=begins, ends=stops
    ), found[1] == BROKEN


def walk_side_by_side(wire: Wire, starts: Numbers, ends: Numbers, *, in_order: bool) -> tuple[Fields, Mask]:
    """Do what `walk` does without machine code."""
    broken = np.zeros(len(starts), dtype=bool)
    owners = np.flatnonzero(starts < ends)
    at, until = starts[owners], ends[owners]
    found: list[Fields] = []
    while owners.size >= _MANY:
        fields, bad = _next(wire, at, until, owners)
        broken[owners[bad]] = True
        found.append(fields.where(~bad) if bad.any() else fields)
        going = ~bad & (fields.ends < until)
        owners, at, until = owners[going], fields.ends[going], until[going]
    if owners.size:
        fields, some = _one_by_one(wire.raw, at.tolist(), until.tolist(), owners.tolist())
        broken[some] = True
        found.append(fields)
    return _joined(found, in_order=in_order), broken


def _next(wire: Wire, at: Numbers, until: Numbers, owners: Numbers) -> tuple[Fields, Mask]:
    tags, starts, bad = wire.varints(at, until)
    kinds = (tags & np.uint64(7)).astype(np.uint8)
    numbers = (tags >> np.uint64(3)).astype(np.int64)
    ends = starts.copy()
    bad |= (numbers == 0) | (kinds > FIXED32) | (kinds == GROUP_END)
    sized = np.flatnonzero((kinds == LENGTH) & ~bad)
    if sized.size:
        lengths, behind, short = wire.varints(starts[sized], until[sized])
        fits = ~short & (lengths <= (until[sized] - behind).clip(0).astype(np.uint64))
        bad[sized[~fits]] = True
        starts[sized] = behind
        ends[sized] = behind + np.where(fits, lengths, 0).astype(np.int64)
    varints = np.flatnonzero((kinds == VARINT) & ~bad)
    if varints.size:
        _, ends[varints], short = wire.varints(starts[varints], until[varints])
        bad[varints[short]] = True
    ends[kinds == FIXED64] += 8
    ends[kinds == FIXED32] += 4
    for group in np.flatnonzero((kinds == GROUP) & ~bad):
        ends[group] = _end_of_group(wire.raw, int(starts[group]), int(until[group]), int(numbers[group]))
    bad |= (ends > until) | (ends < starts)
    return Fields(owners=owners, numbers=numbers, kinds=kinds, tags=at, starts=starts, ends=ends), bad


def _one_by_one(raw: bytes, at: list[int], until: list[int], owners: list[int]) -> tuple[Fields, list[int]]:
    """Walk few messages, however many fields they have, each to its end."""
    found = array("q")
    broken: list[int] = []
    for owner, place, end in zip(owners, at, until, strict=True):
        while place < end:
            tag = place
            number, kind, start, place = one_field(raw, tag, end)
            if place < 0 or len(found) >= _MOST:
                broken.append(owner)
                break
            found.extend((owner, number, kind, tag, start, place))
    columns = np.frombuffer(found, dtype=np.int64).reshape(-1, 6).T.copy()
    return Fields(
        owners=columns[0],
        numbers=columns[1],
        kinds=columns[2].astype(np.uint8),
        tags=columns[3],
        starts=columns[4],
        ends=columns[5],
    ), broken


def one_field(raw: bytes, at: int, end: int) -> tuple[int, int, int, int]:
    """Read one field: number, wire type, start and end of its value; the end is -1 when it does not fit."""
    if (
        at + 2 < end and raw[at] & 0x87 == LENGTH and raw[at] > LENGTH
    ):  # nearly always: a short tag and length
        low, high = raw[at + 1], raw[at + 2]
        if low < 0x80 or high < 0x80:
            length, start = (low, at + 2) if low < 0x80 else (low & 0x7F | high << 7, at + 3)
            return raw[at] >> 3, LENGTH, start, start + length if length <= end - start else -1
    tag, start = varint(raw, at, end)
    number, kind = tag >> 3, tag & 7
    if start < 0 or not number:
        return 0, 0, 0, -1
    if kind == LENGTH:
        length, start = varint(raw, start, end)
        return number, kind, start, start + length if 0 <= start <= end - length else -1
    if kind == GROUP:
        return number, kind, start, _end_of_group(raw, start, end, number)
    return number, kind, start, _behind(raw, start, end, kind)


def _joined(found: list[Fields], *, in_order: bool) -> Fields:
    if len(found) == 1:
        return found[0]
    if not found:
        none = np.empty(0, dtype=np.int64)
        return Fields(
            owners=none, numbers=none, kinds=none.astype(np.uint8), tags=none, starts=none, ends=none
        )
    tags = np.concatenate([each.tags for each in found])
    # Sorting finds the stretches that are in order already, and costs a fifth of all reading even so.
    order = np.argsort(tags, kind="stable") if in_order else slice(None)
    return Fields(
        owners=np.concatenate([each.owners for each in found])[order],
        numbers=np.concatenate([each.numbers for each in found])[order],
        kinds=np.concatenate([each.kinds for each in found])[order],
        tags=tags[order],
        starts=np.concatenate([each.starts for each in found])[order],
        ends=np.concatenate([each.ends for each in found])[order],
    )


def _end_of_group(raw: bytes, at: int, until: int, number: int) -> int:
    """Give the place behind the end of a group (a form nobody writes any more), or -1."""
    open_groups = [number]
    while open_groups and at < until and len(open_groups) <= _DEEPEST_GROUP:
        tag, at = varint(raw, at, until)
        kind = tag & 7
        if at < 0:
            return -1
        if kind == GROUP:
            open_groups.append(tag >> 3)
        elif kind == GROUP_END:
            if open_groups.pop() != tag >> 3:
                return -1
        else:
            at = _behind(raw, at, until, kind)
            if at < 0:
                return -1
    return at if not open_groups else -1


def _behind(raw: bytes, at: int, until: int, kind: int) -> int:
    if kind == VARINT:
        return varint(raw, at, until)[1]
    if kind == LENGTH:
        length, at = varint(raw, at, until)
        return at + length if 0 <= at <= until - length else -1
    width = {FIXED64: 8, FIXED32: 4}.get(kind)
    return at + width if width and at + width <= until else -1


def varint(raw: bytes, at: int, until: int) -> tuple[int, int]:
    """Read one varint: its value and the place behind it, which is -1 when it does not fit."""
    if at < until and raw[at] < 0x80:
        return raw[at], at + 1
    value = 0
    for shift in range(0, 7 * _LONGEST_VARINT, 7):
        if at >= until:
            break
        octet = raw[at]
        at += 1
        value |= (octet & 0x7F) << shift
        if octet < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, at
    return 0, -1
