# SPDX-License-Identifier: EUPL-1.2
"""What every disk must keep to; and what the simulated one does when the power goes or a call fails."""

import errno
import os
from pathlib import Path
from random import Random

import pytest

from rekenschap.adapters.disks import PosixDisk, PowerCut, SimulatedDisk
from rekenschap.errors import StoreError
from rekenschap.seams.disk import Disk, Sort, in_words, make_directories, write_whole


class DiskContract:
    @pytest.fixture
    def disk(self, tmp_path: Path) -> Disk:
        raise NotImplementedError

    def test_what_was_written_is_read(self, disk: Disk):
        make_directories(disk, "a/b")
        file = disk.create("a/b/c")
        file.write(0, b"0123456789")
        file.write(4, b"xy")
        file.write(12, b"z")
        assert (file.size(), file.read(3, 4), file.read(12, 9), file.read(13, 1)) == (13, b"3xy6", b"z", b"")
        file.sync()
        file.close()
        file.close()
        assert disk.read("a/b/c") == b"0123xy6789\0\0z"
        assert disk.read("a/b/c", start=4, length=2) == b"xy"
        assert disk.read("a/b/c", start=12) == b"z"

    def test_a_file_that_is_there_is_opened_for_writing(self, disk: Disk):
        make_directories(disk, "")
        disk.create("a").close()
        file = disk.open("a")
        file.write(0, b"1")
        file.close()
        assert disk.read("a") == b"1"

    def test_a_file_is_made_once(self, disk: Disk):
        make_directories(disk, "")
        disk.create("a").close()
        with pytest.raises(FileExistsError):
            disk.create("a")

    def test_what_is_not_there_is_not_found(self, disk: Disk):
        make_directories(disk, "")
        assert disk.look("a") is None
        assert disk.look("b/c") is None
        for trial in (
            lambda: disk.open("a"),
            lambda: disk.read("a"),
            lambda: disk.entries("b"),
            lambda: disk.remove("a"),
            lambda: disk.rename("a", "c"),
            lambda: disk.create("b/c"),
            lambda: disk.sync_directory("b"),
        ):
            with pytest.raises(FileNotFoundError):
                trial()

    def test_a_name_says_what_it_stands_for(self, disk: Disk):
        make_directories(disk, "d/e")
        file = disk.create("d/f")
        file.write(0, b"12")
        file.close()
        found = disk.look("d/f")
        assert found is not None
        assert (found.sort, found.size, found.links) == (Sort.FILE, 2, 1)
        assert disk.look("d").sort is Sort.DIRECTORY
        assert disk.entries("d") == [("e", Sort.DIRECTORY), ("f", Sort.FILE)]
        with pytest.raises(IsADirectoryError):
            disk.open("d/e")

    def test_a_directory_may_be_there_but_no_file(self, disk: Disk):
        make_directories(disk, "d")
        disk.make_directory("d")
        disk.create("f").close()
        with pytest.raises(FileExistsError):
            disk.make_directory("f")

    def test_a_file_takes_the_place_of_another_in_one_step(self, disk: Disk):
        make_directories(disk, "d")
        for name in ("d/a", "d/b"):
            file = disk.create(name)
            file.write(0, name.encode())
            file.close()
        disk.rename("d/a", "d/b")
        assert disk.entries("d") == [("b", Sort.FILE)]
        assert disk.read("d/b") == b"d/a"
        disk.remove("d/b")
        assert disk.entries("d") == []

    def test_a_file_is_whole_or_not_there(self, disk: Disk):
        make_directories(disk, "d")
        write_whole(disk, "d/a", b"one")
        write_whole(disk, "d/a", b"two")
        assert disk.entries("d") == [("a", Sort.FILE)]
        assert disk.read("d/a") == b"two"

    def test_one_holds_the_lock(self, disk: Disk):
        make_directories(disk, "d")
        with disk.lock("d"), pytest.raises(BlockingIOError), disk.lock("d"):
            pass
        with disk.lock("d"):
            pass


