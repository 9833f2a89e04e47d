# SPDX-License-Identifier: EUPL-1.2
"""Rows put together while they are hashed, and trees over whole tiles: the same hashes as one by one."""

import random
from hashlib import sha256

import numpy as np
import pytest

from rekenschap.errors import EngineError
from rekenschap.ledger.rows import hashing
from rekenschap.ledger.rows.lanes import Lanes, Step, Tails, lanes
from rekenschap.tlog import hashing as reference

LINE = bytes(range(130))


@pytest.fixture
def code() -> Lanes:
    compiled = lanes()
    if compiled is None:
        pytest.skip("the extra fast is not installed, or this processor cannot")
    return compiled


def no_tails(count: int) -> Tails:
    return Tails(b"", np.zeros(2, dtype=np.int64), np.zeros(count, dtype=np.int32))


def raw(count: int, width: int) -> np.ndarray:
    return np.frombuffer(random.Random(width).randbytes(count * width), dtype=f"V{width}")  # noqa: S311 — test data


def written_out(steps: list[Step], tails: Tails, row: int) -> bytes:
    line = bytearray(LINE)
    for place, values, turned, table in steps:
        value = values[row : row + 1] if table is None else table[int(values[row])][None].astype(table.dtype)
        line[place : place + value.itemsize] = value.tobytes()[:: -1 if turned else 1]
    pick = int(tails.picks[row])
    return bytes(line) + bytes(tails.blob)[int(tails.bounds[pick]) : int(tails.bounds[pick + 1])]


@pytest.mark.parametrize("count", [1, 15, 16, 17, 1_000])
def test_values_of_every_width_stand_in_their_lines(code: Lanes, count: int):
    numbers = np.arange(-5, 3 * count - 5, dtype=np.int64)[::3]
    picks = np.arange(count, dtype=np.int32) % 3
    steps = [
        Step(0, raw(count, 16)),
        Step(16, numbers, turned=True),
        Step(24, numbers.astype(np.int32), turned=True),
        Step(30, raw(count, 1)),
        Step(40, raw(count, 37)),
        Step(77, raw(count, 32)),
        Step(109, numbers),
        Step(126, picks, table=np.array([1, 2**31, 7], dtype=">u4")),
    ]
    tails = Tails(b"known one and two", np.array([5, 8, 8, 17]), picks)
    found = code.rows(LINE, steps, tails)
    assert bytes(found) == b"".join(sha256(written_out(steps, tails, row)).digest() for row in range(count))


@pytest.mark.parametrize(
    "step",
    [
        Step(0, np.zeros(19, dtype=np.int64)),
        Step(-1, np.zeros(20, dtype=np.int64)),
        Step(len(LINE) - 7, np.zeros(20, dtype=np.int64)),
        Step(0, np.zeros((20, 2), dtype=np.int64)),
        Step(0, np.full(20, 2, dtype=np.int32), table=np.zeros(2, dtype=">u4")),
        Step(0, np.full(20, -1, dtype=np.int32), table=np.zeros(2, dtype=">u4")),
        Step(0, np.zeros(20, dtype=np.int64), table=np.zeros(2, dtype=">u4")),
        Step(0, np.zeros(20, dtype=np.int32), table=np.zeros(4, dtype=">u4")[::2]),
        Step(0, raw(20, 16), turned=True),
    ],
)
def test_no_step_leads_out_of_its_line_or_its_values(code: Lanes, step: Step):
    with pytest.raises(IndexError):
        code.rows(LINE, [step], no_tails(20))


def test_a_tail_that_is_not_there_is_refused(code: Lanes):
    with pytest.raises(IndexError):
        code.rows(LINE, [], Tails(b"abc", np.array([0, 3]), np.ones(4, dtype=np.int32)))


@pytest.mark.parametrize("tiles", [0, 1, 2, 3, 16, 33])
def test_tiles_are_those_of_the_reference(code: Lanes, tiles: int):
    entries = random.Random(tiles).randbytes(8_192 * tiles)  # noqa: S311 — test data
    leaves, roots = code.tiles(entries)
    nodes = reference.leaf_hashes(entries)
    assert bytes(leaves) == nodes
    for _ in range(8):
        nodes = reference.parent_hashes(nodes)
    assert roots == nodes


def test_lines_in_which_nothing_is_put_are_all_alike(code: Lanes):
    assert bytes(code.rows(LINE, [], no_tails(20))) == 20 * sha256(LINE).digest()


def test_a_tile_that_is_not_whole_is_refused(code: Lanes):
    with pytest.raises(IndexError):
        code.tiles(bytes(8_192 + 32))


class Liar:
    """Hashes nothing and says it did."""

    def rows(self, line: bytes, steps: list[Step], tails: Tails) -> bytes:
        return bytes(32 * len(tails.picks))

    def tiles(self, entries: bytes) -> tuple[bytes, bytes]:
        return hashing.leaf_hashes(entries), bytes(len(entries) // 256)


def test_hashes_of_other_rows_are_not_believed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hashing, "lanes", Liar)
    with pytest.raises(EngineError):
        hashing.digests_of_rows(LINE, [Step(0, raw(20, 16))], no_tails(20))


def test_roots_of_other_tiles_are_not_believed(monkeypatch: pytest.MonkeyPatch):
    honest = reference.leaf_hashes
    monkeypatch.setattr(hashing, "leaf_hashes", honest)
    monkeypatch.setattr(hashing, "lanes", Liar)
    with pytest.raises(EngineError):
        hashing.tile_hashes(bytes(8_192 * 4))


def test_a_right_row_is_believed(code: Lanes):
    steps = [Step(3, np.arange(700, dtype=np.int64), turned=True)]
    found = hashing.digests_of_rows(LINE, steps, no_tails(700))
    assert bytes(found[-32:]) == sha256(written_out(steps, no_tails(700), 699)).digest()
