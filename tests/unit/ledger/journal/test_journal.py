# SPDX-License-Identifier: EUPL-1.2
"""The journal: what was acknowledged is found again, and what was not is never half there."""

import errno
import struct
import threading
import time
from pathlib import Path
from random import Random

import pytest

from rekenschap.adapters.disks import PosixDisk, SimulatedDisk
from rekenschap.errors import InconsistentError, RefusedError, StoreError
from rekenschap.ledger.journal import Batch, Found, Journal, Limits, read_journal
from rekenschap.seams.disk import Disk

SMALL = Limits(rows=8, file=4096, begin=512, waiting=3000, group=1000)


def batch(*rows: bytes) -> Batch:
    return Batch((1, 7), b"".join(struct.pack(">I", len(row)) for row in rows), b"".join(rows))


def rows_in(found: Found) -> list[bytes]:
    rows = []
    for frame in found.frames:
        at = 0
        for size in frame.sizes():
            rows.append(frame.blob[at : at + size])
            at += size
    return rows


def opened(disk: Disk, *, sealed: int = 0, signed: int = 0, limits: Limits = SMALL) -> Journal:
    found = read_journal(disk, sealed=sealed, signed=signed)
    return Journal(disk, found, opening=lambda _: None, limits=limits)


def names_on(disk: SimulatedDisk) -> list[str]:
    return sorted(
        "spare" if name.endswith(".spare") else name.removesuffix(".wal").lstrip("0") or "0"
        for name, _ in disk.entries("journal")
    )


def named(number: int) -> bytes:
    return b"row %d " % number * (1 + number % 5)


def test_rows_come_back_in_order_with_their_shape():
    disk = SimulatedDisk()
    journal = opened(disk)
    assert [journal.append(batch(b"a", b"")), journal.append(batch(b"cc"))] == [0, 2]
    found = read_journal(disk, sealed=0, signed=3)
    assert rows_in(found) == [b"a", b"", b"cc"]
    assert [(f.kind, f.schema_no, f.first, f.epoch) for f in found.frames] == [(1, 7, 0, 0), (1, 7, 2, 2)]
    assert (found.end, found.torn) == (3, 0)


def test_a_journal_that_is_not_there_is_empty():
    assert read_journal(SimulatedDisk(), sealed=5, signed=5) == Found(first=5, end=5)


def test_a_file_holds_a_segment_and_the_next_begins_where_it_ends():
    disk = SimulatedDisk()
    firsts: list[int] = []
    journal = Journal(disk, read_journal(disk, sealed=0, signed=0), opening=firsts.append, limits=SMALL)
    for number in range(30):
        journal.append(batch(*[named(number)] * 3))
    assert firsts == [first for first, _ in journal.full()] + [journal.began()[0]]
    assert all(end - first <= 8 for first, end in journal.full())
    assert rows_in(read_journal(disk, sealed=0, signed=90)) == [named(n) for n in range(30) for _ in range(3)]


def test_a_journal_goes_on_after_it_was_opened_again():
    disk = SimulatedDisk()
    for number in range(20):
        journal = opened(disk)
        assert journal.append(batch(named(number))) == number
        journal.close()
    assert rows_in(read_journal(disk, sealed=0, signed=0)) == [named(n) for n in range(20)]


def test_a_file_is_wiped_and_used_again():
    disk = SimulatedDisk()
    journal = opened(disk)
    journal.append(batch(b"something to forget"))
    journal.roll()
    journal.roll()
    assert journal.full() == [(0, 1)]
    journal.recycle(0)
    assert journal.full() == []
    assert b"forget" not in b"".join(disk.read(f"journal/{name}") for name, _ in disk.entries("journal"))
    assert journal.append(batch(b"next")) == 1
    assert names_on(disk) == ["1"]
    assert rows_in(read_journal(disk, sealed=1, signed=2)) == [b"next"]


def test_a_file_of_sealed_rows_is_recycled_when_the_journal_is_opened():
    disk = SimulatedDisk()
    journal = opened(disk)
    journal.append(batch(b"1"))
    journal.roll()
    journal.append(batch(b"2"))
    found = read_journal(disk, sealed=1, signed=2)
    assert (found.spent, rows_in(found)) == ((f"journal/{0:020d}.wal",), [b"2"])
    again = opened(disk, sealed=1, signed=2)
    assert again.append(batch(b"3")) == 2
    assert names_on(disk) == ["1", "spare"]


def test_a_spare_is_made_beforehand_and_used():
    disk = SimulatedDisk()
    journal = opened(disk)
    journal.append(batch(b"1"))
    journal.prepare()
    journal.prepare()
    assert names_on(disk) == ["0", "spare"]
    journal.roll()
    journal.append(batch(b"2"))
    assert names_on(disk) == ["0", "1"]


