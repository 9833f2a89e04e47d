# SPDX-License-Identifier: EUPL-1.2
"""The inbox: what was acknowledged survives a kill, a power cut and a full disk, and damage is an alarm."""

from random import Random

import pytest

from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap.adapters.disks import PosixDisk, SimulatedDisk
from rekenschap.errors import InconsistentError, KeysError, StoreError
from rekenschap.frontdoor.inbox import Frame, FrameSeal, Inbox, InboxReader, Kind, Limits, recover
from rekenschap.frontdoor.inbox.files import file_name, write_cursor
from tests.small_disk import small_disk

SEAL = FrameSeal(AesGcm(), bytes(32))
SMALL = Limits(file=1_000, waiting=3_000)


def frame(number: int, size: int = 40) -> Frame:
    body = b"body %06d " % number
    return Frame(
        kind=Kind.TRACES_PROTOBUF,
        source="brp-portal",
        systems=("balie", "baliè-2"),
        received_at=1_700_000_000_000_000 + number,
        body=body + bytes(max(0, size - len(body))),
    )


def opened(disk, limits: Limits = SMALL) -> Inbox:
    return Inbox(disk, SEAL, recover(disk), limits=limits)


def content(disk, end: int, start: int = 0) -> list[Frame]:
    reader = InboxReader(disk, SEAL, start=start)
    frames = []
    while reader.next < end:
        taken = reader.take(end, most=100)
        if not taken:
            break
        frames += [each for _, each in taken]
    reader.close()
    return frames


def filled(disk, count: int, *, size: int = 40, group: int = 1) -> Inbox:
    inbox = opened(disk)
    for at in range(0, count, group):
        inbox.put([frame(number, size) for number in range(at, min(at + group, count))])
    return inbox


def test_frames_come_back_in_order_over_several_files():
    disk = SimulatedDisk()
    inbox = filled(disk, 50, group=3)
    assert (inbox.end, inbox.done) == (50, 0)
    assert len(disk.entries("")) > 3
    assert content(disk, 50) == [frame(number) for number in range(50)]
    assert content(disk, 50, start=31) == [frame(number) for number in range(31, 50)]


def test_a_frame_larger_than_a_piece_is_read_whole(tmp_path):
    disk = PosixDisk(tmp_path)
    inbox = opened(disk, Limits())
    frames = [frame(0), frame(1, 9 << 20), frame(2), frame(3, 5 << 20)]
    inbox.put(frames)
    assert content(disk, 4) == frames


def test_no_body_stands_on_the_disk_in_clear(tmp_path):
    filled(PosixDisk(tmp_path), 3)
    assert all(b"body" not in path.read_bytes() for path in tmp_path.iterdir())
    assert all(b"balie" not in path.read_bytes() for path in tmp_path.iterdir())


def test_what_is_worked_off_leaves_the_disk():
    disk = SimulatedDisk()
    inbox = filled(disk, 50)
    inbox.advance(49)
    assert content(disk, 50, start=49) == [frame(49)]
    inbox.advance(50, durably=True)
    assert [name for name, _ in disk.entries("")] == ["cursor", "reserve"]
    assert inbox.waiting == 0
    inbox.put([frame(50)])
    assert content(disk, 51, start=50) == [frame(50)]


def test_after_a_stop_only_what_was_not_worked_off_is_done_again():
    disk = SimulatedDisk()
    inbox = filled(disk, 20)
    inbox.advance(7, durably=True)
    inbox.close()
    found = recover(disk)
    assert (found.done, found.end) == (7, 20)
    assert opened(disk).put([frame(20)]) == 20
    assert content(disk, 21, start=7) == [frame(number) for number in range(7, 21)]


def test_it_is_full_when_more_waits_than_it_may_hold_and_not_any_more_when_that_is_done():
    disk = SimulatedDisk()
    inbox = filled(disk, 40)
    assert inbox.is_full
    inbox.advance(30)
    assert not inbox.is_full


@pytest.mark.parametrize("lost", [1, 40, 80])
def test_a_write_that_was_broken_off_is_cut_and_nobody_was_told(lost: int):
    disk = SimulatedDisk()
    filled(disk, 5).close()
    file = disk.open(file_name(0))
    size = file.size()
    file.write(size, b"RKI1" + bytes(lost))
    found = recover(disk)
    assert (found.end, found.torn > 0) == (5, True)
    opened(disk).put([frame(5)])
    assert content(disk, 6) == [frame(number) for number in range(6)]
    assert recover(disk).end == 6


def test_a_damaged_frame_before_one_that_was_written_later_is_an_alarm_and_nothing_is_touched():
    disk = SimulatedDisk()
    filled(disk, 4, size=100).close()
    before = disk.read(file_name(0))
    disk.open(file_name(0)).write(150, b"\xff")
    with pytest.raises(InconsistentError, match=r"frame 0 .*add \.evidence"):
        recover(disk)
    assert disk.read(file_name(0))[:150] == before[:150]


