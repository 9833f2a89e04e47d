# SPDX-License-Identifier: EUPL-1.2
"""People in a message are counted wherever they stand; what cannot be looked into is told."""

import io
import time
from email.message import EmailMessage
from email.policy import SMTP

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from rekenschap.mail.counting import count
from tests.unit.mail.messages import BSNS, html, message, xlsx, zipped


@pytest.mark.parametrize(
    ("raw", "persons"),
    [
        (message("Het gaat om 999990019 en 9999.90.020."), 2),
        (message("Twee keer 999990019, 999 990 019"), 1),
        (message("Bel 06-12345678, dossier 123456789"), 0),
        (html("<p>BSN: 999<b>99</b>0019</p><p>999990020</p>"), 2),
        (message(lijst_csv=b"bsn;naam\n999990019;A\n999990020;B\n"), 2),
        (message(lijst_csv="bsn\n999990019\n".encode("utf-16")), 1),
        (message(lijst_xlsx=xlsx(BSNS)), 4),
        (message(lijst_xlsx=xlsx(BSNS, shared=False)), 4),
        (message(brief_docx=zipped({"word/document.xml": "<w><p><r>9999</r><r>90019</r></p></w>"})), 1),
        (message(blad_ods=zipped({"content.xml": "<o><p>999990019</p><p>999990020</p></o>"})), 2),
        (message(alles_zip=zipped({"a.csv": "999990019\n", "b.xlsx": xlsx(BSNS[1:])})), 4),
        (message("999990019", lijst_csv=b"999990019\n999990020\n"), 2),
        (message(post_eml=message("999990032")), 1),
    ],
)
def test_people_are_counted_wherever_they_stand(raw: bytes, persons: int):
    counted = count(raw)
    assert counted.persons == persons
    assert ("bsn" in counted.kinds) == bool(persons)


def test_a_message_inside_a_message_is_looked_into():
    outer = EmailMessage(policy=SMTP)
    outer.set_content("zie onder")
    inner = EmailMessage(policy=SMTP)
    inner.set_content("999990019")
    outer.add_attachment(inner)
    assert count(outer.as_bytes()).persons == 1


def test_a_workbook_of_a_real_writer_is_read():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["bsn", "naam", "sinds"])
        sheet.write_row(1, 0, [999990019, "J. Jansen", 45000.5])
        sheet.write_row(2, 0, ["999990020", "A. de Vries"])
        sheet.write_rich_string(3, 0, "9999", book.add_format({"bold": True}), "90032")
    assert count(message(lijst_xlsx=target.getvalue())).persons == 3


def test_kinds_are_told_and_never_a_value():
    counted = count(message("999990019 NL91ABNA0417164300 jan@example.org 1234 AB"))
    assert counted.kinds == ("bsn", "email", "iban", "postcode")
    assert "999990019" not in repr(counted)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "unseen"),
        (b"%PDF-1.7 999990019", "unseen"),
        (b"PK\x03\x04 broken", "unseen"),
        (zipped({"foto.jpg": b"\xff\xd8"}), "unseen"),
        (zipped({"xl/worksheets/sheet1.xml": b"<row>" + bytes(70 << 20)}), "partly"),
        (zipped({f"{at}.txt": "x" for at in range(2_100)}), "partly"),
        (zipped({"a.zip": zipped({"b.zip": zipped({"c.zip": zipped({"d.txt": "x"})})})}), "partly"),
    ],
)
def test_what_cannot_be_looked_into_is_told(content: bytes, kind: str):
    assert kind in count(message(bijlage_bin=content)).kinds


def test_an_entity_in_a_document_is_not_resolved():
    evil = '<!DOCTYPE x [<!ENTITY e "999990019">]><o><p>&e;</p></o>'
    assert count(message(blad_ods=zipped({"content.xml": evil}))).persons == 0


@pytest.mark.parametrize(
    "text", ["<" * 300_000, "1 " * 300_000, "9" * 500_000, "a@" * 200_000, "<p " * 100_000]
)
def test_no_text_keeps_the_filter_busy(text: str):
    began = time.monotonic()
    until = began + 1
    count(html(text), is_late=lambda: time.monotonic() > until)
    assert time.monotonic() - began < 20  # the machine may be busy; without a bound it takes minutes


def test_what_comes_too_late_is_told():
    assert "partly" in count(message("999990019"), is_late=lambda: True).kinds


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=3_000))
def test_any_bytes_are_a_message(raw: bytes):
    assert count(raw).persons >= 0


@settings(max_examples=30, deadline=None)
@given(
    st.binary(max_size=2_000),
    st.sampled_from(["text/plain", "text/html", "application/zip", "multipart/mixed"]),
)
def test_any_part_is_read_or_told(content: bytes, kind: str):
    head = f"Content-Type: {kind}; charset=x-none; boundary=b\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    assert count(head.encode() + content).persons >= 0


def test_a_charset_or_a_packing_that_is_none_takes_nothing_else_with_it():
    good = b"--x\r\nContent-Type: text/plain\r\n\r\n999990019\r\n"
    odd = b"--x\r\nContent-Type: text/html; charset=utf\x00-8\r\n\r\n<p>999\xff</p>\r\n"
    cut = zipped({"xl/sharedStrings.xml": "<si>999990020</si>" * 50}).replace(
        b"\x00\x08\x00", b"\x00\x00\x00"
    )
    packed = b"--x\r\nContent-Type: application/x; name=a.xlsx\r\n\r\n" + cut + b"\r\n--x--"
    assert count(b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + odd + good + packed).persons == 1


def test_a_member_of_an_archive_without_a_name_takes_nothing_else_with_it():
    archive = bytearray(zipped({"b.csv": b"999990032", "xx": b"999990020"}))
    local, central = archive.rindex(b"PK\x03\x04"), archive.rindex(b"PK\x01\x02")
    for at in (local + 26, central + 28):  # the length of its name, which becomes that of what follows
        archive[at : at + 4] = b"\0\0\2\0"
    counted = count(message("999990019", lijst_zip=bytes(archive)))
    assert (counted.persons, "unseen" in counted.kinds) == (2, True)