def test_while_much_comes_in_the_next_file_is_as_large_as_the_last_became():
    disk = SimulatedDisk()
    journal = opened(disk)
    journal.append(batch(bytes(2_500)))
    journal.roll()
    journal.append(batch(b"2"))
    journal.prepare()
    [spare] = [name for name, _ in disk.entries("journal") if name.endswith(".spare")]
    found = disk.look(f"journal/{spare}")
    assert found is not None and found.size == journal.full_bytes() > 2_500


def test_what_became_durable_is_handed_on_once_and_in_order():
    journal = opened(SimulatedDisk())
    batches = [batch(named(n)) for n in range(4)]
    for each in batches:
        journal.append(each)
    assert journal.taken() == batches
    assert journal.taken() == []


def test_who_is_alone_never_waits_for_others(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("rekenschap.ledger.journal.journal._GATHER", 60.0)
    journal = opened(SimulatedDisk())
    began = time.monotonic()
    for number in range(20):
        journal.append(batch(named(number)))
    assert time.monotonic() - began < 30


def test_those_who_were_written_together_are_waited_for_and_written_together(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("rekenschap.ledger.journal.journal._GATHER", 60.0)
    disk = SimulatedDisk()
    journal = opened(disk)
    journal.append(batch(b"the file is there"))
    journal._together = 3  # as if three had just been written in one go
    before = sum(each.verb == "sync" for each in disk.trace)
    threads = [threading.Thread(target=journal.append, args=(batch(named(n)),)) for n in range(3)]
    for each in threads:
        each.start()
        time.sleep(0.05)  # each comes after the one before has begun to wait
    for each in threads:
        each.join(30)
    assert sum(each.verb == "sync" for each in disk.trace) == before + 1
    assert journal.end == 4


@pytest.mark.parametrize("rows", [[], [b"x"] * 9, [b"x" * 4000]])
def test_a_batch_that_fits_nowhere_is_refused(rows: list[bytes]):
    journal = opened(SimulatedDisk())
    with pytest.raises(RefusedError, match="offer it in smaller batches"):
        journal.append(batch(*rows))
    assert journal.append(batch(b"fits")) == 0


def test_many_threads_append_and_each_row_is_there_once(tmp_path: Path):
    disk = PosixDisk(tmp_path)
    limits = Limits(rows=100, file=1 << 16, begin=512, waiting=2000, group=700)
    journal = opened(disk, limits=limits)
    acked: dict[int, bytes] = {}

    def work(thread: int) -> None:
        for number in range(60):
            row = b"%d/%d" % (thread, number) * 20
            acked[journal.append(batch(row))] = row

    threads = [threading.Thread(target=work, args=(n,)) for n in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(acked) == list(range(720))
    assert rows_in(read_journal(disk, sealed=0, signed=720)) == [acked[n] for n in range(720)]
    taken = journal.taken()
    assert [b.first for b in taken] == [sum(b.rows for b in taken[:at]) for at in range(len(taken))]
    assert b"".join(b.blob for b in taken) == b"".join(acked[n] for n in range(720))


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
@pytest.mark.parametrize("call", range(12))
def test_after_a_failed_call_nothing_is_acknowledged_any_more(call: int, number: int):
    disk = SimulatedDisk()
    acked: list[bytes] = []
    try:
        journal = opened(disk)
        disk.fail(call, number, lasting=True)
        for each in range(5):
            journal.append(batch(named(each)))
            acked.append(named(each))
        pytest.fail("the call never came")
    except StoreError:
        pass
    calls = disk.calls
    with pytest.raises(StoreError):
        journal.append(batch(b"once more"))
    assert disk.calls == calls
    for seed in range(20):
        left = disk.after_cut(len(disk.trace), Random(seed))  # noqa: S311
        assert rows_in(read_journal(left, sealed=0, signed=0))[: len(acked)] == acked


def test_everybody_who_waits_is_told_of_the_failure():
    disk = SimulatedDisk()
    journal = opened(disk, limits=Limits(begin=512, waiting=400, group=100))
    journal.append(batch(b"first"))
    told: list[str] = []

    def work() -> None:
        try:
            while True:
                journal.append(batch(b"x" * 100))
        except StoreError as error:
            told.append(str(error))

    disk.fail(41, errno.EIO)
    threads = [threading.Thread(target=work) for _ in range(9)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)
    assert len(told) == 9
    assert all("a disk that works to write the journal" in each for each in told)


def test_a_closed_journal_refuses():
    journal = opened(SimulatedDisk())
    journal.close()
    with pytest.raises(StoreError, match="one that was closed"):
        journal.append(batch(b"1"))


def written(rows: int, *, per_batch: int = 1) -> tuple[SimulatedDisk, list[bytes]]:
    disk = SimulatedDisk()
    journal = opened(disk, limits=Limits(begin=512))
    for number in range(0, rows, per_batch):
        journal.append(batch(*[named(n) for n in range(number, number + per_batch)]))
    return disk, [named(n) for n in range(rows)]


def overwrite(disk: SimulatedDisk, content: bytes, name: str = f"journal/{0:020d}.wal") -> SimulatedDisk:
    disk.remove(name)
    disk.create(name).write(0, content)
    return disk


def test_a_cut_at_every_byte_of_the_last_frames_leaves_whole_batches():
    disk, rows = written(6, per_batch=2)
    content = disk.read(f"journal/{0:020d}.wal")
    used = read_journal(disk, sealed=0, signed=0).files[0].used
    for length in range(used):
        found = read_journal(overwrite(disk, content[:length]), sealed=0, signed=0)
        assert found.end % 2 == 0
        assert rows_in(found) == rows[: found.end]
        if found.end:
            with pytest.raises(InconsistentError, match="under a checkpoint of 6 entries"):
                read_journal(disk, sealed=0, signed=6)
        # What is left is a journal one can go on with.
        journal = opened(disk)
        assert journal.append(batch(b"next")) == found.end
        assert rows_in(read_journal(disk, sealed=0, signed=0)) == [*rows[: found.end], b"next"]


def test_a_change_of_any_byte_before_the_last_frame_is_an_alarm():
    disk, _ = written(4)
    content = disk.read(f"journal/{0:020d}.wal")
    last = read_journal(disk, sealed=0, signed=0).frames[-2].end
    for at in range(last):
        changed = bytearray(content)
        changed[at] ^= 1 << at % 8
        with pytest.raises(InconsistentError, match="nothing was touched") as alarm:
            read_journal(overwrite(disk, bytes(changed)), sealed=0, signed=0)
        assert alarm.value.entry is not None
        assert alarm.value.entry < 4


def test_zeros_over_a_frame_are_an_alarm_when_another_follows():
    disk, _ = written(4)
    frames = read_journal(disk, sealed=0, signed=0).frames
    content = bytearray(disk.read(f"journal/{0:020d}.wal"))
    content[frames[1].end : frames[2].end] = bytes(frames[2].end - frames[1].end)
    with pytest.raises(InconsistentError, match="before the one of entry 3"):
        read_journal(overwrite(disk, bytes(content)), sealed=0, signed=0)


def test_a_file_that_is_gone_is_an_alarm():
    disk = SimulatedDisk()
    journal = opened(disk)
    for number in range(12):
        journal.append(batch(*[named(number)] * 2))
    names = [f"journal/{name}" for name, _ in disk.entries("journal")]
    assert len(names) == 3
    for name in names[:-1]:
        content = disk.read(name)
        disk.remove(name)
        with pytest.raises(InconsistentError):
            read_journal(disk, sealed=0, signed=0)
        disk.create(name).write(0, content)
    disk.remove(names[-1])
    assert read_journal(disk, sealed=0, signed=16).end == 16
    with pytest.raises(InconsistentError):
        read_journal(disk, sealed=0, signed=17)


@pytest.mark.parametrize("seed", range(4))
def test_a_power_cut_anywhere_loses_no_acknowledged_row(seed: int):
    random = Random(seed)  # noqa: S311
    disk = SimulatedDisk()
    journal = opened(disk)
    acked = [0]
    marks = [0]
    for number in range(40):
        group = [batch(*[named(number)] * random.randint(1, 3)) for _ in range(random.randint(1, 3))]
        journal._commit(group)  # several batches in one write
        acked.append(journal.end)
        marks.append(len(disk.trace))
    everything = rows_in(read_journal(disk, sealed=0, signed=journal.end))
    for _ in range(400):
        cut = random.randint(0, len(disk.trace))
        promised = max(size for size, mark in zip(acked, marks, strict=True) if mark <= cut)
        left = disk.after_cut(cut, random)
        found = read_journal(left, sealed=0, signed=0)
        assert found.end >= promised
        assert rows_in(found) == everything[: found.end]
        again = opened(left)
        assert again.append(batch(b"next")) == found.end
        twice = left.after_cut(len(left.trace), random)
        assert rows_in(read_journal(twice, sealed=0, signed=0)) == [*everything[: found.end], b"next"]
