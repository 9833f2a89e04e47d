# SPDX-License-Identifier: EUPL-1.2
"""The sequencer: entries in the order of their receipts, a schema before its rows, all sealed in time."""

import threading
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from rekenschap.adapters.disks import SimulatedDisk
from rekenschap.errors import ForkError, InconsistentError, RefusedError, StoreError, WrongRootError
from rekenschap.ledger import Ledger, Receipt
from rekenschap.ledger.check import check
from rekenschap.ledger.journal import Limits, frames_in_file
from rekenschap.ledger.journal.frames import head_and_sum
from rekenschap.ledger.sequencer import Pace, Sequencer
from rekenschap.model.relations import CONSULTATION, ZAAK
from tests.ledgers import KEYS, RECORDED_AT, STRANGER, facts, verifiers
from tests.sequencers import SMALL, begun, identities, ids, on_disk, opened, simulated, started

SECOND = 1_000_000


@pytest.fixture
def disk() -> SimulatedDisk:
    return SimulatedDisk()


@pytest.fixture
def sequencer(disk: SimulatedDisk) -> Sequencer:
    return started(begun(simulated(disk)), disk)


def recorded(rows: pa.Table, *seconds: int) -> pa.Table:
    times = pa.array([RECORDED_AT + each * SECOND for each in seconds], pa.timestamp("us", tz="UTC"))
    return rows.set_column(rows.column_names.index("recorded_at"), "recorded_at", times)


def test_entries_follow_each_other_and_a_schema_comes_first(sequencer: Sequencer):
    assert sequencer.append(CONSULTATION, facts(count=3)) == Receipt(first=1, size=4)
    assert sequencer.append(ZAAK, facts(ZAAK, 2)) == Receipt(first=5, size=7)
    assert sequencer.append(CONSULTATION, facts(count=1, seed=2)) == Receipt(first=7, size=8)
    assert (sequencer.size, sequencer.signed) == (8, 0)
    assert sequencer.tick()
    assert not sequencer.tick()
    assert sequencer.signed == 8


@pytest.mark.parametrize("count", [1, 2, 48, 49, 500])
def test_what_was_appended_is_what_is_read(disk: SimulatedDisk, count: int):
    house = begun(simulated(disk))
    pace = Pace(limits=Limits(begin=1 << 12))
    first, second = facts(count=count, seed=1), facts(ZAAK, count, seed=2)
    with started(house, disk, pace=pace) as sequencer:
        sequencer.append(CONSULTATION, first)
        sequencer.append(ZAAK, second)
    assert opened(house).facts("consultation").table.equals(first)
    assert opened(house).facts("zaak").table.equals(second)
    assert check(house.store, anchor=house.anchor, verifiers=verifiers()).size == 2 * count + 2


def test_a_ledger_can_be_read_and_checked_after_each_tick_and_each_seal(disk: SimulatedDisk):
    house = begun(simulated(disk))
    sequencer = started(house, disk)
    for seed in range(12):
        sequencer.append(
            CONSULTATION if seed % 3 else ZAAK, facts(CONSULTATION if seed % 3 else ZAAK, 9, seed)
        )
        sequencer.tick()
        if seed % 4 == 3:
            sequencer.seal()
        report = check(house.store, anchor=house.anchor, verifiers=verifiers(), journal=disk)
        assert report.size == sequencer.size
        assert opened(house).checkpoint.size == sequencer.size
    sequencer.close()
    assert opened(house).size == sequencer.size
    assert house.store.names("tail/") == []
    assert [n for n in house.store.names("tile/") if ".p/" in n] == []


