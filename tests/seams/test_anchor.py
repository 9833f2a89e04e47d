# SPDX-License-Identifier: EUPL-1.2
"""What every anchor must keep to; each adapter inherits the suite."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rekenschap.adapters.anchors import MemoryAnchor, SqliteAnchor
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


def test_an_anchor_whose_table_is_damaged_is_trouble_and_no_fault(tmp_path):
    path = tmp_path / "anchor.db"
    SqliteAnchor(path).swap(expected=None, size=1, note=b"note")
    whole = path.read_bytes()
    place = whole.index(b"CREATE TABLE checkpoints")
    for at in (place, place + 13, place + 30):
        path.write_bytes(whole[:at] + bytes([whole[at] | 0x80]) + whole[at + 1 :])
        with pytest.raises(StoreError, match="an anchor that answers"):
            SqliteAnchor(path).history()
