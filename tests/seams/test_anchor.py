# SPDX-License-Identifier: EUPL-1.2
"""What every anchor must keep to; each adapter inherits the suite."""

import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from pathlib import Path
from threading import Barrier

import psycopg
import pytest

from rekenschap.adapters.anchors import MemoryAnchor, SqliteAnchor
from rekenschap.adapters.anchors.postgres import PostgresAnchor
from rekenschap.adapters.anchors.s3 import S3Anchor
from rekenschap.adapters.buckets.s3 import Bucket
from rekenschap.errors import ForkError, StoreError
from rekenschap.seams.anchor import Anchor


class AnchorContract:
    @pytest.fixture
    def anchor(self, tmp_path: Path) -> Anchor:
        raise NotImplementedError

    def test_a_new_anchor_holds_nothing(self, anchor: Anchor):
        assert anchor.latest() is None
        assert anchor.history() == []

    def test_size_zero_is_a_checkpoint(self, anchor: Anchor):
        """Zero is not none: a comparison that takes them for the same lets a second history begin."""
        anchor.swap(expected=None, size=0, note=b"0")
        assert anchor.latest() == (0, b"0")
        with pytest.raises(ForkError):
            anchor.swap(expected=None, size=5, note=b"5")
        anchor.swap(expected=0, size=5, note=b"5")
        assert anchor.history() == [(0, b"0"), (5, b"5")]

    def test_a_stale_writer_is_refused(self, anchor: Anchor):
        anchor.swap(expected=None, size=3, note=b"3")
        anchor.swap(expected=3, size=7, note=b"7")
        with pytest.raises(ForkError):
            anchor.swap(expected=3, size=9, note=b"9")
        assert anchor.latest() == (7, b"7")

    @pytest.mark.parametrize("size", [0, 6, 7])
    def test_it_never_goes_back(self, anchor: Anchor, size: int):
        anchor.swap(expected=None, size=7, note=b"7")
        with pytest.raises(ForkError):
            anchor.swap(expected=7, size=size, note=b"other")
        assert anchor.history() == [(7, b"7")]

    def test_of_many_at_once_one_wins(self, anchor: Anchor):
        anchor.swap(expected=None, size=0, note=b"0")

        def trial(number: int) -> bool:
            try:
                anchor.swap(expected=0, size=number, note=str(number).encode())
            except ForkError:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(trial, range(1, 17)))
        assert sum(won) == 1
        assert anchor.latest() == (won.index(True) + 1, str(won.index(True) + 1).encode())

    def test_the_first_of_many_at_once_is_one(self, anchor: Anchor):
        ready = Barrier(8)

        def trial(number: int) -> bool:
            ready.wait()
            try:
                anchor.swap(expected=None, size=number, note=str(number).encode())
            except ForkError:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(trial, range(8)))
        assert [size for size, _ in anchor.history()] == [won.index(True)]
        assert sum(won) == 1

    def test_the_history_from_a_size_on(self, anchor: Anchor):
        before = None
        for size in range(0, 80, 2):
            anchor.swap(expected=before, size=size, note=b"%d" % size)
            before = size
        for since in (0, 1, 2, 41, 77, 78, 79, 1000):
            wanted = [(size, b"%d" % size) for size in range(0, 80, 2) if size >= since]
            assert anchor.history(since=since) == wanted

    def test_a_note_comes_back_byte_for_byte(self, anchor: Anchor):
        note = "— a name ☕\n\x00".encode() + bytes(range(256)) * 40
        anchor.swap(expected=None, size=2**60, note=note)
        assert anchor.latest() == (2**60, note)

    def test_what_it_is_asked_to_forget_is_never_the_latest(self, anchor: Anchor):
        anchor.swap(expected=None, size=0, note=b"zero")
        for size in (3, 5, 9):
            anchor.swap(expected=anchor.latest()[0], size=size, note=b"note %d" % size)
        anchor.forget([3, 4, 9])
        assert anchor.latest() == (9, b"note 9")
        sizes = [size for size, _ in anchor.history()]
        assert sizes in ([0, 5, 9], [0, 3, 5, 9])  # a place where nothing may be removed keeps them
        anchor.forget([])
        anchor.swap(expected=9, size=10, note=b"ten")
        assert [size for size, _ in anchor.history()] == [*sizes, 10]