def test_it_goes_on_with_a_ledger_that_was_written_directly_and_the_other_way_round(disk: SimulatedDisk):
    house = begun(simulated(disk))
    Ledger.open(store=house.store, anchor=house.anchor, keys=KEYS).append([(CONSULTATION, facts(count=300))])
    with started(house, disk) as sequencer:
        assert sequencer.append(CONSULTATION, facts(count=5, seed=2)).first == 301
    receipt = Ledger.open(store=house.store, anchor=house.anchor, keys=KEYS).append([(ZAAK, facts(ZAAK, 4))])
    assert receipt.first == 306
    assert check(house.store, anchor=house.anchor, verifiers=verifiers()).size == 311


def test_after_a_stop_without_warning_it_goes_on_where_it_was(disk: SimulatedDisk):
    house = begun(simulated(disk))
    sequencer = started(house, disk)
    sequencer.append(CONSULTATION, facts(count=5, seed=1))
    sequencer.tick()
    sequencer.append(CONSULTATION, facts(count=7, seed=2))
    sequencer._held.close()
    again = started(house, disk)
    found = again.recovered
    assert (found.sealed, found.signed, found.size, found.torn) == (0, 6, 13, 0)
    assert found.unsigned == (6, 12)
    assert (again.size, again.signed) == (15, 15)  # and a schema, and the word that they were recovered
    assert identities(opened(house), "consultation") == ids(facts(count=5, seed=1)) + ids(
        facts(count=7, seed=2)
    )


def test_what_survived_a_stop_unheard_is_refused_when_it_is_offered_again(disk: SimulatedDisk):
    house = begun(simulated(disk))
    sequencer = started(house, disk)
    sequencer.append(CONSULTATION, facts(count=5, seed=1))
    sequencer._held.close()
    again = started(house, disk)
    with pytest.raises(RefusedError, match="found 5 of 5 that came before"):
        again.append(CONSULTATION, facts(count=5, seed=1))
    for one in again.prepare(CONSULTATION, facts(count=5, seed=1)):
        with pytest.raises(RefusedError, match="found 1 of 1"):
            again.commit(one)
    assert again.append(CONSULTATION, facts(count=5, seed=2)).first == 8


def test_a_fact_that_comes_twice_gets_one_place(disk: SimulatedDisk):
    house = begun(simulated(disk))
    with started(house, disk) as sequencer:
        some, more = facts(count=40, seed=1), facts(count=40, seed=2)
        sequencer.append(CONSULTATION, some)
        half = pa.concat_tables([more.slice(0, 20), some.slice(0, 20)])
        for again, said in ((some, "40 of 40"), (some.slice(3, 1), "1 of 1"), (half, "20 of 40")):
            with pytest.raises(RefusedError, match=said):
                sequencer.append(CONSULTATION, again)
        with pytest.raises(RefusedError, match="15 of 30"):
            sequencer.append(CONSULTATION, pa.concat_tables([more.slice(0, 15)] * 2))
        sequencer.seal()
        with pytest.raises(RefusedError, match="40 of 40"):  # who looked just before did not see the seal
            sequencer.append(CONSULTATION, some)
        sequencer.append(CONSULTATION, more)
    assert identities(opened(house), "consultation") == ids(some) + ids(more)


def test_the_batch_that_opens_a_run_is_remembered_with_it(disk: SimulatedDisk):
    house = begun(simulated(disk))
    with started(house, disk) as first:
        first.append(CONSULTATION, facts(count=3, seed=1))
    with started(house, disk) as sequencer:  # the schema is there: the first facts open the run
        for seed in (7, 8, 9):
            sequencer.seal()
            sequencer.append(CONSULTATION, facts(count=15, seed=seed))
            with pytest.raises(RefusedError, match="15 of 15"):
                sequencer.append(CONSULTATION, facts(count=15, seed=seed))
        with pytest.raises(RefusedError, match="15 of 15"):
            sequencer.append(CONSULTATION, facts(count=15, seed=8))


def test_what_was_recorded_in_the_future_is_refused(disk: SimulatedDisk):
    house = replace(begun(simulated(disk)), clock=lambda: RECORDED_AT - 61_000_000)
    with started(house, disk) as sequencer, pytest.raises(RefusedError, match="after the clock here"):
        sequencer.append(CONSULTATION, facts(count=5, seed=1))


