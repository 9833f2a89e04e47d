# SPDX-License-Identifier: EUPL-1.2
"""What every store must keep to; each adapter inherits the suite."""

import os
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import pytest

from rekenschap.adapters.buckets.s3 import Account, Bucket, Place
from rekenschap.adapters.stores import DirectoryStore, MemoryStore
from rekenschap.adapters.stores.s3 import S3Store
from rekenschap.errors import StoreError
from rekenschap.seams.store import Store


class StoreContract:
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        raise NotImplementedError

    def test_what_was_put_comes_back(self, store: Store):
        store.put("a/b.pack", b"\x00\xff")
        assert store.get("a/b.pack") == b"\x00\xff"

    def test_an_empty_blob_is_a_blob(self, store: Store):
        store.put("empty", b"")
        assert store.get("empty") == b""

    def test_the_same_bytes_again_are_fine(self, store: Store):
        store.put("a", b"1")
        store.put("a", b"1")

    def test_other_bytes_under_a_name_are_refused(self, store: Store):
        store.put("a", b"1")
        with pytest.raises(StoreError):
            store.put("a", b"2")
        assert store.get("a") == b"1"

    def test_replace_puts_new_bytes_in_place(self, store: Store):
        store.replace("checkpoint", b"1")
        store.replace("checkpoint", b"2")
        assert store.get("checkpoint") == b"2"

    def test_a_name_that_is_not_there_is_trouble(self, store: Store):
        with pytest.raises(StoreError):
            store.get("nothing")

    def test_the_size_of_a_blob_is_that_of_its_bytes(self, store: Store):
        store.put("a/b.pack", bytes(1000))
        store.put("empty", b"")
        assert (store.size("a/b.pack"), store.size("empty")) == (1000, 0)
        with pytest.raises(StoreError):
            store.size("nothing")

    @pytest.mark.parametrize(("start", "length"), [(0, 10), (3, 4), (9, 1), (0, 0), (4, 0), (10, 0)])
    def test_a_part_is_exactly_what_was_asked(self, store: Store, start: int, length: int):
        store.put("a", b"0123456789")
        assert store.read("a", start=start, length=length) == b"0123456789"[start : start + length]

    @pytest.mark.parametrize(("start", "length"), [(0, 11), (9, 2), (10, 1), (99, 1), (-1, 1), (0, -1)])
    def test_a_part_that_is_not_whole_is_trouble(self, store: Store, start: int, length: int):
        store.put("a", b"0123456789")
        with pytest.raises(StoreError):
            store.read("a", start=start, length=length)

    def test_a_part_of_nothing_is_trouble(self, store: Store):
        with pytest.raises(StoreError):
            store.read("nothing", start=0, length=1)

    def test_blobs_are_no_strangers(self, store: Store):
        store.put("a/b.pack", b"1")
        store.replace("checkpoint", b"2")
        assert store.strangers() == []

    def test_names_are_sorted_and_begin_with_the_prefix(self, store: Store):
        for name in ("segments/2", "segments/10", "tile/1/000", "segment", "ledger.json"):
            store.put(name, b"")
        assert store.names() == ["ledger.json", "segment", "segments/10", "segments/2", "tile/1/000"]
        assert store.names("segments/") == ["segments/10", "segments/2"]
        assert store.names("segment") == ["segment", "segments/10", "segments/2"]
        assert store.names("tile/1/") == ["tile/1/000"]
        assert store.names("none/") == []

    def test_what_was_removed_is_gone(self, store: Store):
        store.put("a/b", b"1")
        store.remove("a/b")
        store.remove("a/b")
        assert store.names() == []
        store.put("a/b", b"2")
        assert store.get("a/b") == b"2"

    @pytest.mark.parametrize("name", ["", "A", "../x", "a/../b", "/a", "a/", ".hidden", "a/.b", "a b", "é"])
    def test_other_names_are_refused(self, store: Store, name: str):
        with pytest.raises(StoreError):
            store.put(name, b"")

    def test_there_is_one_writer(self, store: Store):
        with store.writing():
            with pytest.raises(StoreError) as trouble, store.writing():
                pass
            assert trouble.value.retryable
        with store.writing():
            store.put("a", b"")


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return MemoryStore()


class TestDirectoryStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return DirectoryStore(tmp_path / "new" / "ledger")

    def test_another_store_sees_what_is_there(self, store: Store, tmp_path: Path):
        store.put("a/b", b"1")
        assert DirectoryStore(tmp_path / "new" / "ledger").get("a/b") == b"1"

    def test_the_lock_holds_between_stores(self, store: Store, tmp_path: Path):
        other = DirectoryStore(tmp_path / "new" / "ledger")
        with store.writing(), pytest.raises(StoreError), other.writing():
            pass

    def test_a_half_written_blob_never_appears(self, store: Store, tmp_path: Path):
        store.put("a/b", b"1")
        (tmp_path / "new/ledger/a/.0123.tmp").write_bytes(b"half")
        assert store.names() == ["a/b"]

    def test_nobody_but_owner_and_group_reads(self, store: Store, tmp_path: Path):
        store.put("a/b", b"1")
        assert (tmp_path / "new/ledger/a/b").stat().st_mode & 0o007 == 0

    def test_a_link_is_not_followed(self, store: Store, tmp_path: Path):
        store.put("a/b", b"1")
        (tmp_path / "elsewhere").write_bytes(b"1")
        (tmp_path / "new/ledger/a/c").symlink_to(tmp_path / "elsewhere")
        (tmp_path / "new/ledger/a/dangling").symlink_to(tmp_path / "nothing")
        for trial in (
            lambda: store.get("a/c"),
            lambda: store.size("a/c"),
            lambda: store.read("a/c", start=0, length=1),
            lambda: store.put("a/c", b"1"),
            lambda: store.put("a/dangling", b"1"),
        ):
            with pytest.raises(StoreError, match="a symbolic link in its place"):
                trial()

    def test_a_link_on_the_way_is_not_followed(self, store: Store, tmp_path: Path):
        store.put("a/b/c", b"1")
        (tmp_path / "new/ledger/a/b").rename(tmp_path / "elsewhere")
        (tmp_path / "new/ledger/a/b").symlink_to(tmp_path / "elsewhere")
        for trial in (
            lambda: store.get("a/b/c"),
            lambda: store.put("a/b/d", b"1"),
            lambda: store.replace("a/b/c", b"2"),
            lambda: store.remove("a/b/c"),
        ):
            with pytest.raises(StoreError, match="a symbolic link in its place or on the way"):
                trial()
        assert (tmp_path / "elsewhere/c").read_bytes() == b"1"
        assert store.strangers() == ["a/b"]

    def test_a_pipe_is_not_waited_for(self, store: Store, tmp_path: Path):
        store.put("a/b", b"1")
        os.mkfifo(tmp_path / "new/ledger/a/pipe")
        with pytest.raises(StoreError, match="something else"):
            store.get("a/pipe")

    def test_what_is_no_plain_blob_is_a_stranger(self, store: Store, tmp_path: Path):
        assert store.strangers() == []
        store.put("a/b", b"1")
        place = tmp_path / "new/ledger"
        (place / "a/.0123.tmp").write_bytes(b"half")
        (place / "a/LINK").symlink_to(place / "a/b")
        (place / "linked").symlink_to(place / "a")
        (place / "hard").hardlink_to(place / "a/b")
        os.mkfifo(place / "pipe")
        (place / "note to self").write_bytes(b"")
        (place / ".hidden").write_bytes(b"")
        (place / "Folder").mkdir()
        assert store.strangers() == [
            ".hidden", "Folder", "a/LINK", "a/b", "hard", "linked", "note to self", "pipe"
        ]  # fmt: skip

    def test_what_may_lie_beside_is_neither_blob_nor_stranger(self, store: Store, tmp_path: Path):
        store.put("a", b"1")
        place = tmp_path / "new/ledger"
        (place / "anchor.db-journal").write_bytes(b"")
        (place / "journal").mkdir()
        (place / "journal/X").write_bytes(b"")
        (place / "a.lock").write_bytes(b"")
        kept = DirectoryStore(place, beside=frozenset({"anchor.db*", "journal"}))
        assert kept.names() == ["a", "a.lock"]
        assert kept.strangers() == []
        assert store.strangers() == ["journal/X"]

    def test_a_file_in_the_place_of_the_directory_is_one_sentence(self, tmp_path: Path):
        (tmp_path / "file").write_text("x")
        store = DirectoryStore(tmp_path / "file")
        for trial in (store.names, lambda: store.put("a", b""), lambda: store.get("a")):
            with pytest.raises(StoreError, match="a file in its place"):
                trial()

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this machine")
    def test_a_full_disk_is_one_sentence(self, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        store.put("a", b"1")
        open_ = os.open
        monkeypatch.setattr(
            os,
            "open",
            lambda path, flags, *mode, **more: open_(
                "/dev/full" if str(path).endswith(".tmp") else path, flags & ~os.O_EXCL, *mode, **more
            ),
        )
        with pytest.raises(StoreError, match="found a full disk") as trouble:
            store.put("b", b"1")
        assert trouble.value.retryable
        assert store.names() == ["a"]


class TestS3Store(StoreContract):
    @pytest.fixture
    def store(self, bucket: Callable[[], Bucket]) -> Store:
        self.bucket = bucket()
        return S3Store(self.bucket)

    def test_more_blobs_than_one_page_of_a_listing(self, store: Store, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("rekenschap.adapters.buckets.s3._PAGE", 10)
        for number in range(25):
            store.put(f"many/{number:03d}", b"")
        assert store.names("many/") == [f"many/{number:03d}" for number in range(25)]

    def test_another_bucket_sees_what_is_there(self, store: Store):
        store.put("a/b", b"1")
        assert S3Store(self.bucket).get("a/b") == b"1"

    def test_what_no_blob_can_be_called_is_a_stranger(self, store: Store):
        store.put("a/b", b"1")
        for key in ("A", "a/", "a/.hidden", "anchor/1", "note to self"):
            self.bucket.put(key, b"")
        assert store.names() == ["a/b", "anchor/1"]
        assert store.strangers() == ["A", "a/", "a/.hidden", "note to self"]
        assert S3Store(self.bucket, beside=frozenset({"anchor"})).names() == ["a/b"]

    def test_a_lease_is_neither_blob_nor_stranger(self, store: Store):
        with store.writing():
            assert (store.names(), store.strangers()) == ([], [])
        assert list(self.bucket.listing()) == []

    def test_a_lease_that_nobody_renews_is_taken_over(self, store: Store):
        self.bucket.put(".writing", b"somebody who is no more")
        with pytest.raises(StoreError, match="another at work"), store.writing():
            pass
        eager = S3Store(self.bucket, term=0.01)
        eventually(lambda: self.bucket.look(".writing").age > 0.01)
        with eager.writing():
            pass

    def test_a_writer_at_work_keeps_its_lease(self, store: Store):
        with S3Store(self.bucket, term=0.5).writing():
            first = self.bucket.get(".writing")
            eventually(lambda: self.bucket.get(".writing") != first)
            with pytest.raises(StoreError, match="another at work"), store.writing():
                pass

    def test_a_lease_that_was_taken_over_is_not_given_back(self, store: Store):
        with store.writing():
            self.bucket.put(".writing", b"of another by now")
        assert self.bucket.get(".writing") == b"of another by now"

    def test_who_lost_the_lease_writes_and_removes_nothing(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("rekenschap.adapters.stores.lease.SURE", 0.0)
        store.put("a", b"1")
        with store.writing():
            store.put("b", b"2")
            self.bucket.put(".writing", b"of another by now")
            for trial in (
                lambda: store.put("c", b"3"),
                lambda: store.replace("a", b"3"),
                lambda: store.remove("a"),
            ):
                with pytest.raises(StoreError, match="another at work"):
                    trial()
        assert store.names() == ["a", "b"]
        assert store.get("a") == b"1"

    def test_who_slept_asks_before_it_writes(self, store: Store, monkeypatch: pytest.MonkeyPatch):
        now = 1000.0
        monkeypatch.setattr("rekenschap.adapters.stores.lease._clock", lambda: now)
        with store.writing():
            self.bucket.put(".writing", b"of another by now")
            now += 3600
            with pytest.raises(StoreError, match="another at work"):
                store.put("b", b"2")

    def test_a_lease_that_runs_out_is_renewed_before_anything_is_written(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("rekenschap.adapters.stores.lease.SURE", 0.0)
        slow = S3Store(self.bucket, term=1.0)
        monkeypatch.setattr("rekenschap.adapters.stores.lease.Lease._keep", lambda self: None)
        with slow.writing():
            first = self.bucket.get(".writing")
            eventually(lambda: self.bucket.look(".writing").age > 1)
            slow.put("a", b"1")
            assert self.bucket.get(".writing") != first


def eventually(holds: Callable[[], bool]) -> None:
    until = monotonic() + 10
    while not holds():
        assert monotonic() < until
        sleep(0.01)


ELSEWHERE = Place(bucket="rekenschap-test", endpoint="http://127.0.0.1:1", region="eu-west-1")


def test_a_bucket_that_is_not_there_is_one_sentence(bucket: Callable[[], Bucket]):
    held = bucket()
    held._name = "another-bucket"  # a copy: the others keep theirs
    for trial in (lambda: held.get("a"), lambda: held.put("a", b"", new=True), lambda: list(held.listing())):
        with pytest.raises(StoreError, match="found none of that name") as trouble:
            trial()
        assert not trouble.value.retryable


def test_a_server_that_is_not_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("rekenschap.adapters.buckets.s3._ATTEMPTS", 1)
    store = S3Store(Bucket(ELSEWHERE, Account(key_id="a key", secret="a secret")))  # noqa: S106
    with pytest.raises(StoreError, match="found no answer") as trouble:
        store.get("a")
    assert trouble.value.retryable
    said = f"{trouble.value}{trouble.value.__cause__}{vars(trouble.value)}"
    assert not any(word in said for word in ("127.0.0.1", "a key", "a secret"))
    assert trouble.value.__suppress_context__


def test_an_account_does_not_show_its_secret():
    assert "hidden" not in repr(Account(key_id="a", secret="hidden"))  # noqa: S106
