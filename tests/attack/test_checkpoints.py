# SPDX-License-Identifier: EUPL-1.2
"""Somebody puts another checkpoint in place, signs one, or writes at the same time as another."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rekenschap.adapters.anchors import MemoryAnchor
from rekenschap.errors import (
    AlarmError,
    ForkError,
    InconsistentError,
    StoreError,
    WrongRootError,
    WrongSignatureError,
)
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import check
from rekenschap.model.relations import CONSULTATION
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import EMPTY_ROOT
from rekenschap.tlog.note import Note, sign_note
from tests.ledgers import KEYS, STRANGER, Place, facts, make_place, verifiers


def test_an_edited_checkpoint_is_refused(ledger: Place):
    note = ledger.store.get("checkpoint").decode()
    size = ledger.ledger().size
    ledger.write("checkpoint", note.replace(f"\n{size}\n", f"\n{size - 1}\n", 1).encode())
    with pytest.raises(WrongSignatureError):
        ledger.check()


def test_a_signature_that_was_left_out_is_missed(ledger: Place):
    """Whoever breaks Ed25519 one day must not get away with leaving the other signature out."""
    note = Note.from_bytes(ledger.store.get("checkpoint"))
    for line in note.signatures:
        ledger.write("checkpoint", Note(text=note.text, signatures=(line,)).to_bytes())
        with pytest.raises(WrongSignatureError, match="every key of the log"):
            ledger.check()


def test_a_checkpoint_by_another_key_is_refused(ledger: Place, tmp_path: Path):
    """The same name, another key: a whole ledger made anew around the facts that suit."""
    other = tmp_path / "made-anew"
    place = Place(other)
    made = Ledger.create(store=place.store, anchor=place.anchor, keys=STRANGER, origin="example.org/ledger")
    made.append([(CONSULTATION, facts())])
    assert check(place.store, verifiers=verifiers(STRANGER))
    with pytest.raises(WrongSignatureError):
        place.check()
    with pytest.raises(ForkError):
        place.ledger().append([(CONSULTATION, facts(seed=2))])


def test_the_ledger_of_another_origin_is_refused(tmp_path: Path):
    """Signed with the right key, but it is not the ledger that was asked for."""
    place = Place(tmp_path / "other")
    Ledger.create(store=place.store, anchor=place.anchor, keys=KEYS, origin="example.org/other")
    with pytest.raises(WrongSignatureError):
        place.check()


def test_a_checkpoint_that_was_put_back_is_named(ledger: Place):
    (old, _), (older_size, older) = ledger.anchor.history()[-1], ledger.anchor.history()[-2]
    ledger.write("checkpoint", older)
    with pytest.raises(InconsistentError, match=f"of {old} entries") as alarm:
        ledger.check()
    assert alarm.value.entry == older_size
    with pytest.raises(InconsistentError, match="not covered by a checkpoint"):
        ledger.check(anchored=False)


def test_a_published_checkpoint_newer_than_the_anchor_is_refused(ledger: Place):
    with closing(sqlite3.connect(ledger.path / "anchor.db", isolation_level=None)) as base:
        base.execute("DELETE FROM checkpoints WHERE size = (SELECT max(size) FROM checkpoints)")
    with pytest.raises(ForkError):
        ledger.check()
    with pytest.raises(ForkError):
        ledger.ledger()


def test_an_emptied_anchor_is_refused(ledger: Place):
    with pytest.raises(ForkError):
        check(ledger.store, anchor=MemoryAnchor(), verifiers=verifiers())
    with pytest.raises(ForkError):
        Ledger.open(store=ledger.store, anchor=MemoryAnchor(), keys=KEYS)


def test_another_history_of_the_same_size_is_a_fork(ledger: Place, tmp_path: Path):
    other = make_place(tmp_path / "other", (40, 700, 30))
    ledger.write("checkpoint", other.store.get("checkpoint"))
    with pytest.raises(AlarmError):
        ledger.check()
    with pytest.raises(ForkError):
        ledger.ledger()


def test_an_anchored_checkpoint_by_another_key_is_refused(ledger: Place):
    last = ledger.anchor.history()[-1][1]
    text = Note.from_bytes(last).text
    forged = sign_note(text, STRANGER.signers("example.org/ledger")).to_bytes()
    with closing(sqlite3.connect(ledger.path / "anchor.db", isolation_level=None)) as base:
        base.execute(
            "UPDATE checkpoints SET note = ? WHERE size = (SELECT max(size) FROM checkpoints)", (forged,)
        )
    with pytest.raises(WrongSignatureError):
        ledger.check()
    with pytest.raises(ForkError):
        ledger.ledger().append([(CONSULTATION, facts(seed=3))])


def test_of_two_writers_the_later_one_is_told(ledger: Place):
    one, other = ledger.ledger(), ledger.ledger()
    one.append([(CONSULTATION, facts(seed=5))])
    size = one.size
    with pytest.raises(ForkError):
        other.append([(CONSULTATION, facts(seed=6))])
    assert ledger.check().size == size


def test_two_writers_at_the_same_moment_cannot_be(ledger: Place):
    with ledger.store.writing(), pytest.raises(StoreError) as trouble:
        ledger.ledger().append([(CONSULTATION, facts(seed=5))])
    assert trouble.value.retryable
    assert ledger.check()


def test_a_forged_checkpoint_inside_a_segment_is_an_alarm(ledger: Place):
    """Signed with the real key by somebody who has it: the anchor still knows better than the segments."""
    segment = next(each for each in ledger.segments() if each.rows > 20)
    held = ledger.anchor.history()
    forged = Checkpoint(origin="example.org/ledger", size=segment.first + 3, root=EMPTY_ROOT).to_text()
    anchor = MemoryAnchor()
    past: int | None = None
    for size, note in sorted(
        [*held, (segment.first + 3, sign_note(forged, KEYS.signers("example.org/ledger")).to_bytes())]
    ):
        anchor.swap(expected=past, size=size, note=note)
        past = size
    with pytest.raises(WrongRootError, match=f"signed root of {segment.first + 3} entries"):
        check(ledger.store, anchor=anchor, verifiers=verifiers())


def test_an_anchor_that_files_a_checkpoint_under_another_size_is_refused(ledger: Place):
    anchor = MemoryAnchor()
    anchor.swap(expected=None, size=5, note=ledger.anchor.history()[-1][1])
    with pytest.raises(ForkError, match="there"):
        check(ledger.store, anchor=anchor, verifiers=verifiers())