def test_a_second_sequencer_is_refused_and_nothing_forks(disk: SimulatedDisk):
    house = begun(simulated(disk))
    first = started(house, disk)
    first.append(CONSULTATION, facts(count=5))
    with pytest.raises(StoreError, match="another at work") as refusal:
        started(house, disk)
    assert refusal.value.retryable
    first.append(CONSULTATION, facts(count=5, seed=2))
    first.close()
    assert check(house.store, anchor=house.anchor, verifiers=verifiers()).size == 11


def test_a_second_sequencer_that_came_past_the_lock_loses_at_the_anchor(disk: SimulatedDisk):
    house = begun(simulated(disk))
    first = started(house, disk)
    first.append(CONSULTATION, facts(count=5))
    first._held.close()  # a lock that does not hold, as on some network disks
    second = started(house, disk)
    assert second.signed == 8
    with pytest.raises(ForkError):
        first.tick()
    with pytest.raises(ForkError):
        first.append(CONSULTATION, facts(count=1, seed=3))
    second.append(CONSULTATION, facts(count=5, seed=2))
    second.close()
    assert check(house.store, anchor=house.anchor, verifiers=verifiers()).size == 13


def test_direct_appends_are_refused_while_it_is_at_work(disk: SimulatedDisk):
    house = begun(simulated(disk))
    sequencer = started(house, disk)
    sequencer.append(CONSULTATION, facts(count=5))
    sequencer.tick()
    ledger = Ledger.open(store=house.store, anchor=house.anchor, keys=KEYS)
    with pytest.raises(StoreError):
        ledger.append([(ZAAK, facts(ZAAK, 2))])
    sequencer._held.close()
    with pytest.raises(StoreError, match="sequencer"):
        ledger.append([(ZAAK, facts(ZAAK, 2))])


def test_facts_recorded_too_long_ago_are_refused(disk: SimulatedDisk):
    sequencer = started(begun(simulated(disk)), disk, pace=Pace(limits=Limits(begin=1 << 12)))
    sequencer.append(CONSULTATION, recorded(facts(count=2), 0, 500))
    sequencer.append(CONSULTATION, recorded(facts(count=1, seed=2), 440))
    with pytest.raises(RefusedError, match="at most 60 seconds before the newest"):
        sequencer.append(CONSULTATION, recorded(facts(count=1, seed=3), 439))
    with pytest.raises(RefusedError, match="at most 60 seconds before the newest"):
        sequencer.append(CONSULTATION, recorded(facts(count=3, seed=3), 500, 600, 539))
    many = recorded(facts(count=100, seed=4), *range(600, 700))
    with pytest.raises(RefusedError, match="at most 60 seconds before the newest"):
        sequencer.append(CONSULTATION, pa.concat_tables([many, recorded(facts(count=1, seed=5), 638)]))
    sequencer.append(CONSULTATION, many)
    assert sequencer.size == 104


def test_the_newest_time_is_known_after_a_restart(disk: SimulatedDisk):
    house = begun(simulated(disk))
    with started(house, disk) as sequencer:
        sequencer.append(CONSULTATION, recorded(facts(count=1), 1000))
    with started(house, disk) as sequencer:
        with pytest.raises(RefusedError):
            sequencer.append(ZAAK, recorded(facts(ZAAK, 1), 939))
        sequencer.append(ZAAK, recorded(facts(ZAAK, 1), 940))


def test_what_is_no_fact_is_refused(sequencer: Sequencer):
    good = facts(count=2)
    empty = pa.array([None, None], good.schema.field("recorded_at").type)
    for rows in (
        good.slice(0, 0),
        good.drop_columns(["source"]),
        good.set_column(good.column_names.index("recorded_at"), good.schema.field("recorded_at"), empty),
        pa.concat_tables([good] * 50_001),
        facts(ZAAK, 2),
    ):
        with pytest.raises(RefusedError):
            sequencer.append(CONSULTATION, rows)
    assert sequencer.append(CONSULTATION, good).size == 3


