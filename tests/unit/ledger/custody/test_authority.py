# SPDX-License-Identifier: EUPL-1.2
"""What a ledger says of its custody: orders by enough officers, holds that hold, one chain of statements."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rekenschap.errors import InconsistentError, MalformedStatementError, WrongSignatureError
from rekenschap.ledger.custody import Authority, CustodyFact, Ranges
from rekenschap.ledger.custody.authority import TermLimit, columns_of_order
from rekenschap.ledger.custody.key_statements import KeyAction, Role
from rekenschap.ledger.custody.orders import OrderAction, Rule
from rekenschap.tlog.hashing import Hash
from tests.custody import (
    ANNA,
    BRAM,
    CEES,
    FIRST,
    ORIGIN,
    SECOND,
    STRANGER,
    TODAY,
    Course,
    days_ago,
    founded,
    order,
    signed,
)

SOME, OTHER = Ranges.of([(2, 6)]), Ranges.of([(7, 9)])
HOLD, RELEASE, ERASE, FORGET = OrderAction.HOLD, OrderAction.RELEASE, OrderAction.ERASE, OrderAction.FORGET


def test_a_silent_ledger_lets_nobody_erase():
    authority = Authority.of(ORIGIN, [])
    assert authority.needed == 0
    assert authority.cover(SOME) == SOME
    with pytest.raises(WrongSignatureError, match="expected the signatures of 2 officers"):
        Course().order(order(Course().head(), ERASE, SOME))


def test_two_officers_may_have_rows_erased():
    course = founded()
    course.order(order(course.head(), ERASE, SOME))
    assert course.authority.cover(SOME | OTHER) == OTHER
    assert course.authority.pending(Ranges.of([(0, 4)])) == Ranges.of([(2, 4)])


@pytest.mark.parametrize("signers", [(ANNA,), (ANNA, ANNA), (ANNA, STRANGER), (STRANGER, *FIRST)])
def test_one_officer_and_any_number_of_others_may_not(signers):
    course = founded()
    with pytest.raises(WrongSignatureError) as alarm:
        course.order(order(course.head(), ERASE, SOME), signers)
    assert alarm.value.entry == 30


def test_what_is_held_is_not_erased_until_it_is_released():
    course = founded()
    course.order(order(course.head(), HOLD, SOME))
    with pytest.raises(InconsistentError, match="held entry 5 at entry 40") as alarm:
        course.order(order(course.head(), ERASE, Ranges.of([(0, 1), (5, 9)])))
    assert alarm.value.entry == 40
    course.order(order(course.head(), RELEASE, Ranges.of([(5, 6)])))
    course.order(order(course.head(), ERASE, Ranges.of([(0, 1), (5, 9)])))
    assert course.authority.held == Ranges.of([(2, 5)])


def test_no_entry_about_custody_is_erased():
    course = founded()
    with pytest.raises(InconsistentError, match="the order for entry 20"):
        course.order(order(course.head(), ERASE, Ranges.of([(15, 30)])))


def test_an_order_counts_once_and_only_as_the_next():
    course = founded()
    held, released = order(course.head(), HOLD, SOME), order(course.head(), HOLD, OTHER)
    course.order(held)
    for stale in (held, released):
        with pytest.raises(InconsistentError, match=r"expected statement 4 .* found statement 3"):
            course.order(stale)


def test_an_order_for_another_ledger_does_not_count():
    course = founded()
    elsewhere = replace(course.head(), origin="example.net/ledger")
    with pytest.raises(InconsistentError, match="one about another"):
        course.order(order(elsewhere, ERASE, SOME))


def test_an_order_about_entries_that_were_not_there_yet_does_not_count():
    course = founded()
    with pytest.raises(InconsistentError, match="at most 30 entries"):
        course.order(order(replace(course.head(), size=31), ERASE, SOME))


def test_an_order_of_tomorrow_does_not_count():
    course = founded()
    with pytest.raises(InconsistentError, match="of a later day"):
        course.order(order(course.head(TODAY + timedelta(days=2)), ERASE, SOME))


@pytest.mark.parametrize("column", ["number", "action", "rule", "law", "entries", "statement"])
def test_a_row_that_says_more_than_its_statement_does_not_count(column: str):
    course = founded()
    given = order(course.head(), ERASE, SOME)
    columns = columns_of_order(given, signed(given.to_text(), (ANNA, BRAM)))
    if column == "statement":
        columns[column] = str(columns[column]).replace("zaak", "file")
    else:
        columns[column] = "0-9"
    with pytest.raises((InconsistentError, WrongSignatureError)):
        course.put("erasure", columns)


def test_an_order_in_another_relation_does_not_count():
    course = founded()
    given = order(course.head(), ERASE, SOME)
    with pytest.raises(InconsistentError, match="a row of erasure"):
        course.put("hold", columns_of_order(given, signed(given.to_text(), (ANNA, BRAM))))


@pytest.mark.parametrize("text", ["rekenschap-order/1\norigin x\n\n— x AAAAAAAA\n", "no note", ""])
def test_a_statement_that_is_none_is_named_by_its_entry(text: str):
    with pytest.raises(MalformedStatementError) as alarm:
        founded().put("erasure", {"statement": text})
    assert alarm.value.entry == 30


def test_a_signature_that_does_not_hold_is_named_by_its_entry():
    course = founded()
    given = order(course.head(), ERASE, SOME)
    note = signed(given.to_text(), (ANNA, BRAM))
    wider = replace(given, entries=SOME | OTHER)
    with pytest.raises(WrongSignatureError, match="at entry 30") as alarm:
        course.put("erasure", columns_of_order(wider, replace(note, text=wider.to_text())))
    assert alarm.value.entry == 30


@pytest.mark.parametrize("recorded_at", [-(2**63), 2**63 - 1])
def test_a_moment_outside_every_calendar_is_no_fault_of_ours(recorded_at: int):
    course = founded()
    given = order(course.head(), ERASE, SOME)
    columns = columns_of_order(given, signed(given.to_text(), (ANNA, BRAM)))
    fact = CustodyFact(entry=30, relation="erasure", recorded_at=recorded_at, columns=columns)
    try:
        assert course.authority.after(fact).erased == SOME
    except InconsistentError as alarm:
        assert "of a later day" in str(alarm)


def test_an_erasure_by_term_says_before_when_all_of_it_was_recorded():
    course = founded()
    course.order(order(course.head(), ERASE, SOME, rule=Rule.TERM, term=365))
    assert course.authority.limits == (TermLimit(end=6, recorded_before=days_ago(365), entry=30),)


def test_originals_are_forgotten_by_order():
    course = founded()
    course.order(order(course.head(), FORGET, rule=Rule.REQUEST, originals=(Hash(b"o" * 32),)))
    assert course.authority.forgotten == (Hash(b"o" * 32),)
    assert not course.authority.erased


def test_facts_are_read_in_the_order_of_their_entries():
    course = founded()
    course.order(order(course.head(), ERASE, SOME))
    assert Authority.of(ORIGIN, reversed(course.facts)) == course.authority


@pytest.mark.parametrize("absent", [0, 1, 2])
def test_a_dropped_fact_is_seen_by_the_one_after_it(absent: int):
    course = founded()
    course.order(order(course.head(), ERASE, SOME))
    course.keys(KeyAction.ADD, Role.LEDGER, SECOND, (*FIRST, *SECOND))
    rest = [fact for at, fact in enumerate(course.facts) if at != absent]
    with pytest.raises(InconsistentError, match=f"expected statement {absent + 1} "):
        Authority.of(ORIGIN, rest)


def test_officers_of_their_time_count_for_ever():
    course = founded()
    course.order(order(course.head(), ERASE, SOME), (BRAM, CEES))
    course.keys(KeyAction.RETIRE, Role.OFFICER, (CEES,), (ANNA, BRAM), needed=2)
    assert Authority.of(ORIGIN, course.facts).cover(SOME) == Ranges()
