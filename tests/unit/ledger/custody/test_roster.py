# SPDX-License-Identifier: EUPL-1.2
"""Who must sign so that keys may change: each missing hand, and each wrong key, is named by its entry."""

import pytest

from rekenschap.errors import InconsistentError, VerificationError, WrongSignatureError
from rekenschap.ledger.custody.key_statements import KeyAction, Role
from tests.custody import ANNA, BRAM, CEES, FIRST, ORIGIN, SECOND, STRANGER, Course, founded, pair, public

ADD, BEGIN, RETIRE = KeyAction.ADD, KeyAction.BEGIN, KeyAction.RETIRE
LEDGER, OFFICER, WITNESS = Role.LEDGER, Role.OFFICER, Role.WITNESS
OUTSIDER = pair("example.net/witness", "witness")


def test_officers_are_founded_by_all_of_them():
    authority = founded().authority
    assert authority.officers == public(ANNA, BRAM, CEES)
    assert authority.needed == 2


def test_a_founding_without_one_of_the_officers_does_not_count():
    with pytest.raises(WrongSignatureError, match=r"found none of example\.org/officer-c"):
        Course().keys(BEGIN, OFFICER, (ANNA, BRAM, CEES), (ANNA, BRAM), needed=2)


@pytest.mark.parametrize(
    ("keys", "needed"),
    [
        ((ANNA, BRAM), 1),
        ((ANNA, BRAM), 3),
        ((ANNA,), 1),
        ((ANNA,), 2),
        ((ANNA, pair(ANNA.name, "a second key of the same person")), 2),
    ],
)
def test_four_eyes_are_four_eyes(keys, needed):
    with pytest.raises(InconsistentError, match="officer"):
        Course().keys(BEGIN, OFFICER, keys, keys, needed=needed)


def test_officers_cannot_be_founded_twice():
    course = founded()
    with pytest.raises(InconsistentError, match="begin once") as alarm:
        course.keys(BEGIN, OFFICER, (STRANGER, OUTSIDER), (STRANGER, OUTSIDER), needed=2)
    assert alarm.value.entry == 30


@pytest.mark.parametrize("signers", [(STRANGER,), (*FIRST, STRANGER), (ANNA, STRANGER), (ANNA, BRAM)])
def test_no_officer_is_added_without_two_officers_and_the_new_one(signers):
    with pytest.raises(WrongSignatureError):
        founded().keys(ADD, OFFICER, (STRANGER,), signers, needed=2)


def test_two_officers_add_a_third_and_retire_one():
    course = founded()
    course.keys(ADD, OFFICER, (STRANGER,), (ANNA, CEES, STRANGER), needed=3)
    assert course.authority.needed == 3
    course.keys(RETIRE, OFFICER, (ANNA,), (BRAM, CEES, STRANGER), needed=2)
    assert course.authority.officers == public(BRAM, CEES, STRANGER)


def test_no_officers_retire_until_too_few_are_left():
    with pytest.raises(InconsistentError, match="no more than there are"):
        founded().keys(RETIRE, OFFICER, (BRAM, CEES), (ANNA, BRAM), needed=2)


def test_a_retired_officer_no_longer_counts():
    course = founded()
    course.keys(RETIRE, OFFICER, (CEES,), (ANNA, BRAM), needed=2)
    with pytest.raises(WrongSignatureError, match="found 1 at entry"):
        course.keys(ADD, OFFICER, (STRANGER,), (ANNA, CEES, STRANGER), needed=2)


def test_new_keys_of_the_log_are_signed_by_old_and_new():
    course = founded()
    course.keys(ADD, LEDGER, SECOND, (*FIRST, *SECOND))
    assert course.authority.roster.current(LEDGER) == public(*FIRST, *SECOND)
    course.keys(RETIRE, LEDGER, FIRST, (*FIRST, *SECOND))
    assert course.authority.roster.current(LEDGER) == public(*SECOND)


@pytest.mark.parametrize(
    "signers",
    [SECOND, FIRST, (FIRST[0], *SECOND), (FIRST[1], *SECOND), (*FIRST, SECOND[0]), (ANNA, BRAM, *SECOND)],
)
def test_a_new_key_of_the_log_without_one_of_the_hands_is_refused(signers):
    with pytest.raises(WrongSignatureError) as alarm:
        founded().keys(ADD, LEDGER, SECOND, signers)
    assert alarm.value.entry == 30


def test_a_lost_key_of_the_log_is_retired_by_officers_and_the_keys_that_stay():
    course = founded()
    course.keys(ADD, LEDGER, SECOND, (*FIRST, *SECOND))
    with pytest.raises(WrongSignatureError):
        course.keys(RETIRE, LEDGER, FIRST, (*SECOND, ANNA))
    course.keys(RETIRE, LEDGER, FIRST, (*SECOND, ANNA, BRAM))
    assert course.authority.roster.current(LEDGER) == public(*SECOND)


def test_the_thief_of_a_new_key_retires_nobody():
    course = founded()
    course.keys(ADD, LEDGER, SECOND, (*FIRST, *SECOND))
    with pytest.raises(WrongSignatureError):
        course.keys(RETIRE, LEDGER, FIRST, SECOND)


def test_the_log_keeps_a_key_that_everybody_can_read():
    with pytest.raises(InconsistentError, match="Ed25519"):
        founded().keys(RETIRE, LEDGER, (FIRST[0],), FIRST)


def test_a_retired_key_never_comes_back():
    course = founded()
    course.keys(ADD, LEDGER, SECOND, (*FIRST, *SECOND))
    course.keys(RETIRE, LEDGER, FIRST, (*FIRST, *SECOND))
    with pytest.raises(InconsistentError, match="never had before"):
        course.keys(ADD, LEDGER, FIRST, (*FIRST, *SECOND))


def test_a_key_of_the_log_is_no_officer_under_another_name():
    same = pair("example.org/officer-d", "log 1")
    with pytest.raises(InconsistentError, match="never had before"):
        founded().keys(ADD, OFFICER, (same,), (ANNA, BRAM, same), needed=2)


@pytest.mark.parametrize(
    ("role", "keys", "needed"),
    [(LEDGER, (STRANGER,), 0), (OFFICER, (pair(ORIGIN, "officer x"),), 2), (WITNESS, (OUTSIDER,), 2)],
)
def test_names_and_numbers_fit_the_role(role, keys, needed):
    with pytest.raises(VerificationError):
        founded().keys(ADD if role is not WITNESS else BEGIN, role, keys, (*FIRST, ANNA, BRAM, *keys), needed)


def test_witnesses_are_for_the_officers():
    course = founded()
    with pytest.raises(WrongSignatureError):
        course.keys(BEGIN, WITNESS, (OUTSIDER,), FIRST)
    course.keys(BEGIN, WITNESS, (OUTSIDER,), (BRAM, CEES))
    assert course.authority.roster.current(WITNESS) == public(OUTSIDER)


def test_witnesses_are_for_the_log_while_there_are_no_officers():
    course = Course()
    with pytest.raises(WrongSignatureError):
        course.keys(BEGIN, WITNESS, (OUTSIDER,), FIRST)
    course.keys(BEGIN, LEDGER, FIRST, FIRST)
    course.keys(BEGIN, WITNESS, (OUTSIDER,), FIRST)
    assert course.authority.roster.current(WITNESS) == public(OUTSIDER)
