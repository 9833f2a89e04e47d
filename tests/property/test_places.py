# SPDX-License-Identifier: EUPL-1.2
"""Where each original is, by whatever way it came there: found, forgotten, and never put away twice."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap.intake import SealedOriginals
from rekenschap.intake.private import places
from rekenschap.intake.private.places import RUNS, TREE, Places
from rekenschap.intake.private.remembered import Remembered, halves

KEY = b"k" * 32
tokens = st.one_of(
    st.binary(min_size=16, max_size=16),
    st.integers(0, 50).map(lambda number: number.to_bytes(16, "big")),
    st.integers(0, 50).map(lambda number: number.to_bytes(16, "little")),
)


def opened(path: str = ":memory:") -> sqlite3.Connection:
    base = sqlite3.connect(path, isolation_level=None)
    for statement in (
        "CREATE TABLE IF NOT EXISTS keys (token BLOB NOT NULL UNIQUE, wrapped BLOB)",
        TREE,
        RUNS,
    ):
        base.execute(statement)
    return base


@given(
    deliveries=st.lists(st.sets(tokens, min_size=1, max_size=80), min_size=1, max_size=12),
    asked=st.lists(tokens, min_size=1, max_size=200),
    gone=st.sets(st.integers(0, 200), max_size=4),
)
def test_every_token_is_found_in_its_pack_and_no_other_is(
    deliveries: list[set[bytes]], asked: list[bytes], gone: set[int]
) -> None:
    mine, other = Places(base := opened()), Places(base)
    expected: dict[bytes, int] = {}
    for number, some in enumerate(deliveries, 1):
        fresh = [token for token in sorted(some) if token not in expected]
        if fresh:
            writer = (mine, other)[number % 2]
            writer.add(halves(b"".join(fresh)), np.full(len(fresh), number, dtype=np.uint32))
            expected |= dict.fromkeys(fresh, number)
    forgotten = {token for at, token in enumerate(sorted(expected)) if at in gone}
    for token in forgotten:
        mine.forget(token)

    for each in (mine, other):
        assert each.known(halves(b"".join(asked))).tolist() == [token in expected for token in asked]
        assert each.known(halves(b"".join(expected))).all()
        for token in asked[:10]:
            packs = [] if token in forgotten or token not in expected else [expected[token]]
            assert each.packs(token) == packs


def test_runs_are_joined_so_that_few_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    held, random = Places(base := opened()), np.random.default_rng(1)
    monkeypatch.setattr(places, "_MOST", 3_000)
    for number in range(1, 41):
        held.add(
            random.integers(0, 1 << 63, (100, 2)).astype(np.uint64), np.full(100, number, dtype=np.uint32)
        )
    sizes = [many for (many,) in base.execute("SELECT many FROM runs ORDER BY number")]

    assert sum(sizes) == 4_000
    assert len(sizes) <= 8
    assert max(sizes) <= 3_000


def test_a_token_is_remembered_until_another_takes_its_place() -> None:
    random = np.random.default_rng(1)
    some = random.integers(0, 1 << 63, (400, 2)).astype(np.uint64)
    met = Remembered(1 << 11)
    assert met.meet(some).all()
    assert met.meet(some).mean() < 0.2
    assert met.meet(random.integers(0, 1 << 63, (400, 2)).astype(np.uint64)).all()


def test_two_programs_put_the_same_original_away_once(tmp_path) -> None:
    texts = {number.to_bytes(16, "little"): f"invented-{number}" for number in range(600)}
    one, two = (SealedOriginals(tmp_path, cipher=AesGcm(), sealing_key=KEY, period="2026") for _ in range(2))
    for each in (one, two, one):
        each.seal({"subject": texts})
    assert one._keys.execute("SELECT sum(many) FROM runs").fetchone() == (600,)
    assert two.unseal((7).to_bytes(16, "little")) == "invented-7"
    one.close(), two.close()


def test_a_file_with_a_tree_of_places_is_still_found_in_and_not_put_away_again(tmp_path) -> None:
    texts = {number.to_bytes(16, "little"): f"invented-{number}" for number in range(600)}
    older = SealedOriginals(tmp_path, cipher=AesGcm(), sealing_key=KEY, period="2026")
    older.seal({"subject": texts})
    rows = [(token, older._places.packs(token)[0]) for token in texts]
    older._keys.executemany("INSERT INTO places VALUES (?, ?)", rows)
    older._keys.execute("DROP TABLE runs")  # as version 2 wrote it
    older.close()

    now = SealedOriginals(tmp_path, cipher=AesGcm(), sealing_key=KEY, period="2026")
    more = {number.to_bytes(16, "little"): f"invented-{number}" for number in range(500, 1_200)}
    now.seal({"subject": texts | more})
    assert now._keys.execute("SELECT sum(many) FROM runs").fetchone() == (600,)
    assert [now.unseal(token) for token in texts | more] == list((texts | more).values())
    now.forget((3).to_bytes(16, "little"))
    assert now._places.packs((3).to_bytes(16, "little")) == []
    now.close()
