# SPDX-License-Identifier: EUPL-1.2
"""Audit messages in XML, as they come and as they should not come; what goes in can be given back."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from rekenschap.adapters.sources import READERS
from rekenschap.seams.source import Block, ReaderOptions
from tests.unit.intake.small_house import SmallHouse

STANDARD = Path(__file__).parents[6] / "shared/standards/dicom-atna"


def message(subject: str = "7", staff: str = "m.devries", more: str = "") -> str:
    return (
        '<AuditMessage><EventIdentification EventActionCode="R" EventDateTime="2026-03-02T08:15:00Z" '
        'EventOutcomeIndicator="0"><EventID csd-code="110110" codeSystemName="DCM" originalText="Patient"/>'
        f'</EventIdentification><ActiveParticipant UserID="{staff}" UserIsRequestor="true"/>{more}'
        '<AuditSourceIdentification AuditSourceID="EPD"/><ParticipantObjectIdentification '
        f'ParticipantObjectID="{subject}" ParticipantObjectTypeCode="1" ParticipantObjectTypeCodeRole="1">'
        '<ParticipantObjectIDTypeCode csd-code="2" codeSystemName="RFC-3881" originalText="Patient Number"/>'
        "</ParticipantObjectIdentification></AuditMessage>"
    )


def read(tmp_path: Path, text: str | bytes) -> list[Block]:
    path = tmp_path / "messages"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(READERS["atna"].blocks(path, ReaderOptions()))


def rows(blocks: list[Block]) -> list[dict[str, str]]:
    return [row for block in blocks for row in block.rows.to_pylist()]


def reasons(blocks: list[Block]) -> list[tuple[int, str]]:
    return [(broken.line, broken.reason) for block in blocks for broken in block.broken]


def samples() -> list[Path]:
    return sorted((STANDARD / "samples").glob("*.xml"))


@pytest.mark.skipif(not samples(), reason="the samples of ATNA are not here (../shared/standards)")
def test_every_sample_goes_in_and_comes_out_as_it_was_by_its_schema(house: SmallHouse):
    schema = etree.XMLSchema(etree.parse(STANDARD / "dicom2017c.xsd"))
    originals = set()
    for path in samples():
        report = house.take_in(path, "atna")
        assert report.quarantined == {}
        assert report.facts["processing"].accepted >= 1
        originals.add(etree.canonicalize(path.read_text(encoding="utf-8"), strip_text=True))
    kept = [
        bytes(text) for piece in house.door.records.pieces() for text in piece.table["record"].to_pylist()
    ]
    for text in kept:
        schema.assertValid(etree.fromstring(text))
    assert {etree.canonicalize(text.decode(), strip_text=True) for text in kept} == originals
    tokens = {fact["record"] for fact in house.facts("processing")}
    assert len(tokens) == len(kept) == len(samples()) == 18


def test_several_patients_are_several_rows_of_one_message(tmp_path: Path):
    two = message().replace(
        "</AuditMessage>",
        '<ParticipantObjectIdentification ParticipantObjectID="8" ParticipantObjectTypeCode="1" '
        'ParticipantObjectTypeCodeRole="1"/></AuditMessage>',
    )
    assert [(row["subject"], row["patients"]) for row in rows(read(tmp_path, two))] == [
        ("7", "2"),
        ("8", "2"),
    ]


def test_a_program_is_no_member_of_staff(tmp_path: Path):
    role = '<RoleIDCode csd-code="110153" codeSystemName="DCM" originalText="Source"/>'
    program = f'<ActiveParticipant UserID="epd" UserIsRequestor="false">{role}</ActiveParticipant>'
    (row,) = rows(read(tmp_path, message(more=program)))
    assert (row["staff"], row["program"]) == ("m.devries", "epd")
    (row,) = rows(read(tmp_path, message(staff="unknown", more=program)))
    assert row["staff"] == ""


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("999990019^^^&amp;2.16.840.1.113883.2.4.6.3&amp;ISO", "999990019"),
        ("24^^^MPI&amp;1.2.3&amp;ISO^PI", "24@1.2.3"),
        ("24^^^ZIS", "24@ZIS"),
        ("24", "24"),
    ],
)
def test_a_number_is_known_with_who_gave_it(tmp_path: Path, written: str, known: str):
    assert [row["subject"] for row in rows(read(tmp_path, message(written)))] == [known]


def test_messages_come_in_whatever_stands_around_them(tmp_path: Path):
    text = (
        "\ufeff<85>1 2026-03-02T08:15:00Z h a 1 IHE+RFC-3881 - "
        + message("1")
        + "\n\n<?xml version='1.0'?>\n"
    )
    text += "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + message("2") + "<wrap>" + message("3")
    blocks = read(tmp_path, text)
    assert [row["subject"] for row in rows(blocks)] == ["1", "2", "3"]
    assert reasons(blocks) == []


def test_a_bad_message_breaks_alone(tmp_path: Path):
    text = "\n".join(
        [
            message("1"),
            "<AuditMessage><half",
            message("2"),
            "<AuditMessage></AuditMessage>",
            message("&e;"),
            message("3"),
            "<AuditMessage>never ends",
        ]
    )
    blocks = read(tmp_path, text)
    assert [row["subject"] for row in rows(blocks)] == ["1", "2", "3"]
    bad = "audit-unreadable"
    assert reasons(blocks) == [(2, bad), (4, bad), (5, bad), (7, "line-cut-short")]


def test_a_message_without_end_holds_no_memory(tmp_path: Path):
    blocks = read(tmp_path, b"<AuditMessage>" + b"x" * (5 << 20) + message("1").encode())
    assert [row["subject"] for row in rows(blocks)] == ["1"]
    assert [reason for _, reason in reasons(blocks)] == ["line-too-long"]
    assert all(len(broken.original) <= 1 << 16 for block in blocks for broken in block.broken)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_messages_may_be_in_another_encoding(tmp_path: Path, encoding: str):
    assert len(rows(read(tmp_path, message().encode(encoding)))) == 1


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.sampled_from([message(), "<AuditMessage", ">", "</AuditMessage>", "&e;", "\n", "é", "<x/>"]))
)
def test_any_pieces_are_read_or_told(tmp_path_factory: pytest.TempPathFactory, pieces: list[str]):
    text = "a" + "".join(pieces)
    blocks = read(tmp_path_factory.mktemp("any"), text)
    assert len(rows(blocks)) <= text.count("</AuditMessage>")