class TestMemoryAnchor(AnchorContract):
    @pytest.fixture
    def anchor(self, tmp_path: Path) -> Anchor:
        return MemoryAnchor()


class TestSqliteAnchor(AnchorContract):
    @pytest.fixture
    def anchor(self, tmp_path: Path) -> Anchor:
        return SqliteAnchor(tmp_path / "anchor.db")

    def test_another_anchor_on_the_file_sees_it(self, anchor: Anchor, tmp_path: Path):
        anchor.swap(expected=None, size=4, note=b"4")
        assert SqliteAnchor(tmp_path / "anchor.db").latest() == (4, b"4")

    def test_a_file_that_is_no_anchor_is_one_sentence(self, tmp_path: Path):
        (tmp_path / "anchor.db").write_bytes(b"not a database, by far" * 100)
        with pytest.raises(StoreError, match="an anchor that answers"):
            SqliteAnchor(tmp_path / "anchor.db").latest()

    def test_reading_makes_no_file(self, anchor: Anchor, tmp_path: Path):
        assert anchor.latest() is None
        assert not (tmp_path / "anchor.db").exists()

    def test_a_swap_that_was_broken_off_is_taken_back_by_who_reads(self, anchor: Anchor, tmp_path: Path):
        anchor.swap(expected=None, size=4, note=b"4" * 60_000)
        with closing(sqlite3.connect(tmp_path / "anchor.db", isolation_level=None)) as base:
            base.execute("PRAGMA cache_size=1")  # write before the end of the transaction
            base.execute("BEGIN IMMEDIATE")
            base.execute("UPDATE checkpoints SET note = ?", (b"5" * 60_000,))
            (tmp_path / "killed").mkdir()
            for name in ("anchor.db", "anchor.db-journal"):
                shutil.copy(tmp_path / name, tmp_path / "killed" / name)
            base.execute("ROLLBACK")
        assert b"5555" in (tmp_path / "killed/anchor.db").read_bytes()
        killed = SqliteAnchor(tmp_path / "killed/anchor.db")
        assert killed.latest() == (4, b"4" * 60_000)
        killed.swap(expected=4, size=5, note=b"5")