def test_a_file_that_is_gone_from_the_middle_is_an_alarm():
    disk = SimulatedDisk()
    filled(disk, 50).close()
    names = [name for name, _ in disk.entries("")]
    disk.remove(names[2])
    with pytest.raises(InconsistentError, match="as it was acknowledged"):
        recover(disk)


def test_of_a_damaged_file_that_is_set_apart_everything_whole_is_still_taken_in():
    disk = SimulatedDisk()
    filled(disk, 20).close()
    disk.open(file_name(0)).write(150, b"\xff")
    with pytest.raises(InconsistentError):
        recover(disk)
    disk.rename(file_name(0), f"{file_name(0)}.evidence")
    found = recover(disk)
    assert found.end == 20
    read = content(disk, 20)
    assert [frame(number) for number in range(20) if number != 1] == read
    inbox = opened(disk)
    inbox.advance(20, durably=True)
    assert [name for name, _ in disk.entries("")] == [f"{file_name(0)}.evidence", "cursor", "reserve"]
    assert recover(disk).end == 20


def test_a_frame_under_another_number_or_of_another_house_does_not_open():
    sealed = SEAL.seal(frame(1), 1)
    assert SEAL.open(sealed, 1) == frame(1)
    with pytest.raises(KeysError):
        SEAL.open(sealed, 2)
    with pytest.raises(KeysError):
        FrameSeal(AesGcm(), bytes(31) + b"\1").open(sealed, 1)


def test_a_full_disk_is_told_and_the_next_try_goes_on_in_another_file():
    for call in range(12):
        disk = SimulatedDisk()
        inbox = opened(disk)
        acked = []
        disk.fail(call, 28)  # ENOSPC
        for number in range(8):
            try:
                inbox.put([frame(number, 300)])
                acked.append(frame(number, 300))
            except StoreError as error:
                assert "full disk" in str(error)
        assert len(acked) >= 6
        assert [each for each in content(disk, inbox.end) if each in acked] == acked
        assert recover(disk).end >= len(acked)


def test_an_inbox_that_filled_its_disk_can_still_become_empty(tmp_path):
    with small_disk(tmp_path / "small", size=1) as place:
        (place / "inbox").mkdir()
        disk = PosixDisk(place / "inbox")
        inbox = opened(disk, Limits())
        with pytest.raises(StoreError, match="full disk"):
            for number in range(1_000):
                inbox.put([frame(number, 10_000)])
        end = inbox.end
        assert end > 50
        with pytest.raises(OSError, match="No space left"):
            (place / "another").write_bytes(bytes(100_000))
        inbox.advance(end, durably=True)
        inbox.advance(end, durably=True)
        assert recover(disk).done == end
        assert inbox.put([frame(end)]) == end
        assert {name for name, _ in disk.entries("")} == {"cursor", "reserve", file_name(end)}


def test_a_frame_nobody_was_told_of_does_not_stand_in_the_place_of_one_that_was_acknowledged():
    disk = SimulatedDisk()
    inbox = opened(disk, Limits())
    inbox.put([frame(0)])
    reader = InboxReader(disk, SEAL, start=0)
    assert reader.take(1, most=1)
    disk.fail(1, 5)  # the write is done, its sync fails
    with pytest.raises(StoreError):
        inbox.put([frame(77)])
    inbox.put([frame(1)])
    assert reader.take(2, most=1) == [(1, frame(1))]
    assert recover(disk).end == 2


@pytest.mark.parametrize("seed", range(6))
def test_nothing_acknowledged_is_lost_when_the_power_goes(seed: int):
    random = Random(seed)  # noqa: S311
    disk = SimulatedDisk()
    write_cursor(disk, 0)
    inbox = opened(disk)
    acked: list[tuple[int, int]] = [(len(disk.trace), 0)]
    number = 0
    for _ in range(40):
        if random.random() < 0.8:
            count = random.randint(1, 4)
            inbox.put([frame(number + each, random.randint(30, 400)) for each in range(count)])
            number += count
            acked.append((len(disk.trace), number))
        elif random.random() < 0.8:
            inbox.advance(random.randint(inbox.done, inbox.end), durably=random.random() < 0.5)
        else:
            inbox.close()
            inbox = opened(disk)
    bodies = {number: frame(number).body[:11] for number in range(number)}
    for _ in range(60):
        cut = random.randint(0, len(disk.trace))
        left = disk.after_cut(cut, random)
        found = recover(left)
        if random.random() < 0.3:
            left = left.after_cut(random.randint(0, len(left.trace)), random)
            found = recover(left)
        assert found.end >= max((end for at, end in acked if at <= cut), default=0)
        assert found.done <= inbox.done
        read = content(left, found.end, start=found.done)
        assert [each.body[:11] for each in read] == [bodies[n] for n in range(found.done, found.end)]
        again = Inbox(left, SEAL, found, limits=SMALL)
        again.put([frame(found.end)])
        assert recover(left).end == found.end + 1
