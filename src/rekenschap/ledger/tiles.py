# SPDX-License-Identifier: EUPL-1.2
"""How the tree grows tile by tile: the right edge a writer keeps, and the tiles a growth completes.

Works on packed hashes; reads and writes nothing. Tile level 0 is kept by nobody: it follows from the packs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from rekenschap.tlog.hashing import HASH_SIZE, Hash, parent_hashes
from rekenschap.tlog.layout import TILE_HEIGHT, TILE_WIDTH, Tile
from rekenschap.tlog.tree import EMPTY_FRONTIER, Frontier

_TILE_BYTES = TILE_WIDTH * HASH_SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The right edge of a tree: for each tile level the packed hashes of its last, incomplete tile."""

    size: int = 0
    levels: tuple[bytes, ...] = ()

    def root(self) -> Hash:
        """Give the root of the tree up to this edge."""
        subtrees = [EMPTY_FRONTIER.extend(level).hashes for level in reversed(self.levels)]
        return Frontier(size=self.size, hashes=b"".join(subtrees)).root()

    def grow(self, leaves: bytes) -> tuple[Self, dict[Tile, bytes]]:
        """Append packed leaf hashes; give the new edge and every tile of level 1 and up that changed."""
        levels: list[bytes] = []
        changed: dict[Tile, bytes] = {}
        nodes, level = leaves, 0
        while nodes or level < len(self.levels):
            known = self.levels[level] if level < len(self.levels) else b""
            run = known + nodes
            if level and nodes:
                changed |= _tiles_in(run, level, (self.size >> TILE_HEIGHT * level) // TILE_WIDTH)
            whole = len(run) // _TILE_BYTES * _TILE_BYTES
            levels.append(run[whole:])
            nodes = _tile_roots(run[:whole])
            level += 1
        return type(self)(size=self.size + len(leaves) // HASH_SIZE, levels=tuple(levels)), changed


def _tiles_in(run: bytes, level: int, first: int) -> dict[Tile, bytes]:
    return {
        Tile(level=level, index=first + at // _TILE_BYTES, width=len(part) // HASH_SIZE): part
        for at in range(0, len(run), _TILE_BYTES)
        if (part := run[at : at + _TILE_BYTES])
    }


def _tile_roots(full: bytes) -> bytes:
    for _ in range(TILE_HEIGHT):
        full = parent_hashes(full)
    return full