class TestPostgresAnchor(AnchorContract):
    names = (f"ledger-{number}" for number in count())

    @pytest.fixture
    def anchor(self, postgres_address: str) -> Anchor:
        self.address, self.name = postgres_address, next(self.names)
        with psycopg.connect(self.address) as base:  # each test makes the tables itself
            base.execute("DROP TABLE IF EXISTS rekenschap_checkpoint, rekenschap_ledger")
        return PostgresAnchor(postgres_address, name=self.name)

    def test_ledgers_in_one_database_do_not_meet(self, anchor: Anchor):
        other = PostgresAnchor(self.address, name="other")
        anchor.swap(expected=None, size=4, note=b"4")
        assert other.latest() is None
        other.swap(expected=None, size=9, note=b"9")
        assert PostgresAnchor(self.address, name=self.name).history() == [(4, b"4")]

    def test_who_comes_second_waits_for_the_first_and_is_refused(self, anchor: Anchor):
        """Two connections: the first holds the row while the second tries, then commits."""
        anchor.swap(expected=None, size=0, note=b"0")
        with ThreadPoolExecutor(1) as pool:
            with psycopg.connect(self.address) as first:
                first.execute("SELECT FROM rekenschap_ledger WHERE name = %s FOR UPDATE", (self.name,))
                second = pool.submit(anchor.swap, expected=0, size=7, note=b"7")
                while not _waits(self.address):
                    assert not second.done()
                first.execute("INSERT INTO rekenschap_checkpoint VALUES (%s, 5, '5')", (self.name,))
            with pytest.raises(ForkError):
                second.result()
        assert anchor.history() == [(0, b"0"), (5, b"5")]

    def test_a_role_that_may_only_add_can_swap_and_not_erase(self, anchor: Anchor):
        anchor.swap(expected=None, size=0, note=b"0")
        with psycopg.connect(self.address) as base:
            base.execute("DROP ROLE IF EXISTS adder")
            base.execute("CREATE ROLE adder LOGIN")
            base.execute("GRANT SELECT, INSERT, UPDATE ON rekenschap_ledger TO adder")
            base.execute("GRANT SELECT, INSERT ON rekenschap_checkpoint TO adder")
        theirs = self.address.replace("rekenschap@", "adder@")
        PostgresAnchor(theirs, name=self.name).swap(expected=0, size=1, note=b"1")
        with psycopg.connect(theirs) as base, pytest.raises(psycopg.errors.InsufficientPrivilege):
            base.execute("DELETE FROM rekenschap_checkpoint")
        assert anchor.history() == [(0, b"0"), (1, b"1")]

    @pytest.mark.parametrize(
        ("name", "server", "ours"),
        [
            ("synchronous_commit", "off", "on"),
            ("synchronous_commit", "local", "on"),
            ("synchronous_commit", "remote_apply", "remote_apply"),
            ("transaction_isolation", "serializable", "read committed"),
            ("lock_timeout", "0", "10s"),
        ],
    )
    def test_a_checkpoint_is_durable_whatever_the_server_is_set_to(
        self, anchor: Anchor, name: str, server: str, ours: str
    ):
        anchor.swap(expected=None, size=0, note=b"0")
        setting = name.replace("transaction_", "default_transaction_")
        with psycopg.connect(self.address) as base:
            base.execute("CREATE TABLE IF NOT EXISTS seen (size bigint, setting text)")
            base.execute("TRUNCATE seen")
            base.execute(
                "CREATE OR REPLACE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608
                f"INSERT INTO seen VALUES (NEW.size, current_setting('{name}')); RETURN NEW; END $$"
            )
            base.execute(
                "CREATE TRIGGER see BEFORE INSERT ON rekenschap_checkpoint "
                "FOR EACH ROW EXECUTE FUNCTION see()"
            )
            base.execute(f"ALTER ROLE rekenschap SET {setting} = '{server}'")
        try:
            anchor.swap(expected=0, size=1, note=b"1")
            with psycopg.connect(self.address) as base:
                assert base.execute("SELECT setting FROM seen").fetchall() == [(ours,)]
        finally:
            with psycopg.connect(self.address) as base:
                base.execute(f"ALTER ROLE rekenschap RESET {setting}")

    def test_what_is_wrong_is_one_sentence_without_the_address(self, postgres_address: str):
        for address in (
            "postgresql://secretly@/none?host=/nowhere",
            "postgresql://secretly/nonsense?nothing=7",
            postgres_address.replace("rekenschap@", "secretly@"),
        ):
            with pytest.raises(StoreError, match="an anchor that answers, found no connection") as trouble:
                PostgresAnchor(address).latest()
            assert "secretly" not in f"{trouble.value}{trouble.value.__cause__}"
            assert trouble.value.__suppress_context__


