# SPDX-License-Identifier: EUPL-1.2
"""An insider with the keys of the log erases, orders, or changes keys without the officers.

Who checks holds the first public keys and nothing else. The insider writes what our own program refuses.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from rekenschap.adapters.keys import MemoryKeys, verifier_of
from rekenschap.adapters.keys.signatures import KeyPair
from rekenschap.errors import (
    AlarmError,
    InconsistentError,
    VerificationError,
    WrongLeafError,
    WrongSignatureError,
)
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import check
from rekenschap.ledger.custody import Ranges
from rekenschap.ledger.custody.key_statements import KeyAction, KeyStatement, Role
from rekenschap.ledger.custody.orders import OrderAction, Rule
from rekenschap.ledger.custody.statements import sign_statement
from rekenschap.ledger.keeping import authority_of, put_statement
from rekenschap.ledger.keeping.ceremonies import (
    begin_log_keys,
    draft_officers,
    renew_log_keys,
    retire_log_keys,
)
from rekenschap.ledger.keeping.erasing import erase, finish_erasures
from rekenschap.ledger.keeping.recorded import statement_row
from rekenschap.ledger.keeping.rewriting import erase_rows
from rekenschap.ledger.segments import parquet_bytes
from rekenschap.model.relations import CONSULTATION, ZAAK
from rekenschap.tlog.note import Note, Signer, sign_note
from tests.custody import ANNA, BRAM, CEES, NOW, STRANGER, TODAY, order, pair, public, signed
from tests.ledgers import KEYS, ORIGIN, Place, content, facts, verifiers, with_identity

OTHER = pair("example.org/officer-y", "officer y")
AFTER = NOW + 10**9


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Looks in entries 1 to 40 and zaken in 42 to 61; three officers; looks 30 to 34 are held."""
    place = Place(tmp_path_factory.mktemp("kept") / "ledger")
    ledger = Ledger.create(store=place.store, anchor=place.anchor, keys=KEYS, origin=ORIGIN)
    ledger.append([(CONSULTATION, facts(CONSULTATION, 40, 1)), (ZAAK, facts(ZAAK, 20, 1))])
    begin_log_keys(ledger, KEYS, at=NOW)
    text = draft_officers(ledger, public(ANNA, BRAM, CEES), needed=2, at=NOW)
    put_statement(ledger, signed(text, (ANNA, BRAM, CEES)), at=NOW)
    put_statement(ledger, ordered(ledger, (30, 35), action=OrderAction.HOLD), at=NOW)
    return place


@pytest.fixture
def place(made: Place, tmp_path: Path) -> Iterator[Place]:
    yield made.copy(tmp_path / "copy")


def ordered(ledger: Ledger, *spans: tuple[int, int], signers=(ANNA, BRAM), **kinds) -> Note:
    head = authority_of(ledger).next_head(size=ledger.size, written=TODAY)
    return signed(order(head, entries=Ranges.of(spans), **kinds).to_text(), signers)


def about_keys(
    ledger: Ledger,
    action: KeyAction,
    role: Role,
    keys: tuple[KeyPair, ...],
    signers: tuple[Signer, ...],
    k: int = 0,
) -> Note:
    head = authority_of(ledger).next_head(size=ledger.size, written=TODAY)
    text = KeyStatement(head=head, action=action, role=role, needed=k, keys=public(*keys)).to_text()
    return Note(text=text, signatures=tuple(sign_statement(text, each) for each in signers))


def forced(ledger: Ledger, note: Note) -> int:
    """Put a statement in the ledger that our own program would refuse; gives its entry."""
    return ledger.append([statement_row(note, at=AFTER)]).size - 1


def cut_out(place: Place, *spans: tuple[int, int]) -> None:
    """Erase rows with all the care of the program, but without asking anybody."""
    ledger = place.ledger()
    for run in ledger.manifest.runs:
        here = Ranges.of(spans) & Ranges.of([(run.first, run.end)])
        if here:
            erase_rows(ledger, run, here)


