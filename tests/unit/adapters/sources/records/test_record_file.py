# SPDX-License-Identifier: EUPL-1.2
"""Records of fixed places: a mainframe's numbers and code pages, and files that are something else."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.adapters.sources import READERS
from rekenschap.adapters.sources.records.copybook import parse_copybook
from rekenschap.adapters.sources.records.decoding import Page, column_of
from rekenschap.adapters.sources.records.layout import Field, Form
from rekenschap.errors import ConfigurationError, SourceError
from rekenschap.seams.source import ReaderOptions

COPYBOOK = """
000100* LOG VAN RAADPLEGINGEN                                           LOGBOEK
000200 01  LOG-RECORD.                                                  LOGBOEK
000300     05  REC-TYPE           PIC X(2).                             LOGBOEK
000400     05  LOG-TIJD           PIC 9(14).
000500     05  GEBRUIKER          PIC X(8).
000600         88  IS-BATCH       VALUE 'BATCH.  '.
           05  LOOK-DATA.
               10  BSN            PIC 9(9) COMP-3.
               10  BEDRAG         PIC S9(5)V99 COMP-3.
               10  AANTAL         PIC S9(4) COMP.
               10  SALDO          PIC S9(3)V9.
               10  VELDEN         PIC X(4) OCCURS 2 TIMES.
           05  LOGIN-DATA REDEFINES LOOK-DATA.
               10  TERMINAL       PIC X(8).
               10  FILLER         PIC X(5).
