# SPDX-License-Identifier: EUPL-1.2
"""Nodes of the stored tree, read tile by tile; level 0 is hashed from the packs. Believes nothing it reads:
what it gives only counts once a path over it leads to a signed root.
"""

from __future__ import annotations

from rekenschap.ledger.manifest import Manifest
from rekenschap.ledger.reading.kept import Kept
from rekenschap.ledger.writer import read_commitments
from rekenschap.seams.store import Store
from rekenschap.tlog.hashing import Hash, leaf_hashes
from rekenschap.tlog.layout import TILE_WIDTH, Tile, tile_of, tile_width

_TILES = 512  # 4 MiB
_NODES = 16_384  # 4 MiB: those of the schemas and the upper ones are in every proof


class TreeReader:
    """Reads nodes of the tree of `size` entries; satisfies `rekenschap.tlog.proof.NodeReader`.

    Keeps tiles and nodes, as far as they fit in some MiB: proofs of one tree share most of their path.
    """

    def __init__(self, *, store: Store, manifest: Manifest, size: int) -> None:
        self._store, self._manifest, self._size = store, manifest, size
        self._tiles: Kept[tuple[int, int], bytes] = Kept(_TILES)
        self._nodes: Kept[tuple[int, int], Hash] = Kept(_NODES)

    def __call__(self, level: int, index: int, /) -> Hash:
        """Return the root over 2**level leaves from leaf index * 2**level on."""
        return self._nodes.get((level, index), lambda: self._node(level, index))

    def _node(self, level: int, index: int) -> Hash:
        place = tile_of(level, index)
        at = (place.level, place.index)
        return place.node(self._tiles.get(at, lambda: self._read(*at)))

    def _read(self, level: int, index: int) -> bytes:
        if level == 0:
            first = index * TILE_WIDTH
            end = min(first + TILE_WIDTH, self._size)
            return leaf_hashes(read_commitments(self._store, self._manifest, (first, end)))
        width = tile_width(level, index, self._size)
        return self._store.get(Tile(level=level, index=index, width=width).path)
