# SPDX-License-Identifier: EUPL-1.2
"""The shape of a row without its values: enough to see what a profile does not understand, nobody's name.

Names of fields are shown, because a profile names them; one that may be a value itself is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

import orjson

LONGEST = 40
"""Characters of a value that are shown; of a longer one its length says the rest."""
MOST = 200
"""Lines of one row; what has more is cut off."""

_KEPT = frozenset("-:/.,;+ T")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z_-]{0,39}[0-9]{0,2}", re.ASCII)
_OF_A_STANDARD = re.compile(
    r"(?:adl|code|dpl|device|enduser|host|http|otel|process|rekenschap|rpc|server|service|session|telemetry|url"
    r"|user|user_agent)(?:\.[A-Za-z_]{1,30}){1,6}",
    re.ASCII,
)
_MANY = 60
"""An object with more names than this is no record but a list by name: then they are values."""


def masked(original: bytes, *, is_row: bool) -> dict[str, str]:
    """Give each field, by where it stands, with its shape (digits as 9, letters as x).

    Of what is no row, or not in JSON, its length only.
    """
    if is_row:
        try:
            read = orjson.loads(original)
        except orjson.JSONDecodeError:
            read = None
        if isinstance(read, dict):
            found = list(islice(_fields(read), MOST + 1))
            shown = dict(found[:MOST])
            return shown | {"": "…"} if len(found) > MOST else shown
    return {"": f"{len(original)} bytes"}


def shape_of(text: str) -> str:
    """Write digits as 9, letters as x, marks of dates and numbers as they are, and all else as ?."""
    shown = "".join(map(_mark, text[:LONGEST]))
    return shown if len(text) <= LONGEST else f"{shown}… ({len(text)})"


def _fields(row: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Go through a row; the names of its own fields are columns, and a profile may call them anything."""
    for name, value in row.items():
        yield from _under(name, value)


def _under(place: str, value: object) -> Iterator[tuple[str, str]]:
    inside = _inside(value)
    if isinstance(inside, dict) and inside:
        for name, each in zip(_names(inside), inside.values(), strict=True):
            yield from _under(f"{place}.{name}", each)
    elif isinstance(inside, list) and inside:
        for at, each in enumerate(inside):
            if (pair := _pair(each)) is not None:
                yield from _under(f"{place}[{_name(pair[0])}]", pair[1])
            else:
                yield from _under(f"{place}[{at}]", each)
    else:
        yield place, shape_of(value if isinstance(value, str) else orjson.dumps(value).decode())


def _inside(value: object) -> object:
    """Give what stands in a text that holds JSON itself; else the value."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
    return value


def _pair(each: object) -> tuple[str, object] | None:
    """Give key and value of an attribute of OpenTelemetry."""
    if isinstance(each, dict) and each.keys() == {"key", "value"} and isinstance(each["key"], str):
        return each["key"], each["value"]
    return None


def _names(members: Mapping[str, object]) -> list[str]:
    """Give the names of members; all masked when one of them is no plain name, for then they are values."""
    shown = [_name(name) for name in members]
    are_names = len(shown) <= _MANY and all(map(str.__eq__, shown, members))
    return shown if are_names else [f"{shape_of(name)}({at})" for at, name in enumerate(members)]


def _name(name: str) -> str:
    return name if _PLAIN.fullmatch(name) or _OF_A_STANDARD.fullmatch(name) else shape_of(name)


def _mark(character: str) -> str:
    if character.isdigit():
        return "9"
    if character in _KEPT:
        return character
    return "x" if character.isalpha() else "?"