def alarm_of(place: Place, kind: type[AlarmError] = VerificationError) -> VerificationError:
    """Check as an outsider, with and without the anchor; both must end in the same alarm."""
    told = []
    for anchored in (True, False):
        with pytest.raises(kind) as alarm:
            place.check(anchored=anchored)
        told.append(alarm.value)
    assert str(told[0]) == str(told[1])
    assert isinstance(told[0], VerificationError)
    return told[0]


def test_an_honest_erasure_is_no_alarm(place: Place):
    ledger = place.ledger()
    erase(ledger, ordered(ledger, (3, 9), (42, 62)), at=AFTER)
    found = place.check()
    assert (found.erased, found.pending) == (26, 0)
    assert place.check(anchored=False).erased == 26


def test_an_ordered_erasure_that_is_not_done_yet_is_told_and_no_alarm(place: Place):
    ledger = place.ledger()
    forced(ledger, ordered(ledger, (3, 9)))
    assert place.check().pending == 6
    finish_erasures(place.ledger())
    assert (place.check().erased, place.check().pending) == (6, 0)


@pytest.mark.parametrize("spans", [(5, 6), (1, 41), (42, 62)])
def test_rows_cut_out_without_an_order_are_named(place: Place, spans: tuple[int, int]):
    cut_out(place, spans)
    assert alarm_of(place, WrongLeafError).entry == spans[0]


def test_a_hole_that_is_wider_than_its_order_is_named_where_the_order_ends(place: Place):
    ledger = place.ledger()
    erase(ledger, ordered(ledger, (3, 9)), at=AFTER)
    cut_out(place, (9, 12))
    assert alarm_of(place, WrongLeafError).entry == 9


@pytest.mark.parametrize("signers", [(ANNA,), (ANNA, ANNA), (STRANGER, OTHER), (ANNA, STRANGER)])
@pytest.mark.parametrize("done", [True, False])
def test_an_order_without_two_officers_is_named(place: Place, signers, done: bool):
    ledger = place.ledger()
    entry = forced(ledger, ordered(ledger, (3, 9), signers=signers))
    if done:
        cut_out(place, (3, 9))
    assert alarm_of(place, WrongSignatureError).entry == entry


def test_an_order_signed_by_the_log_alone_is_named(place: Place):
    ledger = place.ledger()
    entry = forced(ledger, ordered(ledger, (3, 9), signers=KEYS.signers(ORIGIN)))
    assert alarm_of(place, WrongSignatureError).entry == entry


def test_what_was_erased_while_it_was_held_is_named(place: Place):
    ledger = place.ledger()
    entry = forced(ledger, ordered(ledger, (3, 9), (33, 34)))
    cut_out(place, (3, 9), (33, 34))
    told = alarm_of(place, InconsistentError)
    assert told.entry == entry
    assert "held entry 33" in str(told)


def test_an_order_changed_after_it_was_signed_is_named(place: Place):
    ledger = place.ledger()
    note = ordered(ledger, (3, 9))
    wider = replace(note, text=note.text.replace("entries 3-8", "entries 3-9"))
    entry = forced(ledger, wider)
    assert alarm_of(place, WrongSignatureError).entry == entry


@pytest.mark.parametrize("action", [OrderAction.HOLD, OrderAction.RELEASE])
def test_an_order_that_is_played_again_is_named(place: Place, action: OrderAction):
    ledger = place.ledger()
    note = ordered(ledger, (30, 35), action=action)
    forced(ledger, note)
    put_statement(ledger, ordered(ledger, (1, 2), action=OrderAction.HOLD), at=AFTER)
    relation, row = statement_row(note, at=AFTER + 1)
    entry = ledger.append([(relation, row)]).size - 1
    assert alarm_of(place, InconsistentError).entry == entry


