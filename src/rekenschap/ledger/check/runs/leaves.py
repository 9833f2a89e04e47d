# SPDX-License-Identifier: EUPL-1.2
"""What the leaves of one run add to the tree, small enough to hand over: whole tiles by their roots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rekenschap.ledger.rows.hashing import Buffer, leaf_hashes, tile_hashes
from rekenschap.ledger.tiles import tile_roots
from rekenschap.tlog.hashing import HASH_SIZE
from rekenschap.tlog.layout import TILE_WIDTH
from rekenschap.tlog.tree import EMPTY_FRONTIER


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """The leaves of the entries from `first` on.

    `head` up to the next whole tile, `tiles` the roots of the whole tiles after that, `tail` what is left;
    `within` has, for sizes inside those tiles, the subtrees that stand right of the last whole tile.
    """

    first: int
    head: bytes = b""
    tiles: bytes = b""
    tail: bytes = b""
    within: tuple[tuple[int, bytes], ...] = ()

    @property
    def end(self) -> int:
        """Index of the entry after the last."""
        return self.border + len(self.tiles) // HASH_SIZE * TILE_WIDTH + len(self.tail) // HASH_SIZE

    @property
    def border(self) -> int:
        """Where the whole tiles begin."""
        return self.first + len(self.head) // HASH_SIZE


def grown(commitments: bytes, *, first: int, sizes: Iterable[int]) -> Grown:
    """Hash packed commitments of the entries from `first` on; `sizes` are those at which a root is signed."""
    count = len(commitments) // HASH_SIZE
    before = min(-first % TILE_WIDTH, count)
    whole = (count - before) // TILE_WIDTH * TILE_WIDTH
    border, end = first + before, first + before + whole
    leaves, roots = _hashed(memoryview(commitments)[before * HASH_SIZE : (before + whole) * HASH_SIZE])
    return Grown(
        first=first,
        head=leaf_hashes(commitments[: before * HASH_SIZE]),
        tiles=roots,
        tail=leaf_hashes(commitments[(before + whole) * HASH_SIZE :]),
        within=tuple(_within(leaves, border, [s for s in sizes if border < s < end and s % TILE_WIDTH])),
    )


def _hashed(entries: memoryview) -> tuple[Buffer, bytes]:
    """Give the leaves and the roots of whole tiles."""
    found = tile_hashes(entries)
    if found is None:
        leaves = leaf_hashes(bytes(entries))
        return leaves, tile_roots(leaves)
    return found


def subtrees_within(leaves: bytes) -> bytes:
    """Give the packed roots of the perfect subtrees over packed leaves, largest first."""
    return EMPTY_FRONTIER.extend(leaves).hashes


def _within(leaves: Buffer, first: int, sizes: Iterable[int]) -> Iterable[tuple[int, bytes]]:
    frontier, block = EMPTY_FRONTIER, -1
    for size in sorted(sizes):
        start = size - size % TILE_WIDTH
        if start != block:
            frontier, block = EMPTY_FRONTIER, start
        known = start + frontier.size
        frontier = frontier.extend(bytes(leaves[(known - first) * HASH_SIZE : (size - first) * HASH_SIZE]))
        yield size, frontier.hashes