class TestPosixDisk(DiskContract):
    @pytest.fixture
    def disk(self, tmp_path: Path) -> Disk:
        return PosixDisk(tmp_path / "new" / "root")

    def test_no_link_is_followed(self, disk: Disk, tmp_path: Path):
        make_directories(disk, "d")
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere/secret").write_bytes(b"1")
        root = tmp_path / "new/root"
        (root / "way").symlink_to(tmp_path / "elsewhere")
        (root / "d/link").symlink_to(tmp_path / "elsewhere/secret")
        for trial in (
            lambda: disk.read("way/secret"),
            lambda: disk.create("way/new"),
            lambda: disk.remove("way/secret"),
            lambda: disk.entries("way"),
            lambda: disk.read("d/link"),
            lambda: disk.open("d/link"),
        ):
            with pytest.raises(OSError) as trouble:
                trial()
            assert trouble.value.errno == errno.ELOOP
        assert disk.look("d/link").sort is Sort.OTHER
        assert disk.entries("d") == [("link", Sort.OTHER)]

    def test_a_pipe_is_not_waited_for(self, disk: Disk, tmp_path: Path):
        make_directories(disk, "")
        os.mkfifo(tmp_path / "new/root/pipe")
        with pytest.raises(OSError, match="no plain file"):
            disk.read("pipe")

    def test_a_second_name_is_counted(self, disk: Disk, tmp_path: Path):
        make_directories(disk, "")
        disk.create("a").close()
        (tmp_path / "new/root/b").hardlink_to(tmp_path / "new/root/a")
        assert disk.look("a").links == 2

    def test_no_descriptor_stays_open(self, disk: Disk):
        make_directories(disk, "a/b")
        before = len(list(Path("/proc/self/fd").iterdir()))
        for number in range(20):
            write_whole(disk, f"a/b/{number}", b"1")
            disk.read(f"a/b/{number}")
            with pytest.raises(FileNotFoundError):
                disk.read("a/b/none")
        assert len(list(Path("/proc/self/fd").iterdir())) == before


class TestSimulatedDisk(DiskContract):
    @pytest.fixture
    def disk(self, tmp_path: Path) -> Disk:
        return SimulatedDisk()


def after_cuts(disk: SimulatedDisk, cuts: int = 300) -> list[SimulatedDisk]:
    return [disk.after_cut(len(disk.trace), Random(seed)) for seed in range(cuts)]  # noqa: S311


def test_what_was_synced_survives_every_cut():
    disk = SimulatedDisk()
    make_directories(disk, "d")
    write_whole(disk, "d/a", bytes(range(256)) * 10)
    for left in after_cuts(disk):
        assert left.read("d/a") == bytes(range(256)) * 10


def test_sectors_that_were_not_synced_are_old_new_or_torn():
    disk = SimulatedDisk()
    write_whole(disk, "a", b"\0" * 2048)
    disk.open("a").write(0, b"\1" * 2048)
    seen = {left.read("a") for left in after_cuts(disk)}
    assert {b"\0" * 2048, b"\1" * 2048} < seen
    # 1. Out of order: a later sector is there where an earlier one is not.
    assert any(each[:512] == b"\0" * 512 and each[512:1024] == b"\1" * 512 for each in seen)
    # 2. Torn: one sector is new at its beginning and old at its end.
    assert any(0 < each[:512].count(1) < 512 for each in seen)


def test_a_name_that_was_not_synced_may_be_lost():
    disk = SimulatedDisk()
    make_directories(disk, "d")
    file = disk.create("d/a")
    file.write(0, b"1")
    file.sync()
    disk.rename("d/a", "d/b")
    assert {tuple(left.entries("d")) for left in after_cuts(disk)} == {
        (),
        (("a", Sort.FILE),),
        (("b", Sort.FILE),),
    }


def test_a_directory_that_was_not_synced_takes_all_below_it_along():
    disk = SimulatedDisk()
    disk.make_directory("d")
    write_whole(disk, "d/a", b"1")
    found = {left.look("d") is None for left in after_cuts(disk)}
    assert found == {True, False}


def test_a_failed_sync_loses_what_was_written_for_ever():
    disk = SimulatedDisk()
    make_directories(disk, "")
    file = disk.create("a")
    disk.sync_directory("")
    file.write(0, b"1" * 512)
    disk.fail(0, errno.EIO)
    with pytest.raises(OSError, match="made to fail"):
        file.sync()
    file.sync()
    assert disk.read("a") == b"1" * 512
    assert {left.read("a") for left in after_cuts(disk)} == {b""}


def test_a_failed_write_leaves_half_of_it():
    disk = SimulatedDisk()
    file = disk.create("a")
    disk.fail(0, errno.ENOSPC)
    with pytest.raises(OSError, match="made to fail"):
        file.write(0, b"12")
    assert disk.read("a") == b"1"


def test_every_call_after_a_lasting_failure_fails():
    disk = SimulatedDisk()
    disk.fail(1, errno.ENOSPC, lasting=True)
    file = disk.create("a")
    for _ in range(2):
        with pytest.raises(StoreError, match="a full disk"), in_words("write", "a"):
            file.write(0, b"12")
    assert disk.entries("") == [("a", Sort.FILE)]


def test_nothing_is_done_after_the_power_went():
    disk = SimulatedDisk()
    disk.cut(1)
    disk.create("a")
    for _ in range(2):
        with pytest.raises(PowerCut):
            disk.create("b")
    assert len(disk.trace) == 1


def test_a_full_disk_is_one_sentence():
    with pytest.raises(StoreError, match="found a full disk") as trouble, in_words("write", "a"):
        raise OSError(errno.ENOSPC, "")
    assert trouble.value.retryable