def test_text_that_is_no_utf_8_is_refused(sequencer: Sequencer):
    good = facts(count=1)
    bad = pa.StringArray.from_buffers(1, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe"))
    spoiled = good.set_column(good.column_names.index("source"), good.schema.field("source"), bad)
    with pytest.raises(RefusedError):
        sequencer.append(CONSULTATION, spoiled)


def test_a_relation_that_changed_never_shares_a_run_with_its_former_rows(disk: SimulatedDisk):
    house = begun(simulated(disk))
    changed = replace(ZAAK, version=2, columns=ZAAK.columns[:-1])
    with started(house, disk) as sequencer:
        sequencer.append(ZAAK, facts(ZAAK, 3))
        former = sequencer.prepare(ZAAK, facts(ZAAK, 1, seed=8))
        sequencer.append(changed, facts(changed, 2))
        with pytest.raises(RefusedError, match="latest schema"):
            sequencer.commit(former[0])
    assert check(house.store, anchor=house.anchor, verifiers=verifiers()).size == 7


def test_facts_prepared_one_by_one_are_the_same(disk: SimulatedDisk):
    house = begun(simulated(disk))
    rows = facts(count=30)
    with started(house, disk) as sequencer:
        for batch in sequencer.prepare(CONSULTATION, rows):
            sequencer.commit(batch)
    assert opened(house).facts("consultation").table.equals(rows)


def test_publishing_comes_after_the_anchor(disk: SimulatedDisk):
    house = begun(simulated(disk))
    seen: list[bool] = []
    sequencer = started(house, disk, publish=lambda note: seen.append(house.anchor.latest()[1] == note))
    sequencer.append(CONSULTATION, facts(count=3))
    sequencer.tick()
    assert seen == [True, True]
    assert house.store.get("checkpoint").split(b"\n")[1] == b"0"


def test_trouble_while_signing_stops_it_for_everybody(disk: SimulatedDisk):
    house = begun(simulated(disk))

    def publish(note: bytes) -> None:
        if b"\n6\n" in note:
            raise ForkError(expected="one history", found="two", remedy="look")

    sequencer = started(house, disk, publish=publish)
    sequencer.append(CONSULTATION, facts(count=5))
    with pytest.raises(ForkError):
        sequencer.tick()
    with pytest.raises(ForkError):
        sequencer.append(CONSULTATION, facts(count=5, seed=2))
    sequencer.close()


def test_a_ledger_of_somebody_else_is_not_extended(disk: SimulatedDisk):
    house = begun(simulated(disk))
    with pytest.raises(ForkError, match="signed with this key"):
        started(replace(house, keys=STRANGER), disk)


def test_a_journal_that_lost_what_was_signed_is_an_alarm_and_stays_as_it_is(disk: SimulatedDisk):
    house = begun(simulated(disk))
    sequencer = started(house, disk)
    sequencer.append(CONSULTATION, facts(count=5))
    sequencer.tick()
    sequencer._held.close()
    name = f"journal/{0:020d}.wal"
    content = disk.read(name)
    for spoiled in (b"", content[:200], bytes(len(content))):
        disk.remove(name)
        disk.create(name).write(0, spoiled)
        before = {each: disk.read(each) for each in (name, *house.store.names())}
        with pytest.raises(InconsistentError, match="a checkpoint of 6 entries"):
            started(house, disk)
        assert {each: disk.read(each) for each in (name, *house.store.names())} == before
    disk.remove(name)
    with pytest.raises(InconsistentError):
        started(house, disk)


def test_a_journal_that_was_rewritten_with_care_is_an_alarm(disk: SimulatedDisk):
    house, other = begun(simulated(disk)), SimulatedDisk()
    for each, seed in ((disk, 1), (other, 2)):
        sequencer = started(begun(simulated(each)) if each is other else house, each)
        sequencer.append(CONSULTATION, facts(count=5, seed=seed))
        sequencer.tick()
        sequencer._held.close()
    name = f"journal/{0:020d}.wal"
    disk.open(name).write(0, other.read(name))
    with pytest.raises(WrongRootError, match="nothing was touched"):
        started(house, disk)


def test_many_producers_with_its_own_threads(tmp_path: Path):
    house, disk = on_disk(tmp_path)
    begun(house)
    pace = Pace(tick=0.01, age=0.05, unsealed=2, limits=Limits(rows=200, begin=1 << 12))
    acked: list[tuple[int, list[bytes]]] = []
    with Sequencer.start(house, disk, pace=pace) as sequencer:

        def produce(producer: int) -> None:
            for number in range(20):
                rows = facts(count=1 + (number * 7) % 60, seed=1000 * producer + number)
                acked.append((sequencer.append(CONSULTATION, rows).first, ids(rows)))

        threads = [threading.Thread(target=produce, args=(n,)) for n in range(6)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    ledger = opened(house)
    kept = dict(
        zip(ledger.facts("consultation").entries.to_pylist(), identities(ledger, "consultation"), strict=True)
    )
    assert len(kept) == sum(len(rows) for _, rows in acked)
    for first, rows in acked:
        assert [kept[first + at] for at in range(len(rows))] == rows
    assert check(house.store, anchor=house.anchor, verifiers=verifiers()).size == ledger.size


def test_its_threads_end_and_its_files_are_let_go_of(tmp_path: Path):
    house, disk = on_disk(tmp_path)
    begun(house)
    before = threading.active_count()
    for seed in range(3):
        with Sequencer.start(house, disk, pace=Pace(tick=0.01)) as sequencer:
            sequencer.append(CONSULTATION, facts(count=5, seed=seed))
    assert threading.active_count() == before
    held = [
        str(Path(f"/proc/self/fd/{each}").readlink())
        for each in range(3, 200)
        if Path(f"/proc/self/fd/{each}").is_symlink()
    ]
    assert [each for each in held if str(tmp_path) in each] == []


def test_an_age_or_a_full_file_seals_without_being_asked(tmp_path: Path):
    house, disk = on_disk(tmp_path)
    begun(house)
    sealed = threading.Event()
    pace = replace(SMALL, tick=0.01, age=0.05)
    with Sequencer.start(house, disk, pace=pace) as sequencer:
        sequencer.append(CONSULTATION, facts(count=5))
        for _ in range(200):
            if house.store.names("segments/"):
                sealed.set()
                break
            sealed.wait(0.02)
    assert sealed.is_set()


@pytest.mark.parametrize(("unsealed", "waits"), [(1 << 20, True), (1, False)])
def test_a_burst_is_taken_in_first_and_sealed_after(disk: SimulatedDisk, unsealed: int, waits: bool):
    house = begun(simulated(disk))
    sequencer = started(house, disk, pace=Pace(limits=SMALL.limits, unsealed=unsealed))
    for seed in range(12):
        sequencer.append(CONSULTATION, facts(count=5, seed=seed))
    sequencer.tick()
    sequencer.upkeep()
    assert bool(house.store.names("segments/")) is not waits
    sequencer.upkeep()  # nothing came since
    assert house.store.names("segments/")


def test_a_reader_beside_it_never_sees_an_alarm(tmp_path: Path):
    house, disk = on_disk(tmp_path)
    begun(house)
    pace = Pace(tick=0.001, age=0.01, limits=Limits(rows=200, begin=1 << 12))
    done = threading.Event()
    sizes: list[int] = []

    def read() -> None:
        while not done.is_set():
            ledger = opened(house)
            assert ledger.facts("consultation").table.num_rows <= ledger.checkpoint.size
            sizes.append(ledger.checkpoint.size)

    with Sequencer.start(house, disk, pace=pace) as sequencer:
        reader = threading.Thread(target=read)
        reader.start()
        try:
            for seed in range(150):
                sequencer.append(CONSULTATION, facts(count=20, seed=seed))
        finally:
            done.set()
            reader.join()
    assert sizes == sorted(sizes)
    assert len(set(sizes)) > 2


def test_checkpoints_inside_a_sealed_run_are_not_kept_for_ever(tmp_path: Path):
    house, disk = on_disk(tmp_path)
    begun(house)
    with started(house, disk) as sequencer:
        for seed in range(5):
            sequencer.append(CONSULTATION, facts(count=5, seed=seed))
            sequencer.tick()
        assert [size for size, _ in house.anchor.history()] == [0, 6, 11, 16, 21, 26]
        sequencer.seal()
        assert [size for size, _ in house.anchor.history()] == [0, 26]
    assert check(house.store, anchor=house.anchor, verifiers=verifiers()).size == 26


def test_a_frame_that_was_copied_in_the_journal_is_an_alarm(tmp_path: Path):
    house, disk = on_disk(tmp_path)
    begun(house)
    sequencer = started(house, disk)
    sequencer.append(CONSULTATION, facts(count=5, seed=1))
    sequencer.tick()
    sequencer._held.close()
    frame = frames_in_file(disk, 0)[-1]
    head = head_and_sum((6, 6, frame.kind, frame.schema_no, frame.rows), frame.lengths, frame.blob)
    path = next(tmp_path.rglob(f"journal/{0:020d}.wal"))
    with path.open("r+b") as file:
        file.seek(frame.end)
        file.write(head + frame.lengths + frame.blob)
    before = path.read_bytes()
    with pytest.raises(InconsistentError, match="one identity at entries 1 and 6") as alarm:
        started(house, disk)
    assert alarm.value.entry == 6
    assert path.read_bytes() == before
    assert house.anchor.latest()[0] == 6


def test_recovery_says_which_stored_commitments_somebody_changed(tmp_path: Path):
    house, disk = on_disk(tmp_path)
    begun(house)
    sequencer = started(house, disk)
    for seed in range(4):
        sequencer.append(CONSULTATION, facts(count=5, seed=seed))
        sequencer.tick()
    sequencer._held.close()
    tails = sorted(tmp_path.rglob("tail/*"))
    assert len(tails) == 4
    content = bytearray(tails[1].read_bytes())
    content[2 * 32] ^= 1
    tails[1].write_bytes(content)
    tails[3].unlink()
    with started(house, disk) as again:
        assert again.recovered.remade == ((8, 8), (16, 20))
    assert check(house.store, anchor=house.anchor, verifiers=verifiers()).size == 21
    with started(house, disk) as quiet:
        assert quiet.recovered.remade == ()


def test_a_check_beside_a_fast_sequencer_raises_no_alarm(tmp_path: Path):
    house, disk = on_disk(tmp_path)
    begun(house)
    pace = Pace(tick=0.001, age=0.05, limits=Limits(rows=200, begin=1 << 12))
    done = threading.Event()
    sizes: list[int] = []

    def produce() -> None:
        seed = 0
        while not done.is_set():
            sequencer.append(CONSULTATION, facts(count=9, seed=seed))
            seed += 1

    with Sequencer.start(house, disk, pace=pace) as sequencer:
        producer = threading.Thread(target=produce)
        producer.start()
        try:
            while len(sizes) < 25 or sizes[-1] < 900:
                report = check(house.store, anchor=house.anchor, verifiers=verifiers(), journal=disk)
                sizes.append(report.size)
        finally:
            done.set()
            producer.join()
    assert sizes == sorted(sizes)
