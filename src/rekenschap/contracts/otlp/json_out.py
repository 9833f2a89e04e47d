# SPDX-License-Identifier: EUPL-1.2
"""OTLP in protobuf to OTLP in JSON: the way back of `json_messages`, by the same tables.

What JSON has no name or form for (a field nobody knows, text that is no UTF-8) goes along as it stands on the
wire, in base64, in a member of ours; reading it again gives the same bytes.
"""

from __future__ import annotations

import base64
import math
import struct
from collections.abc import Callable
from typing import cast

import msgspec

from rekenschap.contracts.otlp import json_messages as to
from rekenschap.contracts.otlp.json_messages import (
    LEFT_OVER,
    MISFITS,
    UNKNOWN_MEMBERS,
    Fields,
    Many,
    Member,
    One,
)
from rekenschap.contracts.otlp.values import DEEPEST, UnreadableError, fields_of
from rekenschap.contracts.otlp.wire import FIXED32, FIXED64, LENGTH, VARINT, one_field, varint

Read = Callable[[bytes, int, int], Member]


def in_json(fields: Fields, raw: bytes, *, at: int, end: int) -> dict[str, Member]:
    """Write a message as members of a JSON object; raises UnreadableError when it does not fit its form."""
    names = {number: (name, write) for name, (number, write) in fields.items()}
    found: dict[str, Member] = {}
    beside: dict[str, Member] = {}
    left_over = b""
    while at < end:
        tag = at
        number, kind, start, at = one_field(raw, tag, end)
        if at < 0:
            raise UnreadableError
        try:
            if number in (UNKNOWN_MEMBERS, MISFITS) and kind == LENGTH:
                beside |= _members(raw[start:at])
                continue
            name, write = names[number]
            if kind != _kind_of(write):
                raise UnreadableError
            _put(found, name, write, _member(write, raw, start, at))
        except (KeyError, UnreadableError, UnicodeDecodeError):
            left_over += raw[tag:at]
    if left_over:
        beside[LEFT_OVER] = base64.b64encode(left_over).decode("ascii")
    return found | beside


def _members(text: bytes) -> dict[str, Member]:
    try:
        found = msgspec.json.decode(text, type=dict[str, object])
    except (msgspec.DecodeError, RecursionError):
        raise UnreadableError from None
    return cast("dict[str, Member]", found)


def _put(found: dict[str, Member], name: str, write: to.Write, member: Member) -> None:
    held = found.get(name)
    if isinstance(held, list) and isinstance(member, list):
        held += member
    else:
        found[name] = member


def _kind_of(write: to.Write) -> int:
    if write in (to.whole_number, to.enumeration):
        return VARINT
    return FIXED64 if write is to.fixed64 else FIXED32 if write is to.fixed32 else LENGTH


def _member(write: to.Write, raw: bytes, start: int, end: int) -> Member:
    if isinstance(write, One):
        return in_json(write.fields, raw, at=start, end=end)
    if isinstance(write, Many):
        return [in_json(write.fields, raw, at=start, end=end)]
    return _READ[write](raw, start, end)


def _text(raw: bytes, start: int, end: int) -> Member:
    return raw[start:end].decode("utf-8")


def _pair(raw: bytes, start: int, end: int, depth: int) -> Member:
    pair: dict[str, Member] = {}
    for number, kind, begin, stop in fields_of(raw, start, end):
        if (number, kind) == (1, LENGTH) and not pair:
            pair["key"] = _text(raw, begin, stop)
        elif (number, kind) == (2, LENGTH) and "value" not in pair:
            pair["value"] = _any(raw, begin, stop, depth + 1)
        else:
            raise UnreadableError
    return pair


def _any(raw: bytes, start: int, end: int, depth: int = 0) -> Member:
    fields = fields_of(raw, start, end)
    if len(fields) > 1 or depth > DEEPEST:
        raise UnreadableError
    for number, kind, begin, stop in fields:
        match number, kind:
            case (1, 2):
                return {"stringValue": _text(raw, begin, stop)}
            case (2, 0):
                return {"boolValue": varint(raw, begin, stop)[0] != 0}
            case (3, 0):
                value = varint(raw, begin, stop)[0]
                return {"intValue": str(value - (1 << 64) if value >> 63 else value)}
            case (4, 1):
                return {"doubleValue": _double(struct.unpack_from("<d", raw, begin)[0])}
            case (5, 2):
                return {
                    "arrayValue": {"values": [_any(raw, a, z, depth + 1) for a, z in _ones(raw, begin, stop)]}
                }
            case (6, 2):
                return {
                    "kvlistValue": {"values": [_pair(raw, a, z, depth) for a, z in _ones(raw, begin, stop)]}
                }
            case (7, 2):
                return {"bytesValue": base64.b64encode(raw[begin:stop]).decode("ascii")}
        raise UnreadableError
    return {}


def _double(value: float) -> Member:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _ones(raw: bytes, start: int, end: int) -> list[tuple[int, int]]:
    fields = fields_of(raw, start, end)
    if any((number, kind) != (1, LENGTH) for number, kind, _, _ in fields):
        raise UnreadableError
    return [(begin, stop) for _, _, begin, stop in fields]


_READ: dict[to.Write, Read] = {
    to.text: _text,
    to.hexadecimal: lambda raw, start, end: raw[start:end].hex(),
    to.fixed64: lambda raw, start, end: str(int.from_bytes(raw[start:end], "little")),
    to.fixed32: lambda raw, start, end: int.from_bytes(raw[start:end], "little"),
    to.whole_number: lambda raw, start, end: varint(raw, start, end)[0],
    to.enumeration: lambda raw, start, end: varint(raw, start, end)[0],
    to.any_member: _any,
    to.attribute_list: lambda raw, start, end: [_pair(raw, start, end, 0)],
    to.text_list: lambda raw, start, end: [_text(raw, start, end)],
}
