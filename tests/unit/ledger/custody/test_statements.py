# SPDX-License-Identifier: EUPL-1.2
"""Statements and orders: one text for one meaning, and signatures that fit nothing else."""

from dataclasses import replace

import pytest

from rekenschap.errors import MalformedStatementError, VerificationError, WrongSignatureError
from rekenschap.ledger.custody import Ranges
from rekenschap.ledger.custody.key_statements import KeyAction, KeyStatement, Role
from rekenschap.ledger.custody.orders import Order, OrderAction, Rule
from rekenschap.ledger.custody.statements import START, Head, read_note, signed_by
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.note import check_note
from tests.custody import ANNA, BRAM, FIRST, ORIGIN, TODAY, key_statement, order, public, signed

HEAD = Head(origin=ORIGIN, number=1, previous=START, size=100, written=TODAY)
STATEMENT = key_statement(HEAD, KeyAction.BEGIN, Role.OFFICER, (ANNA, BRAM), needed=2)
ERASE = order(HEAD, entries=Ranges.of([(12, 41), (77, 78)]))


def test_a_statement_about_keys_reads_back():
    assert KeyStatement.from_text(STATEMENT.to_text()) == STATEMENT


@pytest.mark.parametrize(
    "written",
    [
        ERASE,
        order(HEAD, entries=Ranges.of([(0, 100)]), rule=Rule.TERM, term=365),
        order(HEAD, OrderAction.HOLD, Ranges.of([(5, 6)])),
        order(HEAD, OrderAction.RELEASE, Ranges.of([(5, 6)])),
        order(HEAD, OrderAction.FORGET, rule=Rule.REQUEST, originals=(Hash(b"o" * 32), Hash(b"p" * 32))),
    ],
)
def test_an_order_reads_back(written: Order):
    assert Order.from_text(written.to_text()) == written


def test_an_order_is_plain_text_that_officers_can_read():
    assert ERASE.to_text().splitlines()[6:] == [
        "action erase",
        "rule court",
        "law AVG art. 17",
        "term 0",
        "entries 12-40,77-77",
        "originals -",
        "reason zaak 2026-17",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rekenschap-order/1", "rekenschap-order/2"),
        ("number 1", "number 01"),
        ("number 1\n", "number 1\nnumber 1\n"),
        ("date 2026-11-22", "date 20261122"),
        ("date 2026-11-22", "date 2026-13-22"),
        ("action erase", "action shred"),
        ("rule court", "rule -"),
        ("rule court", "rule term"),
        ("term 0", "term 5"),
        ("entries 12-40", "entries 12-40,13-20"),
        ("entries 12-40,77-77", "entries -"),
        ("entries 12-40,77-77", "entries 12-100"),
        ("originals -", "originals AAAA"),
        ("reason zaak", "why zaak"),
        ("reason zaak 2026-17\n", ""),
        ("reason zaak 2026-17\n", "reason zaak 2026-17\nmore text\n"),
    ],
)
def test_an_order_with_another_line_is_refused(old: str, new: str):
    with pytest.raises(MalformedStatementError):
        Order.from_text(ERASE.to_text().replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [("action begin", "action borrow"), ("role officer", "role boss"), ("needed 2", "needed two")],
)
def test_a_statement_with_another_line_is_refused(old: str, new: str):
    with pytest.raises(MalformedStatementError):
        KeyStatement.from_text(STATEMENT.to_text().replace(old, new))


def test_a_statement_that_names_one_key_twice_is_refused():
    with pytest.raises(MalformedStatementError, match="each key once"):
        KeyStatement.from_text(replace(STATEMENT, keys=public(ANNA, ANNA)).to_text())


@pytest.mark.parametrize("signer", [ANNA, *FIRST], ids=["officer", "ed25519", "ml-dsa-44"])
def test_who_signed_is_known_by_the_key(signer):
    note = signed(ERASE.to_text(), [signer, BRAM])
    assert signed_by(note, public(signer)) == public(signer)
    assert signed_by(note, public(signer, BRAM)) == public(signer, BRAM)


@pytest.mark.parametrize("signer", [ANNA, *FIRST], ids=["officer", "ed25519", "ml-dsa-44"])
def test_a_signature_under_another_text_does_not_hold(signer):
    note = replace(signed(ERASE.to_text(), [signer]), text=ERASE.to_text().replace("12-40", "12-41"))
    with pytest.raises(WrongSignatureError):
        signed_by(note, public(signer))


def test_one_officer_signs_twice_and_counts_once():
    note = signed(ERASE.to_text(), [ANNA, ANNA])
    assert signed_by(note, public(ANNA, BRAM)) == public(ANNA)


def test_no_statement_is_a_checkpoint_and_no_checkpoint_a_statement():
    """A signature got for one must never serve as the other."""
    with pytest.raises(VerificationError):
        Checkpoint.from_text(ERASE.to_text())
    checkpoint = Checkpoint(origin=ORIGIN, size=0, root=START).to_text()
    with pytest.raises(MalformedStatementError):
        Order.from_text(checkpoint)
    strong = FIRST[1]  # signs parts of a checkpoint, never a text
    with pytest.raises(WrongSignatureError):
        check_note(signed(checkpoint, [strong]), public(strong))


@pytest.mark.parametrize("raw", ["", "text only\n", "text\n\nno signature\n", b"\xff\xfe"])
def test_what_is_no_note_is_refused(raw: str | bytes):
    with pytest.raises(MalformedStatementError):
        read_note(raw)
