# SPDX-License-Identifier: EUPL-1.2
"""Of whom and what a statement reads; when in doubt of nobody."""

import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekenschap.adapters.sources.databases.statement import Statement, read_statement

WORDS = "select from p where bsn = '1' ( ) $1 , * union /* */ ' \" ; with as in".split()  # noqa: SIM905
KEYS = frozenset({"bsn"})


def understood(text: str, dialect: str = "postgres") -> Statement:
    return read_statement(text, dialect, KEYS)


def keys(text: str, dialect: str = "postgres") -> list[str] | None:
    found = understood(text, dialect).keys
    return None if found is None else [f"${key.value}" if key.is_parameter else key.value for key in found]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("select * from p where bsn = '1'", ["1"]),
        ("select * from p where '1' = p.bsn and naam like 'a%'", ["1"]),
        ("select * from p where (bsn)::text = '1'::text", ["1"]),
        ("select * from p where bsn in ('1', '2')", ["1", "2"]),
        ("select * from p where bsn = any('{1,\"2\"}')", ["1", "2"]),
        ("select * from p where bsn = any(array['1', '2'])", ["1", "2"]),
        ("select * from p where bsn = $1", ["$1"]),
        ("prepare q(text) as select naam from p where bsn = $1", ["$1"]),
        ("declare c cursor with hold for select * from p where bsn = '1'", ["1"]),
        ("explain (analyze, verbose) select * from p where bsn = '1'", ["1"]),
        ("with c as (select * from p where bsn = '1') select * from c", ["1"]),
        ("select * from (select * from p where bsn = '1') q", ["1"]),
        ("select * from p where bsn in (select bsn from q where bsn = '1')", ["1"]),
        ("select * from p where bsn = '1' union select * from q where bsn = '2'", ["1", "2"]),
        ("copy (select * from p where bsn = '1') to stdout", ["1"]),
        ("delete from p where bsn = '1'", ["1"]),
    ],
)
def test_a_statement_that_confines_itself_to_keys_names_them(text: str, named: list[str]):
    assert keys(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "select * from p",
        "select * from p where bsn = '1' or true",
        "select * from p where not bsn = '1'",
        "select * from p where bsn <> '1'",
        "select * from p where bsn > '1'",
        "select * from p where bsn like '1%'",
        "select * from p where bsn = '1' union all select * from p",
        "select * from p where bsn = naam",
        "select * from p where naam = '1'",
        "select * from p where bsn in ('1', naam)",
        "with c as (select * from p where bsn = '1') select * from c, p",
        "with c as (select * from c) select * from c",
        "select 'bsn = 1' from p",
        "select * from p -- where bsn = '1'",
        "select * from p; select * from p where bsn = '1'",
    ],
)
def test_a_statement_that_reads_more_than_its_keys_names_nobody(text: str):
    assert keys(text) is None


@pytest.mark.parametrize(
    ("text", "dialect", "named"),
    [
        ("select * from p where bsn = :1", "oracle", ["$p1"]),
        ("select * from p where bsn = :b1 and x = :c", "oracle", ["$b1"]),
        ("SELECT * FROM [dbo].[P] WHERE [bsn] = N'1'", "tsql", ["1"]),
        ("(@1 varchar(9))SELECT * FROM p WHERE bsn = @1", "tsql", ["$1"]),
        ("exec sp_executesql N'select * from p where bsn = @p', N'@p varchar(9)', @p = '1'", "tsql", ["1"]),
    ],
)
def test_other_databases_write_it_their_own_way(text: str, dialect: str, named: list[str]):
    assert keys(text, dialect) == named


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("select * from p", "read"),
        ("select count(*), sum(x) from p", "count"),
        ("select count(*) from p group by naam", "read"),
        ("select now()", "nothing"),
        ("copy p to '/tmp/x'", "export"),
        ("copy p from stdin", "write"),
        ("insert into q select * from p", "write"),
        ("create table q as select * from p", "write"),
        ("fetch all from c", ""),
        ("select from where", ""),
        ("(((", ""),
        ("", ""),
        ("select " + "(" * 5_000, ""),
        ("select '" + "x" * 70_000 + "' from p", ""),
    ],
)
def test_what_a_statement_does(text: str, action: str):
    assert understood(text).action == action


def test_fields_are_told_with_their_table_and_without_values():
    found = understood(
        "select a.naam, b.* from persoon a join adres b on a.id = b.id where a.bsn = '999990019'"
    )
    assert found.tables == ("persoon", "adres")
    assert "persoon.naam" in found.fields
    assert "999990019" not in " ".join(found.fields)


@pytest.mark.parametrize("value", ["1", "2", "a''b", "{1,2}", "\x020"])
def test_statements_of_one_shape_keep_their_own_keys_and_remarks(value: str):
    found = understood(f"select * from p where bsn = '{value}' and x = 'y' /*case='Z{len(value)}'*/")  # noqa: S608
    assert [key.value for key in found.keys or ()] == [value.replace("''", "'")]
    assert found.remarks["case"] == f"Z{len(value)}"


def test_the_catalogue_is_nobody():
    assert understood("select relname from pg_catalog.pg_class").only_catalogue
    assert understood("select * from pg_class join pg_namespace on true").only_catalogue
    assert not understood("select * from pg_class, persoon").only_catalogue


def test_remarks_come_from_comments_and_from_nothing_else():
    text = "select 1 /*case='Z%2D1',traceparent='00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00'*/"
    assert understood(text).remarks["case"] == "Z-1"
    assert understood("select '/*case=''Z-1''*/'").remarks == {}
    assert understood("select 1 /* see case='Z-1' */").remarks == {}
    assert understood("select 1 /*case='Z-1'*/ /*case='Z-2'*/").remarks == {"case": "Z-1"}


def test_what_is_not_understood_stands_in_no_log(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        for text in ("alter system set x = '999990019'", "vacuum '999990019'", "frobnicate 999990019"):
            understood(text)
    assert caplog.text == ""


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "select",
                "from",
                "p",
                "where",
                "bsn",
                "=",
                "'1'",
                "(",
                ")",
                "$1",
                ",",
                "*",
                "union",
                "/*",
                "*/",
                "'",
                '"',
                ";",
                "with",
                "as",
                "in",
            ]
        )
    )
)
def test_any_words_are_understood_or_not_and_nothing_else(words: list[str]):
    found = understood(" ".join(words))
    assert found.action in ("", "read", "write", "export", "count", "nothing")
