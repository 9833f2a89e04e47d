# SPDX-License-Identifier: EUPL-1.2
"""OTLP in JSON to OTLP in protobuf, one message at a time (protobuf's JSON form, with identifiers in hex).

The result is what an exporter would have sent in protobuf: fields in order of their number, defaults left
out. So the same record has the same bytes whichever way it comes. A member nobody knows, and one of the wrong
type, stands in a field of its own behind the others, as the JSON it was.
"""

from __future__ import annotations

import base64
import binascii
import math
import struct
from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec

from rekenschap.contracts.otlp.envelopes import varint_bytes

Member = None | str | bool | int | float | list["Member"] | dict[str, "Member"]

UNKNOWN_MEMBERS, MISFITS = 536_870_911, 536_870_910
"""The last two field numbers there are: nobody gives them to a field of OTLP."""

DEEPEST = 100
_SPAN_KINDS = ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")
_NUMBER_OF_NAME = {f"SPAN_KIND_{name}": at for at, name in enumerate(_SPAN_KINDS)} | {
    f"STATUS_CODE_{name}": at for at, name in enumerate(("UNSET", "OK", "ERROR"))
}


class MisfitError(Exception):
    """A member of the wrong type; never leaves this room."""


Write = Callable[[bytes, Member, int], bytes]
Fields = Mapping[str, tuple[int, Write]]


def message(fields: Fields, value: Member, depth: int = 0) -> bytes:
    """Write a message; raises MisfitError when it is no object or too deep. Its members never are."""
    if not isinstance(value, dict) or depth > DEEPEST:
        raise MisfitError
    written: list[tuple[int, bytes]] = []
    unknown: dict[str, Member] = {}
    misfits: dict[str, Member] = {}
    for name, member in value.items():
        if name not in fields:
            unknown[name] = member
        elif member is not None:
            number, write = fields[name]
            try:
                written.append((number, write(_tag(number, write), member, depth)))
            except (MisfitError, ValueError, OverflowError, struct.error):
                misfits[name] = member
    written.sort(key=_number)
    for number, members in ((MISFITS, misfits), (UNKNOWN_MEMBERS, unknown)):
        if members:
            written.append((number, sized(varint_bytes(number << 3 | 2), _json(members))))
    return b"".join([each for _, each in written])


def sized(tag: bytes, value: bytes) -> bytes:
    """Write a tag, a length and a value."""
    length = len(value)
    return tag + (bytes((length,)) if length < 0x80 else varint_bytes(length)) + value


def _number(field: tuple[int, bytes]) -> int:
    return field[0]


def _json(members: dict[str, Member]) -> bytes:
    return msgspec.json.encode(members, order="deterministic")


_TAGS: dict[tuple[int, Write], bytes] = {}


def _tag(number: int, write: Write) -> bytes:
    found = _TAGS.get((number, write))
    if found is None:
        kind = next((each for write_it, each in _KINDS if write is write_it), 2)
        found = _TAGS[number, write] = varint_bytes(number << 3 | kind)
    return found


def text(tag: bytes, value: Member, depth: int) -> bytes:
    """Write a text; raises MisfitError when it is none."""
    if not isinstance(value, str):
        raise MisfitError
    return sized(tag, value.encode()) if value else b""


def _hex(tag: bytes, value: Member, depth: int) -> bytes:
    if not isinstance(value, str):
        raise MisfitError
    return sized(tag, bytes.fromhex(value)) if value else b""


def _whole(value: Member, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str | float):
        raise MisfitError
    number = int(value) if not isinstance(value, str) or value.strip() == value else low - 1
    if number != (float(value) if isinstance(value, float) else number) or not low <= number <= high:
        raise MisfitError
    return number


def _fixed64(tag: bytes, value: Member, depth: int) -> bytes:
    number = _whole(value, 0, (1 << 64) - 1)
    return tag + number.to_bytes(8, "little") if number else b""


def _fixed32(tag: bytes, value: Member, depth: int) -> bytes:
    number = _whole(value, 0, (1 << 32) - 1)
    return tag + number.to_bytes(4, "little") if number else b""


def _varint(tag: bytes, value: Member, depth: int) -> bytes:
    number = _whole(value, 0, (1 << 32) - 1)
    return tag + varint_bytes(number) if number else b""


def _enum(tag: bytes, value: Member, depth: int) -> bytes:
    named = _NUMBER_OF_NAME.get(value) if isinstance(value, str) else None
    return _varint(tag, value if named is None else named, depth)


_KINDS: tuple[tuple[Write, int], ...] = ((_varint, 0), (_enum, 0), (_fixed64, 1), (_fixed32, 5))
"""Wire types; what is not here has a length."""


def _any(tag: bytes, value: Member, depth: int) -> bytes:
    return sized(tag, any_value(value, depth))


