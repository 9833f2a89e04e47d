# SPDX-License-Identifier: EUPL-1.2
"""One value of an attribute, and one list of attributes, read on their own: for what is rare or deep.

Types that JSON does not have keep their name: bytes become `{"bytesValue": base64}`, and a double that is no
number `{"doubleValue": "NaN"}`. What is too deep or does not fit becomes UNREADABLE.
"""

from __future__ import annotations

import base64
import math
import struct

import orjson

from rekenschap.contracts.otlp.wire import LENGTH, one_field, varint

Value = None | str | bool | int | float | list["Value"] | dict[str, "Value"]

DEEPEST = 32


class UnreadableError(Exception):
    """A value that does not fit its form; never leaves this room."""


def fields_of(raw: bytes, at: int, end: int) -> list[tuple[int, int, int, int]]:
    """Give number, wire type, start and end of the value of each field; raises UnreadableError."""
    found: list[tuple[int, int, int, int]] = []
    while at < end:
        number, kind, start, at = one_field(raw, at, end)
        if at < 0:
            raise UnreadableError
        found.append((number, kind, start, at))
    return found


def value_of(raw: bytes, at: int, end: int, *, depth: int = 0) -> Value:
    """Read an AnyValue; raises UnreadableError."""
    if depth > DEEPEST:
        raise UnreadableError
    value: Value = None
    for number, kind, start, until in fields_of(raw, at, end):
        match number, kind:
            case (1, 2):
                value = _text(raw, start, until)
            case (2, 0):
                value = varint(raw, start, until)[0] != 0
            case (3, 0):
                value = _signed(varint(raw, start, until)[0])
            case (4, 1):
                value = _number(struct.unpack_from("<d", raw, start)[0])
            case (5, 2):
                value = [
                    value_of(raw, begin, stop, depth=depth + 1)
                    for which, form, begin, stop in fields_of(raw, start, until)
                    if (which, form) == (1, LENGTH)
                ]
            case (6, 2):
                value = attributes_of(raw, start, until, of=1, depth=depth + 1)
            case (7, 2):
                value = {"bytesValue": base64.b64encode(raw[start:until]).decode("ascii")}
    return value


def attributes_of(raw: bytes, at: int, end: int, *, of: int, depth: int = 0) -> dict[str, Value]:
    """Read the KeyValues in field `of` of a message; of a key that comes twice, the last."""
    return dict(pairs_of(raw, at, end, of=of, depth=depth))


def pairs_of(raw: bytes, at: int, end: int, *, of: int, depth: int = 0) -> list[tuple[str, Value]]:
    """Read the KeyValues in field `of` of a message; raises UnreadableError."""
    found: list[tuple[str, Value]] = []
    for number, kind, start, until in fields_of(raw, at, end):
        if (number, kind) == (of, LENGTH):
            key, value = "", None
            for part, form, begin, stop in fields_of(raw, start, until):
                if (part, form) == (1, LENGTH):
                    key = _text(raw, begin, stop)
                elif (part, form) == (2, LENGTH):
                    value = value_of(raw, begin, stop, depth=depth)
            found.append((key, value))
    return found


def text_of(value: Value) -> str | None:
    """Write a value as a column holds it: text as it is, everything else as JSON."""
    if value is None or isinstance(value, str):
        return value
    return (
        orjson.dumps(value).decode() if not isinstance(value, int) or isinstance(value, bool) else str(value)
    )


def _text(raw: bytes, start: int, end: int) -> str:
    try:
        return raw[start:end].decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableError from None


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


def _number(value: float) -> Value:
    return value if math.isfinite(value) else {"doubleValue": str(value)}
