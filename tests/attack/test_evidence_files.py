# SPDX-License-Identifier: EUPL-1.2
"""Somebody works on an evidence file: the facts, a proof, the checkpoint, the table on the page, a glyph."""

import re
import shutil
import subprocess
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("typst", reason="the typesetter is in the extra `reports`")

from rekenschap.audit.desk.evidence_file import check_evidence_file, make
from rekenschap.errors import RefusedError, VerificationError, WrongLeafError, WrongSignatureError
from rekenschap.report.evidence_file import (
    CHECKPOINT,
    FACTS,
    KEYS,
    EvidenceContent,
    Moment,
    Parts,
    Section,
    opened,
    written,
)
from rekenschap.report.evidence_file.content import EvidenceContent as Content
from tests.ledgers import KEYS as KEYS_OF_THE_LOG
from tests.ledgers import ORIGIN, STRANGER, Place, verifiers

ENTRIES = (7, 44, 45, 300)
WORDS = EvidenceContent(
    number="2026-0001",
    title="Waarom zijn deze raadplegingen niet verklaard?",
    organisation="Gemeente Veldhaven",
    made_at="2026-03-17T08:14:00Z",
    made_by="de integriteitsfunctionaris",
    origin="",
    size=0,
    root="",
    typesetter="",
    sections=(
        Section(title="Wat vroegen wij?", paragraphs=("Waarom keek u hier?", "Een notitie: “fi ffi ij”.")),
        Section(title="Wat zei de medewerker?", paragraphs=("Ik nam waar voor een collega — سلام.",)),
    ),
    course=(Moment(at="17-03-2026 09:14", who="M-4821", what="reageerde op de vraag"),),
    facts=(),
)


def keys() -> str:
    return "".join(f"{text}\n" for text in KEYS_OF_THE_LOG.verifier_texts(ORIGIN))


@pytest.fixture(scope="module")
def pdf(honest: Place) -> bytes:
    return make(honest.ledger(), ENTRIES, content=WORDS, keys=keys())


def parts_of(pdf: bytes) -> Parts:
    """What is in a file, as somebody who wants to set another one would take it out."""
    found = opened(pdf).attachments
    content = Content.from_json(found[FACTS].decode())
    return Parts(
        content=content,
        proofs={fact.entry: found[f"proof-{fact.entry}.json"].decode() for fact in content.facts},
        checkpoint=found[CHECKPOINT],
        keys=found[KEYS].decode(),
    )


def with_stream(pdf: bytes, change) -> bytes:
    """The file with streams changed and every place in its table put right again."""
    table = pdf.rindex(b"\nxref\n") + 1
    head = pdf[: re.search(rb"\n1 0 obj\n", pdf).start() + 1]
    body, places = head, {}
    chunks = re.split(rb"(?<=\n)(?=\d+ 0 obj\n)", pdf[len(head) : table])
    for chunk in chunks:
        number = int(chunk.split(b" ", 1)[0])
        before, found, rest = chunk.partition(b"\nstream\n")
        if found:
            length = int(re.search(rb"/Length (\d+)", before)[1])
            packed = b"/FlateDecode" in before
            plain = zlib.decompress(rest[:length]) if packed else rest[:length]
            changed = change(before, plain)
            if changed != plain:
                raw = zlib.compress(changed) if packed else changed
                before = before.replace(b"/Length %d" % length, b"/Length %d" % len(raw))
                chunk = before + found + raw + rest[length:]
        places[number] = len(body)
        body += chunk
    rows = [b"0000000000 65535 f\r\n", *(b"%010d 00000 n\r\n" % places[n] for n in sorted(places))]
    trailer = pdf[pdf.rindex(b"trailer\n") : pdf.rindex(b"startxref")]
    return (
        body + b"xref\n0 %d\n" % len(rows) + b"".join(rows) + trailer + b"startxref\n%d\n%%%%EOF" % len(body)
    )


def test_an_honest_file_holds_line_by_line(pdf):
    held = check_evidence_file(pdf, verifiers())
    assert [fact.entry for fact in held.facts] == list(ENTRIES)
    assert held.set_again
    assert held.number == "2026-0001"


