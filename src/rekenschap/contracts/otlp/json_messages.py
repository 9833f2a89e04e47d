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
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import msgspec

from rekenschap.contracts.otlp.envelopes import varint_bytes

Member = None | str | bool | int | float | list["Member"] | dict[str, "Member"]

UNKNOWN_MEMBERS, MISFITS = 536_870_911, 536_870_910
"""The last two field numbers there are: nobody gives them to a field of OTLP."""

LEFT_OVER = "@protobuf"
"""Member of ours with fields (base64 of the wire) that JSON has no name or no form for."""

DEEPEST = 100
_SHORT = 0x7F
"""Bytes that a length of one byte can count."""

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
        if name == LEFT_OVER:
            written.append((MISFITS - 1, _base64(member)))
        elif name not in fields:
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


def _tag(number: int, write: Write) -> bytes:
    return _tag_bytes(number, next((kind for each, kind in _KINDS if write is each), 2))


@cache
def _tag_bytes(number: int, kind: int) -> bytes:
    return varint_bytes(number << 3 | kind)


def text(tag: bytes, value: Member, depth: int) -> bytes:
    """Write a text; raises MisfitError when it is none."""
    if not isinstance(value, str):
        raise MisfitError
    return sized(tag, value.encode()) if value else b""


def hexadecimal(tag: bytes, value: Member, depth: int) -> bytes:
    """Write bytes that stand in hex."""
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


def fixed64(tag: bytes, value: Member, depth: int) -> bytes:
    """Write a whole number in eight bytes."""
    number = _whole(value, 0, (1 << 64) - 1)
    return tag + number.to_bytes(8, "little") if number else b""


def fixed32(tag: bytes, value: Member, depth: int) -> bytes:
    """Write a whole number in four bytes."""
    number = _whole(value, 0, (1 << 32) - 1)
    return tag + number.to_bytes(4, "little") if number else b""


def whole_number(tag: bytes, value: Member, depth: int) -> bytes:
    """Write a whole number."""
    number = _whole(value, 0, (1 << 32) - 1)
    return tag + varint_bytes(number) if number else b""


def enumeration(tag: bytes, value: Member, depth: int) -> bytes:
    """Write a number that may stand there by its name."""
    named = _NUMBER_OF_NAME.get(value) if isinstance(value, str) else None
    return whole_number(tag, value if named is None else named, depth)


_KINDS: tuple[tuple[Write, int], ...] = ((whole_number, 0), (enumeration, 0), (fixed64, 1), (fixed32, 5))
"""Wire types; what is not here has a length."""


def any_member(tag: bytes, value: Member, depth: int) -> bytes:
    """Write a member that is an AnyValue."""
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


def _base64(text: Member) -> bytes:
    if not isinstance(text, str):
        raise MisfitError
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


def attribute_list(tag: bytes, value: Member, depth: int) -> bytes:
    """Write KeyValues."""
    if not isinstance(value, list):
        raise MisfitError
    written = []
    for one in value:
        plain = _plain_text(one)
        written.append(sized(tag, _key_value(one, depth + 1) if plain is None else plain))
    return b"".join(written)


def _plain_text(pair: Member) -> bytes | None:
    """Write a key with a text, as most attributes are; None when it is something else."""
    if type(pair) is not dict or len(pair) != 2:
        return None
    key, held = pair.get("key"), pair.get("value")
    if type(key) is not str or not key or type(held) is not dict or len(held) != 1:
        return None
    text = held.get("stringValue")
    if type(text) is not str:
        return None
    name, words = key.encode(), text.encode()
    long, longer = len(name), len(words)
    if long > _SHORT or longer > _SHORT - 2:
        return None
    return b"\x0a%c%b\x12%c\x0a%c%b" % (long, name, longer + 2, longer, words)


def _each(tag: bytes, value: Member, write: Callable[[Member], bytes]) -> bytes:
    if not isinstance(value, list):
        raise MisfitError
    return b"".join([sized(tag, write(one)) for one in value])


def text_list(tag: bytes, value: Member, depth: int) -> bytes:
    """Write texts."""

    def text(one: Member) -> bytes:
        if not isinstance(one, str):
            raise MisfitError
        return one.encode()

    return _each(tag, value, text)


@dataclass(frozen=True, slots=True, eq=False)
class One:
    """Writes a member that is a message."""

    fields: Fields

    def __call__(self, tag: bytes, value: Member, depth: int) -> bytes:
        """Write it."""
        return sized(tag, message(self.fields, value, depth + 1))


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """Writes a member that is a list of messages."""

    fields: Fields

    def __call__(self, tag: bytes, value: Member, depth: int) -> bytes:
        """Write them."""
        return _each(tag, value, lambda one: message(self.fields, one, depth + 1))


_ENTITY: Fields = {
    "schemaUrl": (1, text),
    "type": (2, text),
    "idKeys": (3, text_list),
    "descriptionKeys": (4, text_list),
}
RESOURCE: Fields = MappingProxyType(
    {
        "attributes": (1, attribute_list),
        "droppedAttributesCount": (2, whole_number),
        "entityRefs": (3, Many(_ENTITY)),
    }
)
SCOPE: Fields = MappingProxyType(
    {
        "name": (1, text),
        "version": (2, text),
        "attributes": (3, attribute_list),
        "droppedAttributesCount": (4, whole_number),
    }
)
_HAPPENING: Fields = {
    "timeUnixNano": (1, fixed64),
    "name": (2, text),
    "attributes": (3, attribute_list),
    "droppedAttributesCount": (4, whole_number),
}
_LINK: Fields = {
    "traceId": (1, hexadecimal),
    "spanId": (2, hexadecimal),
    "traceState": (3, text),
    "attributes": (4, attribute_list),
    "droppedAttributesCount": (5, whole_number),
    "flags": (6, fixed32),
}
_STATUS: Fields = {"message": (2, text), "code": (3, enumeration)}
SPAN: Fields = MappingProxyType(
    {
        "traceId": (1, hexadecimal),
        "spanId": (2, hexadecimal),
        "traceState": (3, text),
        "parentSpanId": (4, hexadecimal),
        "name": (5, text),
        "kind": (6, enumeration),
        "startTimeUnixNano": (7, fixed64),
        "endTimeUnixNano": (8, fixed64),
        "attributes": (9, attribute_list),
        "droppedAttributesCount": (10, whole_number),
        "events": (11, Many(_HAPPENING)),
        "droppedEventsCount": (12, whole_number),
        "links": (13, Many(_LINK)),
        "droppedLinksCount": (14, whole_number),
        "status": (15, One(_STATUS)),
        "flags": (16, fixed32),
    }
)
LOG_RECORD: Fields = MappingProxyType(
    {
        "timeUnixNano": (1, fixed64),
        "severityNumber": (2, enumeration),
        "severityText": (3, text),
        "body": (5, any_member),
        "attributes": (6, attribute_list),
        "droppedAttributesCount": (7, whole_number),
        "flags": (8, fixed32),
        "traceId": (9, hexadecimal),
        "spanId": (10, hexadecimal),
        "observedTimeUnixNano": (11, fixed64),
        "eventName": (12, text),
    }
)
