# SPDX-License-Identifier: EUPL-1.2
"""The same sheet in four formats: all of it, and nothing a program would run."""

import csv
import json
from datetime import datetime
from io import BytesIO, StringIO
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from rekenschap_web.exports.formats import Format, Origin, write
from rekenschap_web.exports.formats.plain import neutral, number_of
from rekenschap_web.exports.lists import Sheet

ORIGIN = Origin(
    organisation="Veldhaven", number="2026-0001", person="Noor",
    because="voor het jaarverslag", filters="team=post",
    at=datetime(2026, 4, 2, 9, 30, tzinfo=ZoneInfo("Europe/Amsterdam")),
)  # fmt: skip
ROWS = (
    ("M-7K2QF", "1.204", '=HYPERLINK("http://x")'),
    ("M-00AB1", "3", "gewone; tekst met “tekens” en é"),
    ("M-0GG11", "-2", "+31 6"),
)
SHEET = Sheet(title="Raadplegingen", heads=("Wie", "Keer", "Uitleg"), numeric=frozenset({1}), rows=ROWS)
EMPTY = Sheet(title="Niets", heads=("Wie",), numeric=frozenset(), rows=())


def test_csv_holds_every_row_and_no_formula():
    text = write(Format.CSV, SHEET, ORIGIN).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text), delimiter=";"))
    assert rows[0] == ["Wie", "Keer", "Uitleg"]
    assert [row[0] for row in rows[1:4]] == ["M-7K2QF", "M-00AB1", "M-0GG11"]
    assert (rows[1][2], rows[3][2]) == ('\'=HYPERLINK("http://x")', "'+31 6")
    assert ["Reden", "voor het jaarverslag"] in rows


def test_excel_holds_every_row_and_reads_numbers_as_numbers():
    content = write(Format.EXCEL, SHEET, ORIGIN)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0] == ["Wie", "Keer", "Uitleg"]
    assert [row[1] for row in rows[1:]] == [1204, 3, -2]
    assert rows[1][2] == ROWS[0][2]
    assert ["Uitgifte", "2026-0001"] in book.get_sheet_by_index(1).to_python()


def test_excel_holds_no_formula_and_no_link():
    with ZipFile(BytesIO(write(Format.EXCEL, SHEET, ORIGIN))) as packed:
        sheets = [packed.read(name) for name in packed.namelist() if name.startswith("xl/worksheets/")]
    assert sheets
    assert not [each for each in sheets if b"<f>" in each or b"hyperlink" in each.lower()]


def test_json_holds_every_row_under_its_head():
    told = json.loads(write(Format.JSON, SHEET, ORIGIN))
    assert told["rows"][1] == {"Wie": "M-00AB1", "Keer": "3", "Uitleg": ROWS[1][2]}
    assert told["export"]["number"] == "2026-0001"


@pytest.mark.parametrize("sheet", [SHEET, EMPTY])
def test_pdf_is_tagged_for_reading_aloud(sheet):
    content = write(Format.PDF, sheet, ORIGIN)
    assert content.startswith(b"%PDF-")
    assert b"pdfuaid" in content


@pytest.mark.parametrize("form", list(Format))
def test_an_empty_list_can_leave_in_every_format(form):
    assert write(form, EMPTY, ORIGIN)


@pytest.mark.parametrize("form", [Format.CSV, Format.JSON, Format.PDF])
def test_the_same_list_at_the_same_moment_is_the_same_file(form):
    assert write(form, SHEET, ORIGIN) == write(form, SHEET, ORIGIN)


@pytest.mark.parametrize("text", ["=1+1", " =1+1", "@sum", "\t=1", "-cmd|x", "\uff1d1", "\u200b=2"])
def test_what_could_be_a_formula_begins_with_an_apostrophe(text):
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Jan", "-3", "-3,5", "M-7K2QF", "3 = drie"])
def test_plain_text_stays_as_it_is(text):
    assert neutral(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.204", 1204), ("3", 3), ("2,5", 2.5), ("1,204", 1204), ("-7", -7), ("98,3 %", None), ("", None)],
)
def test_numbers_are_read_as_pages_write_them(text, value):
    assert number_of(text) == value