def test_a_file_taken_apart_and_put_together_unchanged_holds(pdf):
    assert written(parts_of(pdf)) == pdf
    check_evidence_file(with_stream(pdf, lambda _, plain: plain), verifiers())


def test_a_changed_value_is_named_with_its_line(pdf):
    parts = parts_of(pdf)
    facts = list(parts.content.facts)
    column = next(name for name, value in facts[2].values.items() if isinstance(value, str) and value)
    facts[2] = replace(facts[2], values={**facts[2].values, column: "iets anders"})
    forged = written(replace(parts, content=replace(parts.content, facts=tuple(facts))))
    with pytest.raises(WrongLeafError, match=rf"line 3 \(entry 45\).*another value of {column}") as alarm:
        check_evidence_file(forged, verifiers())
    assert alarm.value.entry == 45


def test_a_proof_that_was_worked_on_is_named_with_its_line(pdf):
    parts = parts_of(pdf)
    for change in (lambda t: t.replace('"index": 44', '"index": 43'), lambda t: t[:-40] + t[-39:]):
        proofs = {**parts.proofs, 44: change(parts.proofs[44])}
        with pytest.raises(VerificationError, match=r"line 2 \(entry 44\)"):
            check_evidence_file(written(replace(parts, proofs=proofs)), verifiers())


def test_the_proof_of_another_entry_is_refused(pdf):
    parts = parts_of(pdf)
    forged = written(replace(parts, proofs={**parts.proofs, 44: parts.proofs[45]}))
    with pytest.raises(VerificationError, match=r"line 2 \(entry 44\) as its proof says"):
        check_evidence_file(forged, verifiers())


def test_a_fact_left_out_of_the_table_takes_its_proof_along_or_is_seen(pdf):
    parts = parts_of(pdf)
    fewer = replace(parts.content, facts=parts.content.facts[:3])
    whole = written(replace(parts, content=fewer))  # honestly a smaller file: it claims less
    assert len(check_evidence_file(whole, verifiers()).facts) == 3

    def leave_out(head: bytes, plain: bytes) -> bytes:
        return fewer.to_json().encode() if plain == parts.content.to_json().encode() else plain

    with pytest.raises(VerificationError, match="a proof for each fact and nothing beside them"):
        check_evidence_file(with_stream(pdf, leave_out), verifiers())


def test_another_checkpoint_is_refused(pdf):
    parts = parts_of(pdf)
    forged = parts.checkpoint.replace(b"\n770\n", b"\n771\n") if b"\n770\n" in parts.checkpoint else b"x"
    assert forged != parts.checkpoint
    with pytest.raises(VerificationError):
        check_evidence_file(written(replace(parts, checkpoint=forged)), verifiers())


def test_half_of_the_signatures_is_refused(pdf):
    parts = parts_of(pdf)
    text, _, below = parts.checkpoint.rpartition(b"\n\n")
    half = text + b"\n\n" + below.splitlines(keepends=True)[0]
    with pytest.raises(WrongSignatureError, match="each kind"):
        check_evidence_file(written(replace(parts, checkpoint=half)), verifiers())


def test_a_size_on_the_page_that_nobody_signed_is_refused(pdf):
    parts = parts_of(pdf)
    forged = written(replace(parts, content=replace(parts.content, size=parts.content.size + 1)))
    with pytest.raises(VerificationError, match="the origin, size and root that the checkpoint signs"):
        check_evidence_file(forged, verifiers())


def first_text(plain: bytes, marker: bytes) -> int:
    return plain.index(b"(", plain.index(marker))


