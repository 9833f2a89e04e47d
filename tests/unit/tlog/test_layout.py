# SPDX-License-Identifier: EUPL-1.2
"""Tile paths, widths and places, against the definitions of C2SP tlog-tiles."""

from collections import Counter

import pytest

from rekenschap.errors import MalformedProofError
from rekenschap.tlog.hashing import leaf_hash, parent_hashes
from rekenschap.tlog.layout import Tile, bundle_of, entries_of, tile_of, tile_width, tiles_at, tiles_of
from rekenschap.tlog.tree import root_of


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(level=0, index=0), "tile/0/000"),
        (Tile(level=0, index=999, width=1), "tile/0/999.p/1"),
        (Tile(level=1, index=1000, width=255), "tile/1/x001/000.p/255"),
        (Tile(level=63, index=1234067), "tile/63/x001/x234/067"),
        (Tile(level=None, index=1234067, width=17), "tile/entries/x001/x234/067.p/17"),
    ],
)
def test_a_tile_has_one_path(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert Tile.from_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "", "tile/0/0", "tile/0/0000", "tile/00/000", "tile/64/000", "tile/-1/000", "tile/0/001/000",
        "tile/0/x000/001", "tile/0/x001", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01",
        "tile/0/000/", "/tile/0/000", "tile/0/000\n", "tile/0/٠٠٠", "tile/0/../000", "tile/data/000",
        "tile/0/" + "x999/" * 7 + "999", "tile/0/x009/x223/x372/x036/x854/x775/808",
    ],
)  # fmt: skip
def test_a_path_that_is_not_the_one_spelling_is_refused(path: str) -> None:
    with pytest.raises(MalformedProofError):
        Tile.from_path(path)


def test_the_tree_of_70_000_leaves_has_the_tiles_the_specification_counts() -> None:
    tiles = list(tiles_of(70_000))
    assert Counter((tile.level, tile.width) for tile in tiles) == {
        (0, 256): 273, (0, 112): 1, (1, 256): 1, (1, 17): 1, (2, 1): 1,
    }  # fmt: skip


def test_a_full_tile_begins_a_partial_one_above_it() -> None:
    assert [tile.path for tile in tiles_of(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert [tile.path for tile in tiles_of(255)] == ["tile/0/000.p/255"]
    assert list(tiles_of(0)) == []


@pytest.mark.parametrize("since", [0, 1, 255, 256, 300, 65_535, 65_536])
def test_growing_names_just_the_tiles_that_are_new_or_wider(since: int) -> None:
    for size in {since, since + 1, since + 255, since + 256, since + 257, 70_000}:
        assert set(tiles_of(size, since)) == set(tiles_of(size)) - set(tiles_of(since))
    assert list(tiles_at(0, since, since)) == []


@pytest.mark.parametrize(
    ("level", "index", "width"), [(0, 273, 112), (0, 272, 256), (0, 274, 0), (2, 0, 1), (3, 0, 0)]
)
def test_a_tile_is_as_wide_as_the_size_says(level: int, index: int, width: int) -> None:
    assert tile_width(level, index, 70_000) == width


def test_every_perfect_node_is_found_in_its_tile() -> None:
    leaves = b"".join(leaf_hash(n.to_bytes(2, "big")).raw for n in range(600))
    levels = [leaves]
    while len(levels[-1]) >= 64:
        even = len(levels[-1]) // 64 * 64
        levels.append(parent_hashes(levels[-1][:even]))
    for level, nodes in enumerate(levels):
        for index in range(len(nodes) // 32):
            place = tile_of(level, index)
            start = 32 * 256 * place.index
            node = place.node(levels[8 * place.level][start : start + 8192])
            assert node.raw == nodes[32 * index : 32 * index + 32]
            assert node == root_of(leaves[32 * (index << level) : 32 * ((index + 1) << level)])


def test_a_tile_that_is_too_narrow_holds_no_node() -> None:
    with pytest.raises(MalformedProofError, match="at least 4 hashes"):
        tile_of(2, 0).node(bytes(96))


def test_a_bundle_gives_its_entries_back() -> None:
    entries = bytes(range(96))
    bundle = bundle_of(entries)
    assert len(bundle) == 3 * 34
    assert bundle[:2] == b"\x00\x20"
    assert entries_of(bundle) == entries


@pytest.mark.parametrize("bundle", [b"\x00\x20", b"\x00\x21" + bytes(32), b"\x00\x20" + bytes(33)])
def test_a_bundle_of_other_entries_is_refused(bundle: bytes) -> None:
    with pytest.raises(MalformedProofError):
        entries_of(bundle)