def _waits(address: str) -> bool:
    with psycopg.connect(address) as base:
        return bool(base.execute("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchall())


class TestS3Anchor(AnchorContract):
    @pytest.fixture
    def anchor(self, bucket: Callable[[], Bucket]) -> Anchor:
        self.bucket = bucket()
        return S3Anchor(self.bucket)

    def test_another_anchor_on_the_bucket_sees_it(self, anchor: Anchor):
        anchor.swap(expected=None, size=4, note=b"4")
        assert S3Anchor(self.bucket).latest() == (4, b"4")

    def test_the_order_is_that_of_the_sizes(self, anchor: Anchor):
        for size, before in zip((1, 9, 10, 99, 100), (None, 1, 9, 10, 99), strict=True):
            anchor.swap(expected=before, size=size, note=b"%d" % size)
        assert anchor.history() == [(size, b"%d" % size) for size in (1, 9, 10, 99, 100)]

    def test_a_write_of_which_the_answer_got_lost_was_ours(
        self, anchor: Anchor, monkeypatch: pytest.MonkeyPatch
    ):
        put = self.bucket.put

        anchor.swap(expected=None, size=0, note=b"0")

        def lost(key: str, blob: bytes, *, new: bool) -> str | None:
            put(key, blob, new=new)
            return put(key, blob, new=new)  # what boto3 does when no answer came

        monkeypatch.setattr(self.bucket, "put", lost)
        anchor.swap(expected=0, size=4, note=b"4")
        assert anchor.latest() == (4, b"4")

    def test_the_same_checkpoint_by_another_is_a_fork(self, anchor: Anchor, monkeypatch: pytest.MonkeyPatch):
        """The other came between our look and our write, with the same bytes to say."""
        anchor.swap(expected=None, size=0, note=b"0")
        put, other = self.bucket.put, S3Anchor(self.bucket)

        def late(key: str, blob: bytes, *, new: bool) -> str | None:
            monkeypatch.setattr(self.bucket, "put", put)
            other.swap(expected=0, size=4, note=b"4")
            return put(key, blob, new=new)

        monkeypatch.setattr(self.bucket, "put", late)
        with pytest.raises(ForkError):
            anchor.swap(expected=0, size=4, note=b"4")

    def test_a_server_that_takes_a_condition_for_nothing_is_refused(self, anchor: Anchor):
        def strip(params: dict[str, dict[str, str]], **more: object) -> None:
            params["headers"].pop("If-None-Match", None)

        events = self.bucket._client.meta.events
        events.register("before-call.s3.PutObject", strip)
        try:
            with pytest.raises(StoreError, match="keeps to the condition"):
                anchor.swap(expected=None, size=1, note=b"1")
        finally:
            events.unregister("before-call.s3.PutObject", strip)
        assert list(self.bucket.listing()) == []

    def test_an_account_that_may_not_remove_can_begin_an_anchor(
        self, anchor: Anchor, monkeypatch: pytest.MonkeyPatch
    ):
        def refused(key: str) -> None:
            raise StoreError(expected="permission", found="none", remedy="none")

        monkeypatch.setattr(self.bucket, "delete", refused)
        for size, before in ((1, None), (2, 1)):
            anchor.swap(expected=before, size=size, note=b"n")
        assert [key[:7] for key in self.bucket.listing()][-1] == "~probe-"
        assert anchor.history() == [(1, b"n"), (2, b"n")]
        assert anchor.latest() == (2, b"n")

    def test_a_missing_checkpoint_is_trouble(self, anchor: Anchor):
        for size, before in ((1, None), (2, 1), (3, 2)):
            anchor.swap(expected=before, size=size, note=b"n")
        self.bucket.delete(sorted(self.bucket.listing())[1])
        with pytest.raises(StoreError, match="objects missing"):
            anchor.history()

    @pytest.mark.parametrize("key", ["0-strange", "000000000000", "readme"])
    def test_a_strange_object_is_trouble(self, anchor: Anchor, key: str):
        anchor.swap(expected=None, size=1, note=b"n")
        self.bucket.put(key, b"not a checkpoint")
        with pytest.raises(StoreError, match="an anchor that answers"):
            anchor.history()


def test_an_anchor_whose_table_is_damaged_is_trouble_and_no_fault(tmp_path):
    path = tmp_path / "anchor.db"
    SqliteAnchor(path).swap(expected=None, size=1, note=b"note")
    whole = path.read_bytes()
    place = whole.index(b"CREATE TABLE checkpoints")
    for at in (place, place + 13, place + 30):
        path.write_bytes(whole[:at] + bytes([whole[at] | 0x80]) + whole[at + 1 :])
        with pytest.raises(StoreError, match="an anchor that answers"):
            SqliteAnchor(path).history()