def test_officers_who_are_added_by_an_insider_are_named(place: Place):
    ledger = place.ledger()
    note = about_keys(
        ledger, KeyAction.ADD, Role.OFFICER, (STRANGER, OTHER), (*KEYS.signers(ORIGIN), STRANGER, OTHER), 2
    )
    entry = forced(ledger, note)
    assert alarm_of(place, WrongSignatureError).entry == entry


def test_officers_who_are_founded_a_second_time_are_named(place: Place):
    ledger = place.ledger()
    note = about_keys(
        ledger, KeyAction.BEGIN, Role.OFFICER, (STRANGER, OTHER), (*KEYS.signers(ORIGIN), STRANGER, OTHER), 2
    )
    entry = forced(ledger, note)
    assert alarm_of(place, InconsistentError).entry == entry


def test_who_knows_the_officers_sees_that_an_insider_founded_others(tmp_path: Path):
    """Before there are officers the log can found them: whoever checks must have been told who they are."""
    place = Place(tmp_path / "ledger")
    ledger = Ledger.create(store=place.store, anchor=place.anchor, keys=KEYS, origin=ORIGIN)
    ledger.append([(CONSULTATION, facts(CONSULTATION, 5, 1))])
    begin_log_keys(ledger, KEYS, at=NOW)
    text = draft_officers(ledger, public(STRANGER, OTHER), needed=2, at=NOW)
    put_statement(ledger, signed(text, (STRANGER, OTHER)), at=NOW)
    erase(ledger, ordered(ledger, (1, 6), signers=(STRANGER, OTHER)), at=AFTER)
    assert place.check().erased == 5
    with pytest.raises(WrongSignatureError, match="among the officers this ledger has had"):
        check(place.store, anchor=place.anchor, verifiers=[*verifiers(), *public(ANNA, BRAM)])


def test_officers_are_not_retired_by_one_of_them(place: Place):
    ledger = place.ledger()
    entry = forced(ledger, about_keys(ledger, KeyAction.RETIRE, Role.OFFICER, (BRAM,), (ANNA,), 2))
    assert alarm_of(place, WrongSignatureError).entry == entry


def test_no_entry_about_custody_can_be_ordered_away(place: Place):
    """Not even by all officers together: who they are would go with it."""
    ledger = place.ledger()
    hold = authority_of(ledger).entries.end - 1
    entry = forced(ledger, ordered(ledger, (hold, hold + 1), signers=(ANNA, BRAM, CEES)))
    assert alarm_of(place, InconsistentError).entry == entry
    cut_out(place, (hold, hold + 1))
    assert alarm_of(place).entry in (hold, entry)


def test_a_row_put_back_in_a_hole_is_named(place: Place):
    ledger = place.ledger()
    erase(ledger, ordered(ledger, (3, 9)), at=AFTER)
    ledger = place.ledger()
    segment = ledger.opened(20).segment
    part = ledger.part(segment)
    assert part.places is not None and part.salts is not None
    invented = replace(
        part,
        rows=pa.concat_tables([part.rows.slice(0, 2), part.rows.slice(5, 1), part.rows.slice(2)]),
        places=np.insert(part.places, 2, 2),
        salts=part.salts[:32] + bytes(16) + part.salts[32:],
    )
    place.write(segment.parquet, parquet_bytes(invented, first=segment.first))
    assert alarm_of(place, WrongLeafError).entry == 3


def test_an_entry_erased_before_its_term_is_named(place: Place):
    """Officers may sign it: the rows that are left show that the time was not over."""
    ledger = place.ledger()
    recorded = facts(CONSULTATION, 1, 1).column("recorded_at").cast(pa.int64())[0].as_py()
    days = (NOW - recorded) // 86_400_000_000
    entry = forced(ledger, ordered(ledger, (3, 9), rule=Rule.TERM, term=days + 5))
    cut_out(place, (3, 9))
    told = alarm_of(place)
    assert told.entry is not None
    assert f"{entry}" in str(told)


