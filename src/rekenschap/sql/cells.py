# SPDX-License-Identifier: EUPL-1.2
"""One cell of a drawn table: from the words a lawyer reads to the value an engine is given.

Knows the kinds of column and the drawing's own calendar (2026, Amsterdam); knows no tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from rekenschap.errors import ConfigurationError
from rekenschap.model.columns import Column, Kind
from rekenschap.sql.query import Holds
from rekenschap.tables import TOKEN_WIDTH, ZONE

YEAR = 2026
_EMPTY = ("", "-")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LABEL = re.compile(r"[a-z]{1,12}\d{1,4}")
_WHEN = re.compile(r"(\d{1,2}) ([A-Z][a-z]{2})(?: (\d{4}))?(?: (\d{2}):(\d{2})(?::(\d{2}))?)?")
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file a cell is drawn."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell and its place."""

    text: str
    place: Place


def refuse(place: Place, expected: str, found: str) -> ConfigurationError:
    """Say in one sentence what is wrong with a drawing, and where."""
    return ConfigurationError(
        expected=f"{expected} in {place.file} line {place.line}", found=found, remedy="draw the case anew"
    )


def token_of(label: str) -> bytes:
    """Turn a label such as p1 into the 16 bytes of its token; the same label is the same token everywhere."""
    return sha256(label.encode()).digest()[:TOKEN_WIDTH]


def token_half(label: str) -> int:
    """Give the BIGINT half that stands for a label in work form."""
    return int.from_bytes(token_of(label)[:8], "big", signed=True)


def fact_value(cell: Cell, column: Column) -> object:
    """Read a cell as a column of facts holds it; empty and `-` are null."""
    if cell.text in _EMPTY:
        return None
    match column.kind:
        case Kind.TOKEN:
            return token_of(label_of(cell))
        case Kind.TIME:
            return _moment(cell)
        case Kind.DAY:
            return _moment(cell).astimezone(ZoneInfo(ZONE)).date()
        case Kind.COUNT:
            return _whole(cell)
        case Kind.FLAG:
            return _flag(cell)
        case Kind.BYTES:
            return token_of(cell.text)[: column.width]
        case Kind.CODE if cell.text not in column.codes:
            raise refuse(cell.place, f"one of {', '.join(column.codes)} as {column.name}", f"'{cell.text}'")
        case _:
            return cell.text


def work_value(cell: Cell, holds: Holds, entries: dict[str, int], *, new: bool = False) -> object:
    """Read a cell as a derived relation holds it; `new` lets a label not drawn before be an entry."""
    if cell.text in _EMPTY:
        return None
    match holds:
        case Holds.ENTRY:
            return _entry(cell, entries, new)
        case Holds.TOKEN:
            return token_half(label_of(cell))
        case Holds.TIME:
            return int(_moment(cell).timestamp()) * 1_000_000
        case Holds.DAY:
            return _day(cell)
        case Holds.COUNT:
            return _whole(cell)
        case Holds.NUMBER:
            return _number(cell)
        case Holds.FLAG:
            return _flag(cell)
        case Holds.TEXT:
            return cell.text


def _entry(cell: Cell, entries: dict[str, int], new: bool) -> int:
    if cell.text not in entries:
        if not new:
            raise refuse(cell.place, "the label of a row that is drawn", f"'{cell.text}'")
        entries[cell.text] = len(entries)
    return entries[cell.text]


def label_of(cell: Cell) -> str:
    """Read a cell that must be a label: a few letters and a number."""
    if not _LABEL.fullmatch(cell.text):
        raise refuse(cell.place, "a label such as s1, p1 or z1", f"'{cell.text}'")
    return cell.text


def _moment(cell: Cell) -> datetime:
    found = _WHEN.fullmatch(cell.text)
    if found is None or found[2] not in _MONTHS:
        raise refuse(cell.place, "a time such as '2 Mar 09:00'", f"'{cell.text}'")
    day, month, year, hour, minute, second = found.groups(default="0")
    try:
        local = datetime(
            int(year) or YEAR, _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second),
            tzinfo=ZoneInfo(ZONE),
        )  # fmt: skip
    except ValueError:
        raise refuse(cell.place, "a time that exists", f"'{cell.text}'") from None
    return local.astimezone(UTC)


def _day(cell: Cell) -> int:
    if cell.text.removeprefix("-").isdigit():  # minutes of the day and other small whole numbers
        return int(cell.text)
    return (_moment(cell).astimezone(ZoneInfo(ZONE)).date() - _EPOCH).days


def _whole(cell: Cell) -> int:
    try:
        return int(cell.text)
    except ValueError:
        raise refuse(cell.place, "a whole number", f"'{cell.text}'") from None


def _number(cell: Cell) -> float:
    try:
        return float(cell.text)
    except ValueError:
        raise refuse(cell.place, "a number", f"'{cell.text}'") from None


def _flag(cell: Cell) -> bool:
    if cell.text not in ("yes", "no"):
        raise refuse(cell.place, "yes or no", f"'{cell.text}'")
    return cell.text == "yes"
