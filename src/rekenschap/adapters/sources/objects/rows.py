# SPDX-License-Identifier: EUPL-1.2
"""Objects of JSON as rows of text: a value that is not text becomes the text JSON writes for it."""

from __future__ import annotations

from collections.abc import Iterable

import orjson
import pyarrow as pa

from rekenschap.seams.source import MAX_COLUMNS

Object = dict[str, object]
_NESTED = (list, dict)
DEEPEST = 16
"""Objects in objects; what lies deeper stays JSON in one text."""


class Rows:
    """Collects objects that have at most MAX_COLUMNS keys together."""

    def __init__(self) -> None:
        self._rows: list[Object] = []
        self._columns: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: Object) -> str:
        """Take one more; gives a reason code instead when it does not fit."""
        if not row.keys() <= self._columns.keys():
            if len(self._columns | row) > MAX_COLUMNS:
                return "too-many-columns"
            self._columns |= dict.fromkeys(row)
        try:
            written = {name: _text(value) for name, value in row.items() if isinstance(value, _NESTED)}
        except orjson.JSONEncodeError:  # nested deeper than is written again
            return "json-unreadable"
        self._rows.append(row | written if written else row)
        return ""

    def table(self) -> pa.Table:
        """Give the rows with a column per key; a key that is absent is empty."""
        return pa.table({name: _texts([row.get(name) for row in self._rows]) for name in self._columns})


def flat(row: Object) -> Object:
    """Give the objects inside an object as keys with dots between; lists stay as they are."""
    if not any(isinstance(value, dict) for value in row.values()):
        return row
    flattened: Object = {}
    for name, value in _leaves(row.items(), "", DEEPEST):
        flattened.setdefault(name, value)
    return flattened


def _leaves(pairs: Iterable[tuple[str, object]], before: str, deeper: int) -> Iterable[tuple[str, object]]:
    for name, value in pairs:
        if isinstance(value, dict) and value and deeper:
            yield from _leaves(value.items(), f"{before}{name}.", deeper - 1)
        else:
            yield f"{before}{name}", value


def _texts(values: list[object]) -> pa.Array:
    try:
        return pa.array(values, pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return pa.array([_text(value) for value in values], pa.string())


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()