"""
CHOOSE = "LOOK-DATA: REC-TYPE = 01 02, LOGIN-DATA: REC-TYPE = 09"


def packed(value, digits):
    """A packed decimal, written another way than it is read: digit by digit in hex."""
    sign = "D" if value < 0 else "C"
    text = f"{abs(value):0{digits}d}{sign}"
    return bytes.fromhex(text if len(text) % 2 == 0 else "0" + text)


def zoned(value, digits, page="cp037"):
    """A zoned decimal: the sign in the zone of the last digit."""
    text = f"{abs(value):0{digits}d}".encode(page)
    return text[:-1] + bytes([text[-1] & 0x0F | (0xD0 if value < 0 else 0xC0)])


def look(kind="01", user="M.VRIES", bsn=999990019, amount=-12345, page="cp037"):
    head = f"{kind}20260302091500{user:8}".encode(page)
    return (
        head
        + packed(bsn, 9)
        + packed(amount, 7)
        + struct.pack(">h", -7)
        + zoned(-15, 4, page)
        + "NAAMADR ".encode(page)
    )


def login(user="A.BAKKER"):
    return f"0920260302091600{user:8}TERM0001     ".encode("cp037").ljust(len(look()), b"\x40")


def read(path, content, encoding="cp037", **settings):
    path.write_bytes(content)
    options = ReaderOptions(encoding=encoding, settings=settings)
    blocks = list(READERS["records"].blocks(path, options))
    rows = [row for block in blocks for row in block.rows.to_pylist()]
    lines = [line for block in blocks for line in block.lines.to_pylist()]
    return dict(zip(lines, rows, strict=True)), [(x.line, x.reason) for b in blocks for x in b.broken]


@pytest.mark.parametrize("page", ["cp037", "cp500", "cp1140", "cp273"])
def test_a_mainframe_file_is_read_by_its_copybook(tmp_path, page):
    rows, broken = read(
        tmp_path / "x", look(user="ZOËÄ", page=page), encoding=page, copybook=COPYBOOK, choose=CHOOSE
    )
    assert broken == []
    assert rows[1] == {
        "REC-TYPE": "01",
        "LOG-TIJD": "20260302091500",
        "GEBRUIKER": "ZOËÄ",
        "BSN": "999990019",
        "BEDRAG": "-123.45",
        "AANTAL": "-7",
        "SALDO": "-1.5",
        "VELDEN(1)": "NAAM",
        "VELDEN(2)": "ADR",
        "TERMINAL": None,
    }


def test_a_redefined_part_counts_by_type_of_record(tmp_path):
    rows, broken = read(tmp_path / "x", look() + login() + look(), copybook=COPYBOOK, choose=CHOOSE)
    assert (rows[2]["TERMINAL"], rows[2]["BSN"], rows[1]["TERMINAL"]) == ("TERM0001", None, None)
    assert broken == []


def test_a_part_nobody_chose_is_left_out(tmp_path):
    rows, _ = read(tmp_path / "x", look() + login(), copybook=COPYBOOK, choose="LOGIN-DATA: REC-TYPE = 09")
    assert set(rows[1]) == {"REC-TYPE", "LOG-TIJD", "GEBRUIKER", "TERMINAL"}


def test_a_record_whose_number_is_none_breaks_alone(tmp_path):
    bad = bytearray(look())
    bad[24] = 0xFF
    rows, broken = read(tmp_path / "x", look() + bytes(bad) + look(), copybook=COPYBOOK, choose=CHOOSE)
    assert (list(rows), broken) == ([1, 3], [(2, "number-unreadable")])
    kept, broken = read(
        tmp_path / "x", look() + bytes(bad), copybook=COPYBOOK, choose=CHOOSE, leave_out="bsn"
    )
    assert (list(kept), broken) == ([1, 2], [])
    places = read(tmp_path / "x", b"ab", encoding="cp1252", layout="een 1, twee 2", leave_out="twee")[0]
    assert places == {1: {"een": "a"}}


def test_what_was_never_filled_is_empty(tmp_path):
    blank = bytearray(look())
    blank[24:29] = b"\x40" * 5
    zero = bytearray(look())
    zero[24:29] = bytes(5)
    rows, broken = read(tmp_path / "x", bytes(blank) + bytes(zero), copybook=COPYBOOK, choose=CHOOSE)
    assert ([row["BSN"] for row in rows.values()], broken) == ([None, None], [])


def test_half_a_record_at_the_end_is_named(tmp_path):
    rows, broken = read(tmp_path / "x", look() + look()[:10], copybook=COPYBOOK, choose=CHOOSE)
    assert (list(rows), broken) == ([1], [(2, "line-cut-short")])
    assert read(tmp_path / "x", look() + b"\x1a", copybook=COPYBOOK, choose=CHOOSE)[1] == []


def framed(record):
    return struct.pack(">HH", len(record) + 4, 0) + record


def test_records_with_their_length_in_front(tmp_path):
    content = framed(look()) + framed(login()[:32]) + framed(look() + b"\x40") + framed(look())
    rows, broken = read(tmp_path / "x", content, copybook=COPYBOOK, choose=CHOOSE, framing="rdw")
    assert (list(rows), broken) == ([1, 2, 4], [(3, "record-too-long")])
    assert rows[2]["TERMINAL"] == "TERM0001"
    path = tmp_path / "wrong"
    path.write_bytes(framed(look()) + bytes(40))
    options = ReaderOptions(
        encoding="cp037", settings={"copybook": COPYBOOK, "choose": CHOOSE, "framing": "rdw"}
    )
    blocks = READERS["records"].blocks(path, options)
    assert next(blocks).rows.num_rows == 1
    with pytest.raises(SourceError, match="a length below 4"):
        next(blocks)


def test_lines_of_text_by_a_layout(tmp_path):
    layout = "tijd 1-14, gebruiker 15-22, bsn 23-31"
    content = (
        "20260302091500m.vries 999990019\n\n20260302091600José    \n20260302091700x       999990019TE LANG\n"
    )
    rows, broken = read(
        tmp_path / "x", content.encode("cp1252"), encoding="cp1252", layout=layout, framing="lines"
    )
    assert rows == {
        1: {"tijd": "20260302091500", "gebruiker": "m.vries", "bsn": "999990019"},
        3: {"tijd": "20260302091600", "gebruiker": "José", "bsn": ""},
    }
    assert broken == [(4, "record-too-long")]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "either a copybook or a layout"),
        ({"layout": "a 1-2", "framing": "vb"}, "framing fixed, lines, rdw"),
        ({"layout": "a 2-1"}, "a name and its places"),
        ({"layout": "a 0-1"}, "a name and its places"),
        ({"layout": "a 1-2, a 3"}, "a name twice"),
        ({"copybook": "01 A."}, "a picture for each field"),
        ({"copybook": "A PIC X."}, "a level number"),
        ({"copybook": "01 A PIC X(70000)."}, "a picture for each field"),
        ({"copybook": "01 A PIC 9(19)."}, "1 to 18 digits"),
        ({"copybook": "01 A PIC 9(5)P."}, "a picture of X"),
        ({"copybook": "01 A COMP-1."}, "COMP-1"),
        ({"copybook": "01 A. 05 B PIC 9 OCCURS 1 TO 5 TIMES DEPENDING ON C."}, "DEPENDING"),
        ({"copybook": "01 A. 05 B PIC X OCCURS X."}, "OCCURS with a number"),
        ({"copybook": "01 A. 05 B PIC X OCCURS 4000. 05 C PIC X OCCURS 4000."}, "fields"),
        ({"copybook": "66 A RENAMES B."}, "RENAMES"),
        ({"copybook": COPYBOOK, "choose": "NIETS: REC-TYPE = 1"}, "groups of the copybook"),
        ({"copybook": COPYBOOK, "choose": "LOOK-DATA"}, "GROUP: FIELD = value"),
        ({"copybook": COPYBOOK, "choose": "LOOK-DATA: TERMINAL = 1"}, "stands before it"),
    ],
)
def test_what_a_copybook_cannot_say_is_refused(tmp_path, settings, said):
    with pytest.raises(ConfigurationError, match=said):
        read(tmp_path / "x", look(), **settings)


@pytest.mark.parametrize("encoding", ["utf-16", "klingon", "shift_jis"])
def test_a_code_page_has_one_byte_for_a_letter(tmp_path, encoding):
    with pytest.raises(ConfigurationError, match="one byte per character"):
        read(tmp_path / "x", b"ab", encoding=encoding, layout="a 1-2")


@given(st.integers(1, 18).flatmap(lambda n: st.tuples(st.just(n), st.integers(-(10**n) + 1, 10**n - 1))))
def test_any_number_comes_back_from_packed_zoned_and_binary(sized):
    digits, value = sized
    binary = struct.pack({2: ">h", 4: ">i", 8: ">q"}[2 if digits < 5 else 4 if digits < 10 else 8], value)
    for form, raw in (
        (Form.PACKED, packed(value, digits)),
        (Form.ZONED, zoned(value, digits)),
        (Form.BINARY, binary),
    ):
        field = Field(name="n", start=0, length=len(raw), form=form, digits=digits, signed=True)
        texts, wrong = column_of(np.frombuffer(raw, np.uint8)[None, :], field, Page.named("cp037"))
        assert not wrong.any()
        assert texts.to_pylist() == ([None] if form is not Form.BINARY and not any(raw) else [str(value)])


@given(st.text(st.sampled_from("PIC X9SV()0123 COMP-3OCCURSTIMESREDEFINESA.B\n05"), max_size=80))
def test_no_copybook_crashes_the_parser(text):
    try:
        parse_copybook(text, {})
    except ConfigurationError:
        return


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("records")
    for framing in ("fixed", "rdw", "lines"):
        try:
            read(folder / "x", content, copybook=COPYBOOK, choose=CHOOSE, framing=framing)
        except (SourceError, ConfigurationError):
            continue
