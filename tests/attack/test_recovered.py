# SPDX-License-Identifier: EUPL-1.2
"""Somebody writes in the journal of a sequencer that is stopped: frames well made, and signed by nobody.

Nobody can tell them from rows that were acknowledged in the last second; so the ledger says which these were.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from rekenschap.errors import InconsistentError
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import CheckReport, check
from rekenschap.ledger.journal import frames_in_file
from rekenschap.ledger.journal.frames import head_and_sum
from rekenschap.ledger.keeping.recorded import deed_row
from rekenschap.ledger.segments import shape_for
from rekenschap.ledger.sequencer.preparing import batch_of, form_of
from rekenschap.ledger.writer import House
from rekenschap.model.custody import RECOVERY
from rekenschap.model.relations import CONSULTATION
from tests.ledgers import KEYS, RECORDED_AT, facts, verifiers
from tests.sequencers import begun, on_disk, opened, started


def checked(house: House) -> CheckReport:
    return check(house.store, anchor=house.anchor, verifiers=verifiers())


def stopped(path: Path) -> House:
    """A sequencer that signed six entries and was stopped without a word."""
    house, disk = on_disk(path)
    sequencer = started(begun(house), disk)
    sequencer.append(CONSULTATION, facts(count=5, seed=1))
    sequencer.tick()
    sequencer._held.close()
    return house


def slipped_in(path: Path, *, count: int, seed: int) -> None:
    """Write looks of one's own behind the last frame, with every number and checksum as it should be."""
    _, disk = on_disk(path)
    last = frames_in_file(disk, 0)[-1]
    batch = batch_of(form_of(shape_for(CONSULTATION, 1)), facts(count=count, seed=seed))
    if not batch.blob:  # a batch that is encoded when it is admitted
        from rekenschap.ledger.sequencer.joining import encode_offered

        encode_offered([batch])
    at = last.first + last.rows
    head = head_and_sum((at, at, batch.kind, batch.schema_no, batch.rows), batch.lengths, batch.blob)
    with (path / f"journal/{0:020d}.wal").open("r+b") as file:
        file.seek(last.end)
        file.write(head + bytes(batch.lengths) + bytes(batch.blob))


def test_rows_slipped_into_the_journal_stand_there_as_recovered(tmp_path: Path):
    house = stopped(tmp_path)
    slipped_in(tmp_path, count=3, seed=2)
    again = started(house, on_disk(tmp_path)[1])
    assert again.recovered.unsigned == (6, 8)
    assert checked(house).recovered == ((6, 8),)
    told = opened(house).facts("recovery").table.to_pylist()
    assert [(each["first"], each["last"]) for each in told] == [(6, 8)]


def test_the_same_checkpoint_covers_them_and_the_word_that_they_were_recovered(tmp_path: Path):
    """A reader never sees the one without the other."""
    house = stopped(tmp_path)
    slipped_in(tmp_path, count=3, seed=2)
    started(house, on_disk(tmp_path)[1])
    assert [size for size, _ in house.anchor.history() if 6 < size <= 10] == []


def test_setting_the_clock_back_does_not_keep_that_out(tmp_path: Path):
    house = stopped(tmp_path)
    slipped_in(tmp_path, count=1, seed=2)
    behind = replace(house, clock=lambda: RECORDED_AT - 10**10)
    assert started(behind, on_disk(tmp_path)[1]).recovered.unsigned == (6, 6)
    assert checked(house).recovered == ((6, 6),)


def test_after_an_orderly_stop_there_is_nothing_to_recover(tmp_path: Path):
    house, disk = on_disk(tmp_path)
    with started(begun(house), disk) as sequencer:
        sequencer.append(CONSULTATION, facts(count=5, seed=1))
    with started(house, disk) as sequencer:
        assert sequencer.recovered.unsigned is None
    assert checked(house).recovered == ()


@pytest.mark.parametrize(("first", "last"), [(0, 10**6), (3, 2), (-1, 2)])
def test_a_word_about_entries_that_are_not_there_is_named(tmp_path: Path, first: int, last: int):
    house = stopped(tmp_path)
    started(house, on_disk(tmp_path)[1]).close()
    ledger = Ledger.open(store=house.store, anchor=house.anchor, keys=KEYS)
    entry = ledger.append([deed_row(RECOVERY, {"first": first, "last": last}, at=RECORDED_AT)]).size - 1
    with pytest.raises(InconsistentError, match="stand before it") as alarm:
        checked(house)
    assert alarm.value.entry == entry
