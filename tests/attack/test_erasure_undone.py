# SPDX-License-Identifier: EUPL-1.2
"""Somebody kept the rows and the secret from before an erasure, and puts them back afterwards.

Before the ledger says that nothing is left, the same files are an erasure that was broken off.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from rekenschap.adapters.disks import PosixDisk
from rekenschap.errors import InconsistentError, RefusedError, VerificationError
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import check
from rekenschap.ledger.custody import Ranges
from rekenschap.ledger.keeping import authority_of, put_statement
from rekenschap.ledger.keeping.ceremonies import begin_log_keys, draft_officers
from rekenschap.ledger.keeping.erasing import check_erasable, erase, finish_erasures
from rekenschap.ledger.keeping.recorded import deed_row
from rekenschap.ledger.rows.commitments import salts_at
from rekenschap.ledger.segments import parquet_bytes
from rekenschap.model.custody import ERASURE_DONE
from rekenschap.model.relations import CONSULTATION
from rekenschap.tlog.note import Note
from tests.custody import ANNA, BRAM, CEES, NOW, TODAY, order, public, signed
from tests.ledgers import KEYS, ORIGIN, Place, facts, verifiers

AFTER = NOW + 10**9


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Looks in entries 1 to 40, a second run of looks, and two officers of three."""
    place = Place(tmp_path_factory.mktemp("undone") / "ledger")
    ledger = Ledger.create(store=place.store, anchor=place.anchor, keys=KEYS, origin=ORIGIN)
    ledger.append([(CONSULTATION, facts(CONSULTATION, 40, 1))])
    begin_log_keys(ledger, KEYS, at=NOW)
    text = draft_officers(ledger, public(ANNA, BRAM, CEES), needed=2, at=NOW)
    put_statement(ledger, signed(text, (ANNA, BRAM, CEES)), at=NOW)
    return place


@pytest.fixture
def place(made: Place, tmp_path: Path) -> Iterator[Place]:
    yield made.copy(tmp_path / "copy")


def ordered(ledger: Ledger, *spans: tuple[int, int]) -> Note:
    head = authority_of(ledger).next_head(size=ledger.size, written=TODAY)
    return signed(order(head, entries=Ranges.of(spans)).to_text(), (ANNA, BRAM))


def looks(ledger: Ledger) -> tuple[str, str]:
    """Name rows and secret of the looks."""
    segment = ledger.opened(1).segment
    return segment.parquet, segment.secret


def put_back(place: Place, before: Path, *names: str) -> None:
    for name in names:
        shutil.copy(before / name, place.path / name)


def alarm(place: Place) -> InconsistentError:
    """Check in every way; each must tell it."""
    with pytest.raises(InconsistentError, match="somebody put back") as found:
        place.check()
    with pytest.raises(InconsistentError, match="somebody put back"):
        place.check(anchored=False)
    return found.value


@pytest.fixture
def undone(place: Place, tmp_path: Path) -> tuple[Place, Path, tuple[str, str]]:
    """An erasure that is done, with a copy from before it."""
    before = place.copy(tmp_path / "before").path
    names = looks(place.ledger())
    ledger = place.ledger()
    erase(ledger, ordered(ledger, (3, 9)), at=AFTER)
    report = place.check()
    assert (report.erased, report.pending, report.unclosed, report.leftovers) == (6, 0, 0, ())
    return place, before, names


def test_an_erasure_undone_by_hand_is_named(undone: tuple[Place, Path, tuple[str, str]]):
    place, before, names = undone
    (place.path / looks(place.ledger())[0]).unlink()
    put_back(place, before, *names)
    assert alarm(place).entry == 3


@pytest.mark.parametrize("which", [slice(0, 2), slice(0, 1), slice(1, 2)])
def test_old_rows_or_their_secret_beside_the_new_are_named(undone, which: slice):
    place, before, names = undone
    put_back(place, before, *names[which])
    assert alarm(place).entry == 3
    for how in ({"sample": 0}, {"since": place.store.get("checkpoint")}):
        with pytest.raises(InconsistentError, match="somebody put back"):
            check(place.store, anchor=place.anchor, verifiers=verifiers(), **how)