def any_value(value: Member, depth: int) -> bytes:
    """Write an AnyValue; raises MisfitError, also for a type nobody knows yet."""
    if not isinstance(value, dict) or depth > DEEPEST:
        raise MisfitError
    if not value:
        return b""
    if len(value) > 1:
        raise MisfitError
    ((name, member),) = value.items()
    if name == "stringValue" and isinstance(member, str):
        return sized(b"\x0a", member.encode())
    if name == "intValue":
        return b"\x18" + varint_bytes(_whole(member, -(1 << 63), (1 << 63) - 1) & 0xFFFF_FFFF_FFFF_FFFF)
    if name == "boolValue" and isinstance(member, bool):
        return b"\x10\x01" if member else b"\x10\x00"
    if name == "doubleValue":
        return b"\x21" + struct.pack("<d", _real(member))
    if name in ("arrayValue", "kvlistValue") and isinstance(member, dict):
        of_list, each = (b"\x2a", any_value) if name == "arrayValue" else (b"\x32", _key_value)
        values = member.get("values") or []
        if not isinstance(values, list) or member.keys() - {"values"}:
            raise MisfitError
        return sized(of_list, b"".join([sized(b"\x0a", each(one, depth + 1)) for one in values]))
    if name == "bytesValue" and isinstance(member, str):
        return sized(b"\x3a", _base64(member))
    raise MisfitError


def _real(value: Member) -> float:
    if isinstance(value, str):
        if value not in ("NaN", "Infinity", "-Infinity"):
            raise MisfitError
        return math.nan if value == "NaN" else float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MisfitError
    return float(value)


def _base64(text: str) -> bytes:
    try:
        plain = text.replace("-", "+").replace("_", "/").rstrip("=")
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error:
        raise MisfitError from None


def _key_value(value: Member, depth: int) -> bytes:
    if not isinstance(value, dict) or value.keys() - {"key", "value"}:
        raise MisfitError
    key, held = value.get("key", ""), value.get("value")
    if not isinstance(key, str):
        raise MisfitError
    written = sized(b"\x0a", key.encode()) if key else b""
    return written if held is None else written + sized(b"\x12", any_value(held, depth))


def _attributes(tag: bytes, value: Member, depth: int) -> bytes:
    return _each(tag, value, lambda one: _key_value(one, depth + 1))


def _each(tag: bytes, value: Member, write: Callable[[Member], bytes]) -> bytes:
    if not isinstance(value, list):
        raise MisfitError
    return b"".join([sized(tag, write(one)) for one in value])


def _texts(tag: bytes, value: Member, depth: int) -> bytes:
    def text(one: Member) -> bytes:
        if not isinstance(one, str):
            raise MisfitError
        return one.encode()

    return _each(tag, value, text)


def _one(fields: Fields) -> Write:
    return lambda tag, value, depth: sized(tag, message(fields, value, depth + 1))


def _many(fields: Fields) -> Write:
    return lambda tag, value, depth: _each(tag, value, lambda one: message(fields, one, depth + 1))


_ENTITY: Fields = {
    "schemaUrl": (1, text),
    "type": (2, text),
    "idKeys": (3, _texts),
    "descriptionKeys": (4, _texts),
}
RESOURCE: Fields = MappingProxyType(
    {
        "attributes": (1, _attributes),
        "droppedAttributesCount": (2, _varint),
        "entityRefs": (3, _many(_ENTITY)),
    }
)
SCOPE: Fields = MappingProxyType(
    {
        "name": (1, text),
        "version": (2, text),
        "attributes": (3, _attributes),
        "droppedAttributesCount": (4, _varint),
    }
)
_EVENT: Fields = {
    "timeUnixNano": (1, _fixed64),
    "name": (2, text),
    "attributes": (3, _attributes),
    "droppedAttributesCount": (4, _varint),
}
_LINK: Fields = {
    "traceId": (1, _hex),
    "spanId": (2, _hex),
    "traceState": (3, text),
    "attributes": (4, _attributes),
    "droppedAttributesCount": (5, _varint),
    "flags": (6, _fixed32),
}
_STATUS: Fields = {"message": (2, text), "code": (3, _enum)}
SPAN: Fields = MappingProxyType(
    {
        "traceId": (1, _hex),
        "spanId": (2, _hex),
        "traceState": (3, text),
        "parentSpanId": (4, _hex),
        "name": (5, text),
        "kind": (6, _enum),
        "startTimeUnixNano": (7, _fixed64),
        "endTimeUnixNano": (8, _fixed64),
        "attributes": (9, _attributes),
        "droppedAttributesCount": (10, _varint),
        "events": (11, _many(_EVENT)),
        "droppedEventsCount": (12, _varint),
        "links": (13, _many(_LINK)),
        "droppedLinksCount": (14, _varint),
        "status": (15, _one(_STATUS)),
        "flags": (16, _fixed32),
    }
)
LOG_RECORD: Fields = MappingProxyType(
    {
        "timeUnixNano": (1, _fixed64),
        "severityNumber": (2, _enum),
        "severityText": (3, text),
        "body": (5, _any),
        "attributes": (6, _attributes),
        "droppedAttributesCount": (7, _varint),
        "flags": (8, _fixed32),
        "traceId": (9, _hex),
        "spanId": (10, _hex),
        "observedTimeUnixNano": (11, _fixed64),
        "eventName": (12, text),
    }
)
