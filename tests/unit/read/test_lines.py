# SPDX-License-Identifier: EUPL-1.2
"""Lines of the processing log are read as far as a client may: of its activities alone, when it has some."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rekenschap.audit.readers.offering import _INDEXES, _TABLES
from rekenschap_read.place.lines import Wish, lines_in

ACTIVITIES = ("portaal-berichten", "portaal-klikken", "", "portaal-berichten")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Four lines of one person, as the clerk offers them."""
    newest = tmp_path / "offered" / "first"
    newest.mkdir(parents=True)
    (tmp_path / "offered" / "latest").write_text("first\n", encoding="ascii")
    rows = [
        (
            entry,
            b"t" * 16,
            b"o" * 8,
            b"",
            b"p" * 16,
            "bsn",
            activity,
            entry,
            entry,
            entry,
            "Ok",
            "x",
            "s",
            "",
            "",
        )
        for entry, activity in enumerate(ACTIVITIES, 1)
    ]
    marks = ", ".join("?" * 15)
    with closing(sqlite3.connect(newest / "lines.sqlite")) as base:
        base.executescript(_TABLES)
        base.executemany(f"INSERT INTO line VALUES ({marks})", rows)  # noqa: S608 - our words
        base.executescript(_INDEXES)
        base.commit()
    return tmp_path


@pytest.mark.parametrize(
    ("wish", "entries"),
    [
        (Wish(subject=b"p" * 16), [1, 2, 3, 4]),
        (Wish(subject=b"p" * 16, only=("portaal-berichten",)), [1, 4]),
        (Wish(trace=b"t" * 16, only=("portaal-klikken", "anders")), [2]),
        (Wish(entry=2, only=("portaal-berichten",)), []),
        (Wish(activities=("portaal-klikken",), only=("portaal-berichten",)), []),
    ],
)
def test_a_client_that_is_held_to_activities_reads_no_other_line(
    place: Path, wish: Wish, entries: list[int]
) -> None:
    assert [each.entry for each in lines_in(place, wish, most=9)] == entries
