# SPDX-License-Identifier: EUPL-1.2
"""Where each field of a record stands and how it is written. Knows no bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from rekenschap.errors import ConfigurationError


class Form(Enum):
    """How a field is written."""

    TEXT = auto()
    ZONED = auto()
    PACKED = auto()
    BINARY = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: name, first byte (from 0), number of bytes, form; digits and decimals of a number.

    With `choice` it is there only in records whose field of that name holds one of those texts.
    """

    name: str
    start: int
    length: int
    form: Form = Form.TEXT
    digits: int = 0
    decimals: int = 0
    signed: bool = False
    sign_apart: str = ""
    choice: tuple[str, frozenset[str]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All fields of a record and its length in bytes."""

    fields: tuple[Field, ...]
    length: int

    def without(self, names: frozenset[str]) -> Layout:
        """Leave fields out, capitals or not."""
        return Layout(fields=tuple(x for x in self.fields if x.name.upper() not in names), length=self.length)


def layout_error(expected: str, found: str, remedy: str = "correct the profile") -> ConfigurationError:
    """Say what is wrong with a layout."""
    return ConfigurationError(expected=expected, found=found, remedy=remedy)


def parse_places(text: str) -> Layout:
    """Read `name 1-14, name 15-22`: places counted from 1; raises ConfigurationError."""
    fields: list[Field] = []
    for part in (each.strip() for each in re.split(r"[,\n]", text)):
        if not part:
            continue
        found = re.fullmatch(r"(\S.*?)\s+(\d{1,5})(?:-(\d{1,5}))?", part)
        if found is None or not 1 <= int(found[2]) <= int(found[3] or found[2]):
            raise layout_error(
                "a name and its places, such as gebruiker 15-22, in the layout", "something else"
            )
        start, end = int(found[2]) - 1, int(found[3] or found[2])
        fields.append(Field(name=found[1], start=start, length=end - start))
    if not fields or len({each.name for each in fields}) < len(fields):
        raise layout_error("a layout of fields, each name once", "none, or a name twice")
    return Layout(fields=tuple(fields), length=max(each.start + each.length for each in fields))