def rotated(place: Place) -> MemoryKeys:
    """Bring in second keys beside the first."""
    keys = MemoryKeys(b"an invented seed for the tests, not a secret")
    renew_log_keys(place.ledger(keys), keys, at=AFTER)
    return keys


def later(place: Place, keys: MemoryKeys) -> None:
    """Append a few facts after all that was done."""
    rows = with_identity(content(ZAAK, 5, 9), ZAAK, recorded_at=AFTER + 2)
    place.ledger(keys).append([(ZAAK, rows)])


def resign(place: Place, signers: tuple[Signer, ...]) -> int:
    """Sign the latest checkpoint anew with other keys, in the store and in the anchor; gives its size."""
    ledger = place.ledger()
    note = sign_note(ledger.checkpoint.to_text(), signers).to_bytes()
    place.write("checkpoint", note)
    with sqlite3.connect(place.path / "anchor.db") as anchor:
        anchor.execute("UPDATE checkpoints SET note = ? WHERE size = ?", (note, ledger.size))
    return ledger.size


def test_who_holds_the_first_keys_can_check_what_the_second_signed(place: Place):
    keys = rotated(place)
    assert place.check().size == place.check(anchored=False).size
    retire_log_keys(place.ledger(keys), keys, at=AFTER + 1)
    later(place, keys)
    assert len(place.check().signatures) == 2
    assert place.check(anchored=False).size == place.ledger().size


def test_a_retired_key_that_signs_on_is_named_by_the_size(place: Place):
    keys = rotated(place)
    retire_log_keys(place.ledger(keys), keys, at=AFTER + 1)
    later(place, keys)
    size = resign(place, KEYS.signers(ORIGIN))
    assert f"the checkpoint of size {size}" in str(alarm_of(place, WrongSignatureError))


@pytest.mark.parametrize("which", [slice(2), slice(2, 4), slice(3)])
def test_while_keys_change_one_of_them_is_not_enough(place: Place, which: slice):
    keys = rotated(place)
    size = resign(place, keys.signers(ORIGIN)[which])
    assert f"the checkpoint of size {size}" in str(alarm_of(place, WrongSignatureError))


def test_the_thief_of_a_new_key_cannot_bring_in_another(place: Place):
    keys = rotated(place)
    thief = pair(ORIGIN, "the key of a thief")
    new = keys.signers(ORIGIN)[2:]
    ledger = place.ledger(keys)
    entry = forced(ledger, about_keys(ledger, KeyAction.ADD, Role.LEDGER, (thief,), (*new, thief)))
    assert alarm_of(place, WrongSignatureError).entry == entry


def test_the_thief_of_a_new_key_cannot_retire_the_old(place: Place):
    keys = rotated(place)
    ledger = place.ledger(keys)
    old = tuple(pair for pair in (verifier_of(text) for text in keys.verifier_texts(ORIGIN)[:2]))
    head = authority_of(ledger).next_head(size=ledger.size, written=TODAY)
    text = KeyStatement(head=head, action=KeyAction.RETIRE, role=Role.LEDGER, needed=0, keys=old).to_text()
    lines = tuple(sign_statement(text, each) for each in keys.signers(ORIGIN)[2:])
    entry = forced(ledger, Note(text=text, signatures=lines))
    assert alarm_of(place, WrongSignatureError).entry == entry


def test_a_ledger_begun_anew_in_the_same_name_is_not_taken_for_the_old(place: Place, tmp_path: Path):
    """The insider writes another history with keys of his own, from the first entry on."""
    own = MemoryKeys(b"a seed of the insider")
    forged = Place(tmp_path / "forged")
    ledger = Ledger.create(store=forged.store, anchor=forged.anchor, keys=own, origin=ORIGIN)
    ledger.append([(CONSULTATION, facts(CONSULTATION, 5, 1))])
    begin_log_keys(ledger, own, at=NOW)
    with pytest.raises(WrongSignatureError, match="among the keys this ledger has had"):
        forged.check()
