# SPDX-License-Identifier: EUPL-1.2
"""A query folder says everything that is asked of it, or is refused by name."""

from pathlib import Path

import pytest

from rekenschap.errors import ConfigurationError
from rekenschap.sql.lint import check_query, faults
from rekenschap.sql.query import Holds, load_queries, load_query

TOML = """
id = "late"
title = { nl = "Laat", en = "Late" }
question = "Which looks were late?"
reads = ["look"]
writes = "late_look"
blind_spots = ["night shifts"]
owner = "integrity"
since = "0.1.0"
version = 1

[columns]
look = "entry"

[parameters.minute]
type = "count"
unit = "minutes"
default = 1140
why = "offices close at seven"
"""
SQL = "select look from look where happened_minute > $minute\n"
DRAWN = """\
# Late.
look
look | happened_minute
o1   | 1200

=> late_look
look
o1
"""


def folder(tmp_path: Path, *, toml: str = TOML, sql: str = SQL) -> Path:
    made = tmp_path / "late"
    (made / "cases").mkdir(parents=True)
    (made / "query.toml").write_text(toml, encoding="utf-8")
    (made / "query.sql").write_text(sql, encoding="utf-8")
    for name in ("hit", "near_miss", "empty"):
        (made / "cases" / f"{name}.txt").write_text(DRAWN, encoding="utf-8")
    return made


def test_a_folder_is_read_whole(tmp_path: Path):
    query = load_query(folder(tmp_path))
    assert (query.id, query.reads, query.writes, query.version) == ("late", ("look",), "late_look", 1)
    assert query.defaults == {"minute": 1140}
    assert query.columns == {"look": Holds.ENTRY}
    assert [path.stem for path in query.drawings] == ["empty", "hit", "near_miss"]
    assert load_queries(tmp_path) == (query,)
    assert faults(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('owner = "integrity"\n', "", "no owner"),
        ("version = 1", "version = 1\ncolour = 3", "unknown colour"),
        ("version = 1", 'version = "1"', "version as a whole number"),
        ('id = "late"', 'id = "early"', "id = 'late'"),
        ('look = "entry"', 'look = "hash"', "columns as name"),
        ('type = "count"', 'type = "text"', "a default of its type"),
        ('why = "offices close at seven"', "", "type, unit, default and why"),
        ('{ nl = "Laat", en = "Late" }', '"Late"', "nl and en"),
        ('["night shifts"]', '"night shifts"', "a list of texts"),
        ("version = 1", "version = = 1", "valid TOML"),
        ("version = 1", 'version = 1\nweight = "heavy"', "one of full, weak, stated, trace"),
    ],
)
def test_a_folder_that_lacks_something_is_refused_by_name(tmp_path: Path, old: str, new: str, said: str):
    with pytest.raises(ConfigurationError, match=said) as caught:
        load_query(folder(tmp_path, toml=TOML.replace(old, new)))
    assert "late/query.toml" in str(caught.value)


def test_a_folder_without_sql_is_refused(tmp_path: Path):
    made = folder(tmp_path)
    (made / "query.sql").unlink()
    with pytest.raises(ConfigurationError, match=r"query\.sql, found FileNotFoundError"):
        load_query(made)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (SQL.replace("select look", "select staff"), "the columns look"),
        (SQL + "\n" * 60, "at most 60 lines"),
        (SQL.replace("$minute", "1140"), "minute declared but not used"),
    ],
)
def test_the_lint_names_what_is_wrong_with_the_sql(tmp_path: Path, sql: str, said: str):
    with pytest.raises(ConfigurationError, match=said):
        check_query(load_query(folder(tmp_path, sql=sql)))


def test_the_lint_asks_for_a_near_miss(tmp_path: Path):
    made = folder(tmp_path)
    (made / "cases" / "near_miss.txt").unlink()
    [fault] = faults(tmp_path)
    assert fault.startswith("late: expected the drawn cases empty, hit, near_miss in query late")
    assert fault.endswith("found no near_miss; correct its folder")
