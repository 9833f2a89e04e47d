# SPDX-License-Identifier: EUPL-1.2
"""Drawn tables are read as they look, and refused with file and line when they cannot be."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

import rekenschap
from rekenschap.errors import ConfigurationError
from rekenschap.sql.cases import read_drawn
from rekenschap.sql.cells import token_half
from rekenschap.sql.query import Query, load_queries

CATALOGUE = {query.id: query for query in load_queries(Path(rekenschap.__file__).parent / "explain")}
TASK = CATALOGUE["task"]

DRAWING = """\
# A look, a task,
# and a zaak.
consultation                              task
entry | staff | subject | looked_at       entry | task | staff | done_at
o1    | s1    | p1      | 2 Mar 09:00     w1    | t1   | s1    | 1 Apr 2025 10:30:05
o2    | s1    | p2      | 2 Jul

zaak
zaak | subject | registered_at
z1   | -       | 1 Mar

=> explanation
look | work_relation | work_entry
o2   | task          | w1
"""


def drawn(tmp_path: Path, text: str = DRAWING, query: Query = TASK):
    path = tmp_path / "hit.txt"
    path.write_text(text, encoding="utf-8")
    return read_drawn(path, query, catalogue=CATALOGUE.values())


def micros(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[arg-type,misc]


def test_tables_side_by_side_and_under_each_other_are_read(tmp_path: Path):
    found = drawn(tmp_path)
    assert found.says == "A look, a task, and a zaak."
    assert {name: len(rows) for name, rows in found.given.items()} == {
        "consultation": 2,
        "task": 1,
        "zaak": 1,
    }


def test_times_are_local_in_2026_unless_the_year_is_drawn(tmp_path: Path):
    given = drawn(tmp_path).given
    assert given["consultation"]["looked_at"].to_pylist() == [micros(2026, 3, 2, 8), micros(2026, 7, 1, 22)]
    assert given["task"]["done_at"].to_pylist() == [micros(2025, 4, 1, 8, 30, 5)]


def test_a_label_is_the_same_token_everywhere_and_an_empty_cell_is_null(tmp_path: Path):
    given = drawn(tmp_path).given
    assert given["consultation"]["staff"].to_pylist() == [token_half("s1")] * 2
    assert given["task"]["staff"].to_pylist() == [token_half("s1")]
    assert given["zaak"]["subject"].to_pylist() == [None]
    assert given["zaak"]["handler"].to_pylist() == [None]


def test_the_expected_table_names_rows_by_their_label(tmp_path: Path):
    found = drawn(tmp_path)
    look, work = found.given["consultation"]["entry"][1].as_py(), found.given["task"]["entry"][0].as_py()
    assert found.columns == ("look", "work_relation", "work_entry")
    assert found.expected == ((look, "task", work),)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("| staff | subject | looked_at ", "| stuff | subject | looked_at ", "line 4, found 'stuff'"),
        ("| s1    | p1 ", "| Jansen | p1", "line 5, found 'Jansen'"),
        ("2 Mar 09:00", "2 Mrt 09:00", "line 5, found '2 Mrt 09:00'"),
        ("2 Mar 09:00", "31 Feb 09:00", "line 5, found '31 Feb 09:00'"),
        ("| p2      | 2 Jul", "| p2", "4 cells in hit.txt line 6, found 3"),
        ("o2    | s1", "o1    | s1", "'o1' twice"),
        ("o2   | task", "o7   | task", "line 14, found 'o7'"),
        ("look | work_relation", "look | work_relatoin", "line 13, found 'work_relatoin'"),
        ("=> explanation", "explanation", "one expected table"),
        ("zaak\nzaak", "zaken\nzaak", "line 8, found 'zaken'"),
        ("zaak\nzaak | subject | registered_at\nz1   | -       | 1 Mar", "zaak", "line 8, found one line"),
        ("09:00     w1", "09:00    xw1", "an empty column between two tables in hit.txt line 5"),
        ("w1    | t1", "work  | t1", "line 5, found 'work'"),
        ("o1    | s1    | p1      | 2 Mar 09:00  ", "o1    | s1    | p1      | 2 Mar 09:00:0", "line 5"),
    ],
)
def test_a_drawing_that_cannot_be_read_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
):
    assert old in DRAWING
    with pytest.raises(ConfigurationError, match=said):
        drawn(tmp_path, DRAWING.replace(old, new, 1))


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [("kind", "phone", "one of call, appointment"), ("started_at", "soon", "a time such as")],
)
def test_a_cell_that_does_not_fit_its_column_is_refused(tmp_path: Path, column: str, cell: str, said: str):
    text = f"contact\nentry | {column}\nw1 | {cell}\n\n=> explanation\nlook\n"
    with pytest.raises(ConfigurationError, match=said):
        drawn(tmp_path, text, CATALOGUE["contact"])


def test_derived_relations_may_be_drawn_too(tmp_path: Path):
    text = (
        "look\nlook | staff | day_began | happened_day | happened_minute | first_look\n"
        "o1 | s1 | 2 Mar | 2 Mar | 540 | yes\n\n"
        "verdict\nlook | explained | score\no1 | no | 2.5\n\n"
        "=> explanation\nlook\no1\n"
    )
    given = drawn(tmp_path, text).given
    assert given["look"]["happened_day"].to_pylist() == [20514]
    assert given["look"]["first_look"].to_pylist() == [True]
    assert given["verdict"].select(["look", "explained", "score"]).to_pylist() == [
        {"look": 0, "explained": False, "score": 2.5}
    ]


def test_what_is_declared_of_look_is_what_its_query_writes():
    from rekenschap.sql.derived import LOOK

    assert dict(CATALOGUE["looks"].columns) == dict(LOOK)
