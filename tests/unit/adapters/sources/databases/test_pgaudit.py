# SPDX-License-Identifier: EUPL-1.2
"""Logs of PostgreSQL as they come, and as they should not come."""

import json
from pathlib import Path

import pytest

from rekenschap.adapters.sources import READERS
from rekenschap.errors import ConfigurationError, SourceError
from rekenschap.seams.source import Block, ReaderOptions

ROW = {"timestamp": "2026-03-02 08:15:01.713 CET", "user": "app", "dbname": "brp", "session_id": "s1"}


def line(message: str, **other: object) -> str:
    return json.dumps(ROW | {"message": message} | other)


def audit(number: int, text: str, parameter: str = "<none>", **other: object) -> str:
    quoted = text.replace('"', '""')
    return line(f'AUDIT: SESSION,{number},1,READ,SELECT,TABLE,public.p,"{quoted}",{parameter}', **other)


def read(tmp_path: Path, text: str, kind: str = "pgaudit-jsonlog", **settings: str) -> list[Block]:
    path = tmp_path / "log"
    path.write_text(text, encoding="utf-8")
    return list(READERS[kind].blocks(path, ReaderOptions(settings=settings)))


def rows(tmp_path: Path, *lines: str, **settings: str) -> list[dict[str, str | None]]:
    blocks = read(tmp_path, "\n".join(lines), **settings)
    assert [broken for block in blocks for broken in block.broken] == []
    return [row for block in blocks for row in block.rows.to_pylist()]


def test_a_bad_line_breaks_alone(tmp_path: Path):
    good = audit(1, "select * from p where bsn = '1'")
    bad = [line("AUDIT: SESSION,x"), line('AUDIT: SESSION,1,1,READ,"'), "{", "[]", line("AUDIT: " + "," * 40)]
    (block,) = read(tmp_path, "\n".join([good, *bad, good]))
    assert [row["sql.subject"] for row in block.rows.to_pylist()] == ["1", "1"]
    assert sorted(broken.reason for broken in block.broken) == [
        "audit-unreadable",
        "audit-unreadable",
        "audit-unreadable",
        "json-no-object",
        "json-unreadable",
    ]


def test_each_subject_of_a_list_is_a_look_with_a_key_of_its_own(tmp_path: Path):
    found = rows(tmp_path, audit(1, "select * from p where bsn in ('1', '2')"))
    assert [row["sql.subject"] for row in found] == ["1", "2"]
    assert len({row["sql.operation_id"] for row in found}) == 2


def test_hundreds_of_subjects_are_a_set(tmp_path: Path):
    many = ", ".join(f"'{number}'" for number in range(600))
    (found,) = rows(tmp_path, audit(1, "select * from p where bsn in (" + many + ")"))  # noqa: S608
    assert (found["sql.kind"], found.get("sql.subject")) == ("set", None)


def test_a_parameter_that_was_not_logged_names_nobody(tmp_path: Path):
    (found,) = rows(tmp_path, audit(1, "select * from p where bsn = $1", "<not logged>"))
    assert found["sql.kind"] == "set"


def test_parameters_are_csv_inside_csv(tmp_path: Path):
    (found,) = rows(
        tmp_path, audit(1, "select * from p where naam = $1 and bsn = $2", '"""a, """"b"""""",7"')
    )
    assert found["sql.subject"] == "7"


def test_a_statement_logged_once_counts_for_its_other_relations(tmp_path: Path):
    again = audit(1, "<previously logged>", "<previously logged>")
    found = rows(tmp_path, audit(1, "select * from p where bsn = $1", "7"), again)
    assert [row["sql.subject"] for row in found] == ["7", "7"]


def test_lines_that_were_taken_out_are_told(tmp_path: Path):
    numbers = [(3, "s1"), (4, "s1"), (9, "s2"), (7, "s1"), (10, "s2"), (4, "s1"), ("x", "s1"), (10**30, "s1")]
    lines = [audit(1, "select 1", line_num=number, session_id=session) for number, session in numbers]
    told = [row["sql.skipped"] for row in rows(tmp_path, *lines)]
    assert told == [None, None, None, "2", None, None, None, None]


@pytest.mark.parametrize(
    "text",
    [
        line("AUDIT: SESSION,1,1,MISC_SET,SET,,,set pgaudit.log='none',<none>"),
        line("AUDIT: SESSION,1,1,DDL,ALTER SYSTEM,,,alter system set pgaudit.log = none,<none>"),
        line("AUDIT: SESSION,1,1,ROLE,ALTER ROLE,,,alter role x set pgaudit.log to 'none',<none>"),
        line('parameter "pgaudit.log" changed to "none"'),
    ],
)
def test_a_change_of_the_audit_itself_is_told(text: str, tmp_path: Path):
    (found,) = rows(tmp_path, text)
    assert found["sql.kind"] == "setting"


def test_who_is_behind_an_account_comes_from_the_comment_or_the_application(tmp_path: Path):
    plain, told = "select * from p where bsn = '1'", "select * from p where bsn = '1' /*user='m'*/"
    named = {"application_name": "bri;user=j.bakker"}
    found = rows(
        tmp_path, audit(1, told, **named), audit(2, plain, **named), audit(3, plain), staff_in="user=([^;]+)"
    )
    assert [row["sql.staff"] for row in found] == ["m", "j.bakker", None]


@pytest.mark.parametrize("pattern", ["(", "user", "(a)(b)"])
def test_a_pattern_that_cannot_tell_who_is_refused(pattern: str, tmp_path: Path):
    with pytest.raises(ConfigurationError):
        read(tmp_path, "{}", staff_in=pattern)


@pytest.mark.parametrize("text", ["a,b,c\n", "x", '"' * 7, "\n" * 9])
def test_what_is_no_csvlog_is_refused_as_a_whole(text: str, tmp_path: Path):
    with pytest.raises(SourceError):
        read(tmp_path, text, kind="pgaudit-csvlog")


def test_a_statement_of_a_megabyte_stops_nothing(tmp_path: Path):
    big = audit(1, "insert into p values ('" + "9" * 500_000 + "')")
    found = rows(tmp_path, big, audit(2, "select * from p where bsn = '1'"))
    assert [row.get("sql.subject") for row in found] == [None, "1"]
