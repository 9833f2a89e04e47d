# SPDX-License-Identifier: EUPL-1.2
"""Nodes of the stored tree, read tile by tile; level 0 is hashed from the packs. Believes nothing it reads:
what it gives only counts once a path over it leads to a signed root.
"""

from __future__ import annotations

from rekenschap.ledger.manifest import Manifest
from rekenschap.ledger.writer import read_commitments
from rekenschap.seams.store import Store
from rekenschap.tlog.hashing import Hash, leaf_hashes
from rekenschap.tlog.layout import TILE_WIDTH, Tile, tile_of, tile_width


class TreeReader:
    """Reads nodes of the tree of `size` entries; satisfies `rekenschap.tlog.proof.NodeReader`."""

    def __init__(self, *, store: Store, manifest: Manifest, size: int) -> None:
        self._store, self._manifest, self._size = store, manifest, size
        self._tiles: dict[tuple[int, int], bytes] = {}

    def __call__(self, level: int, index: int, /) -> Hash:
        """Return the root over 2**level leaves from leaf index * 2**level on."""
        place = tile_of(level, index)
        at = (place.level, place.index)
        if at not in self._tiles:
            self._tiles[at] = self._read(place.level, place.index)
        return place.node(self._tiles[at])

    def _read(self, level: int, index: int) -> bytes:
        if level == 0:
            first = index * TILE_WIDTH
            end = min(first + TILE_WIDTH, self._size)
            return leaf_hashes(read_commitments(self._store, self._manifest, (first, end)))
        width = tile_width(level, index, self._size)
        return self._store.get(Tile(level=level, index=index, width=width).path)
