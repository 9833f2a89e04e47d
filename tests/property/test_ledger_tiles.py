# SPDX-License-Identifier: EUPL-1.2
"""A tree that grows by leaves, by whole tiles, or by both, is one tree."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.errors import MalformedProofError
from rekenschap.ledger.tiles import Edge, tile_roots
from rekenschap.tlog.hashing import leaf_hashes
from rekenschap.tlog.layout import tiles_at
from rekenschap.tlog.tree import root_of


def leaves(count: int) -> bytes:
    return leaf_hashes(random.Random(7).randbytes(32 * count))  # noqa: S311 — test data


LEAVES = leaves(4_000)


@given(st.integers(0, 1_200), st.integers(0, 2_600))
def test_whole_tiles_grow_the_tree_as_their_leaves_do(start: int, more: int):
    border = min(-(-start // 256) * 256, start + more)
    aligned = max(border, (start + more) // 256 * 256)
    by_leaves, changed = Edge().grow(LEAVES[: 32 * start])[0].grow(LEAVES[32 * start : 32 * (start + more)])
    edge, _ = Edge().grow(LEAVES[: 32 * start])
    tiles = {}
    for step in (
        lambda e: e.grow(LEAVES[32 * start : 32 * border]),
        lambda e: e.grow_tiles(tile_roots(LEAVES[32 * border : 32 * aligned])),
        lambda e: e.grow(LEAVES[32 * aligned : 32 * (start + more)]),
    ):
        edge, grown = step(edge)
        tiles |= grown
    assert edge == by_leaves
    assert edge.root() == root_of(LEAVES[: 32 * (start + more)])
    assert changed.items() <= tiles.items()


@given(st.integers(0, 4_000))
def test_the_partial_tiles_of_an_edge_are_the_last_of_each_level(size: int):
    edge, changed = Edge().grow(LEAVES[: 32 * size])
    assert edge.partial_tiles().items() <= changed.items()
    wanted = {tile for level in (1, 2) for tile in tiles_at(level, size) if tile.width < 256}
    assert set(edge.partial_tiles()) == wanted


def test_whole_tiles_do_not_fit_on_a_ragged_edge():
    edge, _ = Edge().grow(LEAVES[: 32 * 3])
    with pytest.raises(MalformedProofError):
        edge.grow_tiles(tile_roots(LEAVES[: 32 * 256]))
