# SPDX-License-Identifier: EUPL-1.2
"""Reads the lines of the processing log that are offered: a SQLite file, opened to read only.

There is no column for a member of staff, and a line that may not be seen is not in the file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rekenschap.errors import StoreError

OFFERED, LATEST, LINES, ABOUT = "offered", "latest", "lines.sqlite", "about.json"
_COLUMNS = (
    "entry, trace, operation, parent, subject, kind, activity, began, ended, recorded, status, name, system,"
    " fields, processor"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line. Times are µs UTC; identifiers are raw bytes, empty where there are none."""

    entry: int
    trace: bytes
    operation: bytes
    parent: bytes
    subject: bytes
    kind: str
    activity: str
    began: int
    ended: int
    recorded: int
    status: str
    name: str
    system: str
    fields: str
    processor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which lines: all that is given must hold. `activities` are ways to write the same one."""

    entry: int | None = None
    trace: bytes = b""
    subject: bytes = b""
    kind: str = ""
    activities: tuple[str, ...] = ()
    activity_ends: str = ""
    only: tuple[str, ...] = ()
    """no lines of other activities, whatever else is asked; empty for all"""
    processor: str = ""
    since: int | None = None
    """lines that began at or after it"""
    before: int | None = None
    """lines that began before it"""
    until: int | None = None
    """lines that ended at or before it"""


def lines_in(place: Path, wish: Wish, *, most: int) -> tuple[Line, ...]:
    """Give the lines in the order they began, and one more than `most` when there are more."""
    where, given = _where(wish)
    asked = f"SELECT {_COLUMNS} FROM line WHERE {where} ORDER BY began, entry LIMIT ?"  # noqa: S608 - our words
    with _opened(place) as base:
        rows = base.execute(asked, (*given, most + 1)).fetchall()
    return tuple(Line(**dict(zip(_NAMES, row, strict=True))) for row in rows)


def drawer_with(place: Path, reference: str) -> str:
    """Give the drawer in which a look lies by what citizens call it; empty when nothing of it is offered."""
    with _opened(place) as base:
        row = base.execute("SELECT drawer FROM place WHERE reference = ?", (reference,)).fetchone()
    return "" if row is None else str(row[0])


def as_of(place: Path) -> str:
    """Give until when the offer holds good (ISO 8601); raises StoreError when there is none."""
    try:
        return str(json.loads((_newest(place) / ABOUT).read_text(encoding="utf-8"))["as_of"])
    except (OSError, ValueError, KeyError):
        raise _none() from None


_NAMES = tuple(each.strip() for each in _COLUMNS.split(","))


def _where(wish: Wish) -> tuple[str, list[object]]:
    parts: list[tuple[str, list[object]]] = []
    if wish.activities:
        marks = ", ".join("?" for _ in wish.activities)
        parts.append((f"activity IN ({marks})", list(wish.activities)))
    if wish.only:
        marks = ", ".join("?" for _ in wish.only)
        parts.append((f"activity IN ({marks})", list(wish.only)))
    if wish.kind:
        parts.append(("(kind = '' OR lower(kind) = lower(?))", [wish.kind]))
    if wish.activity_ends:
        parts.append(("substr(lower(activity), -length(?)) = ?", [wish.activity_ends] * 2))
    plain: tuple[tuple[str, object], ...] = (
        ("entry = ?", wish.entry), ("trace = ?", wish.trace or None), ("subject = ?", wish.subject or None),
        ("processor = ?", wish.processor or None), ("began >= ?", wish.since), ("began < ?", wish.before),
        ("ended <= ?", wish.until),
    )  # fmt: skip
    parts += [(text, [value]) for text, value in plain if value is not None]
    return " AND ".join(text for text, _ in parts) or "1", [each for _, some in parts for each in some]


@contextmanager
def _opened(place: Path) -> Iterator[sqlite3.Connection]:
    path = _newest(place) / LINES
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            yield base
    except sqlite3.Error:
        raise _none() from None


def _newest(place: Path) -> Path:
    try:
        return place / OFFERED / (place / OFFERED / LATEST).read_text(encoding="ascii").strip()
    except OSError:
        raise _none() from None


def _none() -> StoreError:
    return StoreError(
        expected="what is offered to readers", found="none, or a part of it",
        remedy="derive, and start `rekenschap read serve`", retryable=True,
    )  # fmt: skip
