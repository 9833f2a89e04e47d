# SPDX-License-Identifier: EUPL-1.2
"""Which identities came twice, put together some shares at a time."""

import numpy as np
import pytest

from rekenschap.ledger.check import once
from rekenschap.ledger.check.listing import Place
from rekenschap.ledger.check.once import Once

PLACE = Place(first=0, parquets=(), pack=None, has_secret=False)
EDGES = np.array([0, 2**56 - 1, 2**56, 2**63, 2**64 - 1], dtype=np.uint64)


def drawn(seed: int, runs: int) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    return [
        np.sort(np.concatenate([random.integers(0, 2**64, 3_000, dtype=np.uint64), EDGES[: run % 6]]))
        for run in range(runs)
    ]


@pytest.mark.parametrize("at_once", [100, 5_000, 1 << 22])
@pytest.mark.parametrize("runs", [1, 2, 9])
def test_just_what_came_twice_is_told(at_once: int, runs: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(once, "_AT_ONCE", at_once)
    every, kept = drawn(runs, runs), Once()
    for identities in every:
        kept.add("look", identities, place=PLACE)
        kept.add("other", np.zeros(0, dtype=np.uint64), place=PLACE)
    values, counts = np.unique(np.concatenate(every), return_counts=True)
    found = kept.twice()
    kept.close()
    assert "other" not in found
    assert found.get("look", np.zeros(0, dtype=np.uint64)).tolist() == values[counts > 1].tolist()


def test_without_identities_nothing_came_twice():
    kept = Once()
    assert kept.twice() == {}
    kept.close()
