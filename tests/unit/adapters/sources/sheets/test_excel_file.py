# SPDX-License-Identifier: EUPL-1.2
"""Workbooks: typed cells as text, and what a workbook can do to whoever opens it."""

import datetime as d
import io
import zipfile

import pytest
import xlsxwriter

from rekenschap.adapters.sources import READERS
from rekenschap.errors import SourceError
from rekenschap.seams.source import ReaderOptions

BSN = 999990019
MOMENT = d.datetime(2026, 3, 2, 9, 15, 7)  # noqa: DTZ001  a cell knows no zone


def workbook(path, rows, *, at=(0, 0), sheets=("Blad1",)):
    """Write rows in the last of some sheets."""
    book = xlsxwriter.Workbook(str(path))
    forms = {
        d.datetime: "dd-mm-yyyy hh:mm:ss",
        d.date: "dd-mm-yyyy",
        d.time: "hh:mm:ss",
        d.timedelta: "[h]:mm:ss",
    }
    styles = {kind: book.add_format({"num_format": form}) for kind, form in forms.items()}
    for name in sheets:
        sheet = book.add_worksheet(name)
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if type(cell) in styles:
                sheet.write_datetime(at[0] + y, at[1] + x, cell, styles[type(cell)])
            elif cell is not None:
                sheet.write(at[0] + y, at[1] + x, cell)
    book.close()
    return path


def read(path, header_row=1, **settings):
    options = ReaderOptions(header_row=header_row, settings=settings)
    blocks = list(READERS["excel"].blocks(path, options))
    lines = [line for block in blocks for line in block.lines.to_pylist()]
    return dict(zip(lines, (row for block in blocks for row in block.rows.to_pylist()), strict=True))


def test_every_kind_of_cell_becomes_its_text(tmp_path):
    row = [MOMENT, d.date(2026, 3, 2), d.time(9, 15, 7), d.timedelta(hours=30), BSN, 1.5, True, "Zoë €", None]
    rows = read(workbook(tmp_path / "a.xlsx", [list("abcdefghi"), row]))
    assert list(rows[2].values()) == [
        "2026-03-02 09:15:07",
        "2026-03-02",
        "09:15:07",
        "30:00:00",
        str(BSN),
        "1.5",
        "true",
        "Zoë €",
        None,
    ]


def test_rows_keep_the_number_they_have_in_the_sheet(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["naam"], ["een"], [], ["twee"]], at=(2, 1))
    assert read(path, header_row=3) == {4: {"naam": "een"}, 6: {"naam": "twee"}}


def test_a_sheet_is_found_by_name_or_number(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["n"], ["1"]], sheets=("Uitleg", "Gegevens"))
    assert read(path, sheet="Gegevens") == read(path, sheet="2") == {2: {"n": "1"}}
    for sheet in ("3", "Leeg", "0"):
        with pytest.raises(SourceError, match="no sheet of that name"):
            read(path, sheet=sheet)
    with pytest.raises(SourceError, match="a row of names"):
        read(path, sheet="1")


def test_two_columns_of_one_name_are_told_apart_and_one_without_is_left_out(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["a", "a", None, "a (2)"], [1, 2, 3, 4]])
    assert read(path)[2] == {"a": "1", "a (2)": "2", "a (2) (2)": "4"}


def rezipped(path, name, change):
    """The same workbook with one part of it changed."""
    sink = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, change(content) if entry == name else content)
    path.write_bytes(sink.getvalue())
    return path


def test_a_sheet_that_claims_billions_of_cells_is_refused_and_takes_us_nowhere(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["a", "b"], [1, 2]])
    far = rezipped(path, "xl/worksheets/sheet1.xml", lambda x: x.replace(b'r="B2"', b'r="XFD1048576"'))
    with pytest.raises(SourceError):
        read(far)


@pytest.mark.parametrize("where", [40, 200, 400, -30])
def test_a_damaged_workbook_is_named(tmp_path, where):
    path = workbook(tmp_path / "a.xlsx", [["a"], [1]])
    content = bytearray(path.read_bytes())
    content[where] ^= 0xFF
    path.write_bytes(bytes(content))
    try:
        read(path)
    except SourceError as error:
        assert str(BSN) not in str(error)


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04" + b"x" * 90, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
def test_what_begins_like_a_workbook_and_is_none_is_refused(tmp_path, content):
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    with pytest.raises(SourceError, match="a sound workbook"):
        read(path)


def test_text_is_no_workbook(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(SourceError, match="a file of another kind"):
        read(path)
