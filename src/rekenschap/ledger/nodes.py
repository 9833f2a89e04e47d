# SPDX-License-Identifier: EUPL-1.2
"""Nodes of the stored tree, read tile by tile; level 0 is hashed from the packs. Believes nothing it reads:
what it gives only counts once a path over it leads to a signed root.
"""

from __future__ import annotations

from rekenschap.ledger.manifest import Manifest
from rekenschap.ledger.reading.kept import Kept
from rekenschap.ledger.writer import read_commitments
from rekenschap.seams.store import Store
from rekenschap.tlog.hashing import HASH_SIZE, Hash, leaf_hashes, parent_hashes
from rekenschap.tlog.layout import TILE_HEIGHT, TILE_WIDTH, Place, Tile, tile_of, tile_width

_TILES = 256  # 4 MiB
_NODES = 16_384  # 4 MiB: those of the schemas and the upper ones are in every proof


class TreeReader:
    """Reads nodes of the tree of `size` entries; satisfies `rekenschap.tlog.proof.NodeReader`.

    Keeps tiles and nodes, as far as they fit in some MiB: proofs of one tree share most of their path.
    """

    def __init__(self, *, store: Store, manifest: Manifest, size: int) -> None:
        self._store, self._manifest, self._size = store, manifest, size
        self._tiles: Kept[tuple[int, int], _Heights] = Kept(_TILES)
        self._nodes: Kept[tuple[int, int], Hash] = Kept(_NODES)

    def __call__(self, level: int, index: int, /) -> Hash:
        """Return the root over 2**level leaves from leaf index * 2**level on."""
        return self._nodes.get((level, index), lambda: self._node(level, index))

    def _node(self, level: int, index: int) -> Hash:
        place = tile_of(level, index)
        at = (place.level, place.index)
        return _node_in(self._tiles.get(at, lambda: _heights(self._read(*at))), place)

    def _read(self, level: int, index: int) -> bytes:
        if level == 0:
            first = index * TILE_WIDTH
            end = min(first + TILE_WIDTH, self._size)
            return leaf_hashes(read_commitments(self._store, self._manifest, (first, end)))
        width = tile_width(level, index, self._size)
        return self._store.get(Tile(level=level, index=index, width=width).path)


_Heights = tuple[bytes, ...]
"""a tile, and above it its nodes of each height: the nodes of a path, together, need nearly all of them"""


def _heights(tile: bytes) -> _Heights:
    heights = [tile]
    while len(heights) < TILE_HEIGHT:
        below = heights[-1]
        heights.append(parent_hashes(below[: len(below) // (2 * HASH_SIZE) * 2 * HASH_SIZE]))
    return tuple(heights)


def _node_in(heights: _Heights, place: Place) -> Hash:
    height = place.count.bit_length() - 1
    start = (place.first >> height) * HASH_SIZE
    node = heights[height][start : start + HASH_SIZE]
    return Hash(node) if len(node) == HASH_SIZE else place.node(heights[0])  # which says what is missing
