# SPDX-License-Identifier: EUPL-1.2
"""Whose signature a checkpoint needs at its size, for readers who hold the first key, the last, or both."""

import pytest

from rekenschap.errors import WrongSignatureError
from rekenschap.ledger.custody import Authority, Keyring
from rekenschap.ledger.custody.key_statements import KeyAction, Role
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import EMPTY_ROOT
from rekenschap.tlog.note import sign_note
from rekenschap.tlog.vkey import SignatureKind
from tests.custody import (
    ANNA,
    BRAM,
    FIRST,
    ORIGIN,
    SECOND,
    STRANGER,
    Course,
    founded,
    generation,
    pair,
    public,
)

OUTSIDER = pair("example.net/witness", "witness", SignatureKind.ED25519_COSIGNATURE)


def rotated() -> Course:
    """First keys from 0, second beside them from 31, alone from 41."""
    course = founded()
    course.keys(KeyAction.ADD, Role.LEDGER, SECOND, (*FIRST, *SECOND))
    course.keys(KeyAction.RETIRE, Role.LEDGER, FIRST, (*FIRST, *SECOND))
    return course


def checkpoint(size: int, *signers) -> bytes:
    body = Checkpoint(origin=ORIGIN, size=size, root=EMPTY_ROOT).to_text()
    return sign_note(body, signers).to_bytes()


READERS = {
    "first": public(*FIRST),
    "first, Ed25519 only": public(FIRST[0]),
    "first, ML-DSA only": public(FIRST[1]),
    "second": public(*SECOND),
    "both": public(FIRST[0], SECOND[0]),
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_one_key_of_any_time_opens_the_checkpoints_of_all_times(reader):
    ring = Keyring.of(reader, rotated().authority)
    for size, signers in [
        (0, FIRST),
        (30, FIRST),
        (31, (*FIRST, *SECOND)),
        (40, (*FIRST, *SECOND)),
        (41, SECOND),
    ]:
        assert ring.opened(checkpoint(size, *signers))[0].size == size


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize(
    ("size", "signers"),
    [
        pytest.param(41, FIRST, id="retired keys sign on"),
        pytest.param(10**9, FIRST, id="retired keys sign much later"),
        pytest.param(31, SECOND, id="only the new keys during the overlap"),
        pytest.param(40, FIRST, id="only the old keys during the overlap"),
        pytest.param(30, SECOND, id="new keys before their time"),
        pytest.param(41, (SECOND[0],), id="the stronger kind left out"),
        pytest.param(41, generation(3), id="keys nobody brought in"),
        pytest.param(41, (ANNA, BRAM), id="officers"),
    ],
)
def test_another_key_of_the_log_does_not_count(reader, size, signers):
    with pytest.raises(WrongSignatureError, match=f"the checkpoint of size {size} "):
        Keyring.of(reader, rotated().authority).opened(checkpoint(size, *signers))


def test_a_reader_with_a_key_the_ledger_never_had_is_warned():
    with pytest.raises(WrongSignatureError, match="among the keys this ledger has had"):
        Keyring.of(public(FIRST[0], generation(3)[0]), rotated().authority)


def test_a_reader_without_a_key_of_the_log_opens_nothing():
    ring = Keyring.of(public(OUTSIDER), rotated().authority)
    with pytest.raises(WrongSignatureError):
        ring.opened(checkpoint(41, *SECOND, OUTSIDER))


def test_a_silent_ledger_is_opened_with_the_keys_of_the_reader():
    silent = Authority.none(ORIGIN)
    assert Keyring.of(public(*FIRST), silent).opened(checkpoint(9, *FIRST))[0].size == 9
    assert Keyring.of(public(FIRST[0]), silent).opened(checkpoint(9, FIRST[0]))[0].size == 9
    with pytest.raises(WrongSignatureError, match="kind ML_DSA_44"):
        Keyring.of(public(*FIRST), silent).opened(checkpoint(9, FIRST[0]))


def test_a_reader_who_knows_the_officers_sees_that_others_took_over():
    authority = rotated().authority
    assert Keyring.of(public(FIRST[0], ANNA, BRAM), authority)
    for known in (authority, Authority.none(ORIGIN)):
        with pytest.raises(WrongSignatureError, match=r"the key of example\.org/officer-x that was given"):
            Keyring.of(public(FIRST[0], STRANGER), known)


def test_witnesses_that_are_known_are_told():
    ring = Keyring.of(public(FIRST[0], OUTSIDER), rotated().authority)
    held = ring.opened(checkpoint(41, *SECOND, OUTSIDER))[1]
    assert [each.name for each in held] == [ORIGIN, ORIGIN, OUTSIDER.name]


def test_a_signature_of_a_known_witness_that_does_not_hold_is_told_as_such():
    forged = checkpoint(41, *SECOND, OUTSIDER).replace(b"\n41\n", b"\n42\n")
    with pytest.raises(WrongSignatureError):
        Keyring.of(public(FIRST[0], OUTSIDER), rotated().authority).opened(forged)
