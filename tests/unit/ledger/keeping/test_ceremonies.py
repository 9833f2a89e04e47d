# SPDX-License-Identifier: EUPL-1.2
"""Changing the keys of the log: whatever step it is broken off at, the next attempt ends well."""

import pytest

from rekenschap.adapters.keys import MemoryKeys
from rekenschap.errors import RefusedError
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import check
from rekenschap.ledger.custody.key_statements import Role
from rekenschap.ledger.keeping import authority_of
from rekenschap.ledger.keeping.ceremonies import (
    begin_log_keys,
    draft_officers,
    renew_log_keys,
    retire_log_keys,
)
from rekenschap.model.relations import CONSULTATION
from tests.custody import ANNA, BRAM, NOW, public
from tests.ledgers import ORIGIN, content, memory_ledger, verifiers, with_identity

SEED = b"an invented seed for the tests, not a secret"


@pytest.fixture
def keys() -> MemoryKeys:
    return MemoryKeys(SEED)


@pytest.fixture
def ledger(keys: MemoryKeys) -> Ledger:
    _, store, anchor = memory_ledger()
    return Ledger.open(store=store, anchor=anchor, keys=keys)


def later(ledger: Ledger, at: int) -> None:
    ledger.append(
        [(CONSULTATION, with_identity(content(CONSULTATION, 3, at % 97), CONSULTATION, recorded_at=at))]
    )


def names(ledger: Ledger) -> list[str]:
    return [key.key.to_text() for key in authority_of(ledger).roster.current(Role.LEDGER)]


def test_the_keys_a_ledger_began_with_are_named_once(ledger: Ledger, keys: MemoryKeys):
    for _ in range(2):
        begin_log_keys(ledger, keys, at=NOW)
    assert names(ledger) == [*keys.verifier_texts(ORIGIN)]
    assert authority_of(ledger).number == 1


def test_keys_change_five_times_and_the_first_key_still_checks_all(ledger: Ledger, keys: MemoryKeys):
    for turn in range(5):
        at = NOW + 10 * turn
        made = renew_log_keys(ledger, keys, at=at)
        later(ledger, at + 1)
        assert len(retire_log_keys(ledger, keys, at=at + 2)) == 2
        later(ledger, at + 3)
        assert names(ledger) == [key.key.to_text() for key in made] == [*keys.verifier_texts(ORIGIN)]
    found = check(ledger.store, anchor=None, verifiers=verifiers(MemoryKeys(SEED)), workers=1)
    assert found.size == ledger.size
    found = check(ledger.store, anchor=None, verifiers=verifiers(keys), workers=1)
    assert found.size == ledger.size


def test_bringing_in_keys_that_were_made_before_goes_on(ledger: Ledger, keys: MemoryKeys):
    begin_log_keys(ledger, keys, at=NOW)
    made = [signer.key_id for signer in keys.renew(ORIGIN)]
    later(ledger, NOW)
    assert [key.key_id for key in renew_log_keys(ledger, keys, at=NOW)] == made
    renew_log_keys(ledger, keys, at=NOW)
    assert len(names(ledger)) == 4
    assert authority_of(ledger).number == 2


def test_no_key_is_destroyed_before_the_new_one_was_brought_in(ledger: Ledger, keys: MemoryKeys):
    begin_log_keys(ledger, keys, at=NOW)
    keys.renew(ORIGIN)
    with pytest.raises(RefusedError, match="bring them in first"):
        retire_log_keys(ledger, keys, at=NOW)
    assert len(keys.signers(ORIGIN)) == 4


def test_keys_that_were_never_changed_are_not_retired(ledger: Ledger, keys: MemoryKeys):
    with pytest.raises(RefusedError):
        retire_log_keys(ledger, keys, at=NOW)
    begin_log_keys(ledger, keys, at=NOW)
    assert retire_log_keys(ledger, keys, at=NOW) == ()
    assert len(keys.signers(ORIGIN)) == 2


def test_retired_keys_that_were_not_destroyed_yet_are(ledger: Ledger, keys: MemoryKeys):
    renew_log_keys(ledger, keys, at=NOW)
    retire_log_keys(ledger, keys, at=NOW)
    back = MemoryKeys(SEED, generations=(1, 2))
    assert retire_log_keys(ledger, back, at=NOW) == ()
    assert len(back.signers(ORIGIN)) == 2


@pytest.mark.parametrize("officers", [(ANNA,), (ANNA, ANNA)])
def test_officers_are_at_least_two(ledger: Ledger, officers):
    with pytest.raises(RefusedError, match="at least two people"):
        draft_officers(ledger, public(*officers), needed=2, at=NOW)
    assert draft_officers(ledger, public(ANNA, BRAM), needed=2, at=NOW)
