# SPDX-License-Identifier: EUPL-1.2
"""The shape of a row without its values: enough to see what a profile does not understand, nobody's name."""

from __future__ import annotations

import orjson

LONGEST = 40
"""Characters of a value that are shown; of a longer one its length says the rest."""

_KEPT = frozenset("-:/.,;+ T")


def masked(original: bytes, *, is_row: bool) -> dict[str, str]:
    """Give each column with its shape (digits as 9, letters as x); of what is no row its length only."""
    if is_row:
        try:
            read = orjson.loads(original)
        except orjson.JSONDecodeError:
            read = None
        if isinstance(read, dict):
            return {str(name): shape_of(_text(value)) for name, value in read.items()}
    return {"": f"{len(original)} bytes"}


def shape_of(text: str) -> str:
    """Write digits as 9, letters as x, marks of dates and numbers as they are, and all else as ?."""
    shown = "".join(map(_mark, text[:LONGEST]))
    return shown if len(text) <= LONGEST else f"{shown}… ({len(text)})"


def _mark(character: str) -> str:
    if character.isdigit():
        return "9"
    if character in _KEPT:
        return character
    return "x" if character.isalpha() else "?"


def _text(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