def test_a_cell_changed_on_the_page_alone_is_named_with_its_line(pdf):
    """The attachments stay honest and only what people read is changed: a digit in the last row."""
    changed = 0

    def swap(head: bytes, plain: bytes) -> bytes:
        nonlocal changed
        if b"BDC" not in plain[:200]:
            return plain
        shows = [each for each in re.finditer(rb"\[\((?:[^()\\]|\\.)*\)[^\]]*\]TJ", plain)]
        cells = [each for each in shows if each[0].count(b"\\000") or len(each[0]) > 14]
        if changed or not cells:
            return plain
        # swap the glyphs of two shown texts of the same table: both are in the font already
        changed += 1
        one, other = cells[-3], cells[-6]
        parts = sorted([(one.span(), other[0]), (other.span(), one[0])])
        (a, b), first = parts[0]
        (c, d), second = parts[1]
        return plain[:a] + first + plain[b:c] + second + plain[d:]

    forged = with_stream(pdf, swap)
    assert changed
    with pytest.raises(VerificationError):
        check_evidence_file(forged, verifiers())


def test_a_word_changed_outside_the_table_is_seen(pdf):
    """What people wrote is in no proof; that the page no longer says what the file carries is seen."""
    parts = parts_of(pdf)
    sections = (
        replace(parts.content.sections[0], paragraphs=("Iets heel anders.",)),
        *parts.content.sections[1:],
    )
    other = written(replace(parts, content=replace(parts.content, sections=sections)))
    theirs = opened(other).attachments[FACTS]

    def put_back(head: bytes, plain: bytes) -> bytes:
        return parts.content.to_json().encode() if plain == theirs else plain

    with pytest.raises(VerificationError, match="another text above the table of facts"):
        check_evidence_file(with_stream(other, put_back), verifiers())


def test_a_glyph_that_stands_for_another_letter_is_seen(pdf):
    """The text to read stays the same; the map from glyphs to letters is worked on."""

    def other_letter(head: bytes, plain: bytes) -> bytes:
        return plain.replace(b"<0032>\n", b"<0033>\n") if b"beginbfchar" in plain else plain

    with pytest.raises(VerificationError):
        check_evidence_file(with_stream(pdf, other_letter), verifiers())


def test_a_font_that_was_drawn_anew_is_seen(pdf):
    def redrawn(head: bytes, plain: bytes) -> bytes:
        return plain[:-20] + bytes(20) if b"CIDFontType0C" in head else plain

    with pytest.raises(VerificationError, match="drawn otherwise"):
        check_evidence_file(with_stream(pdf, redrawn), verifiers())


@pytest.mark.parametrize("after", [b"\n1 0 obj\n<<>>\nendobj\n", b"\n%%EOF", b"\nstartxref\n0\n%%EOF", b"%"])
def test_nothing_may_stand_after_the_end(pdf, after):
    with pytest.raises(VerificationError):
        check_evidence_file(pdf + after, verifiers())


def test_every_cut_of_the_file_is_refused(pdf):
    for cut in range(1, len(pdf), max(1, len(pdf) // 60)):
        with pytest.raises(VerificationError):
            check_evidence_file(pdf[:cut], verifiers())


def test_no_changed_byte_is_passed_over(pdf):
    """A byte here and there, all over the file: each is refused, none breaks the reader in another way."""
    for at in range(3, len(pdf), max(1, len(pdf) // 150)):
        forged = pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
        with pytest.raises(VerificationError):
            check_evidence_file(forged, verifiers())


def test_with_the_key_of_somebody_else_nothing_holds(pdf):
    with pytest.raises(WrongSignatureError):
        check_evidence_file(pdf, verifiers(STRANGER))


def test_an_entry_that_is_not_there_gives_no_file(honest: Place):
    with pytest.raises(RefusedError):
        make(honest.ledger(), (10_000_000,), content=WORDS, keys=keys())


def test_the_file_says_that_it_lasts_and_can_be_read_aloud(pdf, tmp_path: Path):
    """No validator comes as a package: what one would check first is checked by hand, and by qpdf."""
    assert b"<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/MarkInfo<</Marked true" in pdf
    assert b"/Lang(nl-NL)" in pdf
    assert b"/DisplayDocTitle true" in pdf
    assert pdf.count(b"/AFRelationship") == len(ENTRIES) + 3
    assert b"/S/Table" in pdf and b"/S/TH" in pdf and b"/S/H1" in pdf
    if shutil.which("qpdf"):
        (tmp_path / "file.pdf").write_bytes(pdf)
        subprocess.run(["qpdf", "--check", str(tmp_path / "file.pdf")], check=True, capture_output=True)