def test_a_secret_put_back_beside_a_run_that_went_whole_is_named(place: Place, tmp_path: Path):
    before = place.copy(tmp_path / "before").path
    ledger, names = place.ledger(), looks(place.ledger())
    erase(ledger, ordered(ledger, (1, 41)), at=AFTER)
    assert place.check().erased == 40
    put_back(place, before, names[1])
    assert alarm(place).entry == 1


def test_an_erased_row_put_back_with_its_own_salt_is_named(undone):
    """It is the row that was signed, in the newest file: nothing but the word that it was gone tells."""
    place, before, _ = undone
    ledger, old = place.ledger(), Place(before).ledger()
    segment, part = ledger.opened(20).segment, ledger.part(ledger.opened(20).segment)
    whole = old.part(old.opened(5).segment)
    assert part.places is not None and part.salts is not None
    secret = old.store.get(old.opened(5).segment.secret)
    again = replace(
        part,
        rows=pa.concat_tables([part.rows.slice(0, 2), whole.rows.slice(4, 1), part.rows.slice(2)]),
        places=np.insert(part.places, 2, 4),
        salts=part.salts[:32] + salts_at(secret, np.array([4], np.int32)) + part.salts[32:],
    )
    place.write(segment.parquet, parquet_bytes(again, first=segment.first))
    assert alarm(place).entry == 5


def test_the_program_itself_does_not_tidy_up_what_was_put_back(undone):
    """It is evidence, until somebody asks for it to go."""
    place, before, names = undone
    put_back(place, before, *names)
    assert finish_erasures(place.ledger(), at=AFTER).rows == 0
    assert finish_erasures(place.ledger(), every=True, at=AFTER).rows == 0
    alarm(place)
    finish_erasures(place.ledger(), again=True)
    assert place.check().erased == 6


def test_an_erasure_that_was_broken_off_is_pending_until_it_is_finished(place: Place, tmp_path: Path):
    before, names = place.copy(tmp_path / "before").path, looks(place.ledger())
    ledger = place.ledger()
    put_statement(ledger, ordered(ledger, (3, 9)), at=AFTER)
    assert place.check().pending == 6
    finish_erasures(ledger)
    assert (place.check().erased, place.check().unclosed) == (6, 6)
    put_back(place, before, *names)  # as if the program had been stopped before it removed them
    assert place.check().leftovers
    finish_erasures(place.ledger(), at=AFTER)
    assert (place.check().erased, place.check().unclosed, place.check().leftovers) == (6, 0, ())


def test_a_second_erasure_of_one_run_may_be_broken_off_too(undone, tmp_path: Path):
    place, _, _ = undone
    ledger, newest = place.ledger(), looks(place.ledger())[0]
    between = place.copy(tmp_path / "between").path
    put_statement(ledger, ordered(ledger, (20, 25)), at=AFTER)
    finish_erasures(ledger)
    put_back(place, between, newest)
    assert place.check().leftovers == (newest,)
    finish_erasures(place.ledger(), at=AFTER)
    assert (place.check().erased, place.check().unclosed) == (11, 0)
    put_back(place, between, newest)
    assert alarm(place).entry == 3


def test_a_word_that_something_is_gone_needs_an_order(place: Place):
    """Nobody can make rows look as if they had been put back, or hide behind such a word."""
    ledger = place.ledger()
    entry = ledger.append([deed_row(ERASURE_DONE, {"entries": "3-8"}, at=AFTER)]).size - 1
    with pytest.raises(VerificationError, match="ordered to be erased") as found:
        place.check()
    assert found.value.entry == entry


def test_the_word_that_it_is_done_cannot_be_erased(undone):
    place, _, _ = undone
    ledger = place.ledger()
    own = authority_of(ledger).entries.end - 1
    from rekenschap.ledger.custody.orders import Order

    note = ordered(ledger, (own, own + 1))
    with pytest.raises(RefusedError, match="only entries of facts"):
        check_erasable(ledger, Order.from_text(note.text))
    put_statement_anyway = ledger.append
    from rekenschap.ledger.keeping.recorded import statement_row

    put_statement_anyway([statement_row(note, at=AFTER)])
    with pytest.raises(VerificationError, match="about custody"):
        check(place.store, anchor=place.anchor, verifiers=verifiers(), beside=PosixDisk(place.path))
