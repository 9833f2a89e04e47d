# SPDX-License-Identifier: EUPL-1.2
"""How the tree grows tile by tile: the right edge a writer keeps, and the tiles a growth completes.

Works on packed hashes; reads and writes nothing. Tile level 0 is kept by nobody: it follows from the packs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from rekenschap.errors import MalformedProofError
from rekenschap.ledger.rows.hashing import parent_hashes
from rekenschap.tlog.hashing import HASH_SIZE, Hash
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
        return self._grown(0, leaves)

    def grow_tiles(self, roots: bytes) -> tuple[Self, dict[Tile, bytes]]:
        """Append whole tiles of 256 leaves by their packed roots; the edge must end on a whole tile."""
        if roots and self.size % TILE_WIDTH:
            raise MalformedProofError(
                expected=f"an edge that ends on a whole tile of {TILE_WIDTH} entries",
                found=f"one of {self.size} entries",
                remedy="grow by the leaves up to the next whole tile first",
            )
        return self._grown(1, roots)

    def partial_tiles(self) -> dict[Tile, bytes]:
        """Give the last tile of each level above 0, as far as it goes."""
        return {
            Tile(level=level, index=index, width=width): hashes
            for level, hashes in enumerate(self.levels)
            if level and hashes
            for index, width in [divmod(self.size >> TILE_HEIGHT * level, TILE_WIDTH)]
        }

    def _grown(self, level: int, nodes: bytes) -> tuple[Self, dict[Tile, bytes]]:
        size = self.size + (len(nodes) // HASH_SIZE << TILE_HEIGHT * level)
        levels: list[bytes] = list(self.levels[:level])
        levels += [b""] * (level - len(levels)) if nodes else []
        changed: dict[Tile, bytes] = {}
        while nodes or level < len(self.levels):
            known = self.levels[level] if level < len(self.levels) else b""
            run = known + nodes
            if level and nodes:
                changed |= _tiles_in(run, level, (self.size >> TILE_HEIGHT * level) // TILE_WIDTH)
            whole = len(run) // _TILE_BYTES * _TILE_BYTES
            levels.append(run[whole:])
            nodes = tile_roots(run[:whole])
            level += 1
        return type(self)(size=size, levels=tuple(levels)), changed


def _tiles_in(run: bytes, level: int, first: int) -> dict[Tile, bytes]:
    return {
        Tile(level=level, index=first + at // _TILE_BYTES, width=len(part) // HASH_SIZE): part
        for at in range(0, len(run), _TILE_BYTES)
        if (part := run[at : at + _TILE_BYTES])
    }


def tile_roots(full: bytes) -> bytes:
    """Give the packed roots of whole tiles: one hash for each 256."""
    for _ in range(TILE_HEIGHT):
        full = parent_hashes(full)
    return full
