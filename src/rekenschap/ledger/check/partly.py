# SPDX-License-Identifier: EUPL-1.2
"""Less than every row: the tree by its stored tiles alone, and some runs row by row, bound to that tree.

All tiles are read and lead to every signed root; so rows of a run that fit them are those that were signed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from rekenschap.errors import InconsistentError, WrongLeafError
from rekenschap.ledger.check.listing import Listing, Place
from rekenschap.ledger.check.runs.leaves import Grown, subtrees_within
from rekenschap.ledger.check.runs.survey import Surveyed
from rekenschap.ledger.manifest import missing_entry
from rekenschap.ledger.rows.commitments import COMMITMENT_SIZE
from rekenschap.ledger.rows.hashing import leaf_hashes
from rekenschap.ledger.segments import SCHEMA_NAME
from rekenschap.model.custody import CUSTODY_RELATIONS
from rekenschap.seams.store import Store
from rekenschap.tlog.hashing import HASH_SIZE
from rekenschap.tlog.layout import TILE_WIDTH, Tile, tiles_at
from rekenschap.tlog.tree import root_of

_EVIDENCE = "keep the ledger as evidence and check every row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skim:
    """The tree of the first `size` entries by its tiles of level 1: one hash for each 256 entries."""

    store: Store
    listing: Listing
    size: int
    nodes: bytes

    @classmethod
    def of(cls, store: Store, listing: Listing, size: int) -> Skim:
        """Read the tiles of level 1; raises InconsistentError when one is missing or too short."""
        widest: dict[int, Tile] = {}
        for tile in listing.tiles:
            if tile.level == 1 and (tile.index not in widest or widest[tile.index].width < tile.width):
                widest[tile.index] = tile
        parts: list[bytes] = []
        for needed in tiles_at(1, size):
            hashes = store.get(widest[needed.index].path) if needed.index in widest else b""
            if len(hashes) < needed.width * HASH_SIZE:
                raise InconsistentError(
                    expected=f"the tile {needed.path}, whole or as the beginning of a wider one",
                    found=f"{len(hashes)} bytes",
                    remedy="restore the tile from a copy, or check every row",
                    entry=needed.index * TILE_WIDTH * TILE_WIDTH,
                )
            parts.append(hashes[: needed.width * HASH_SIZE])
        return cls(store=store, listing=listing, size=size, nodes=b"".join(parts))

    def grown(self, sizes: Iterable[int]) -> Grown:
        """Give the whole tree to grow by, ready for the roots at these sizes."""
        border = self.size - self.size % TILE_WIDTH
        within = [
            (size, subtrees_within(leaf_hashes(self._commitments(size - size % TILE_WIDTH, size))))
            for size in sizes
            if size < border and size % TILE_WIDTH
        ]
        tail = leaf_hashes(self._commitments(border, self.size))
        return Grown(first=0, tiles=self.nodes, tail=tail, within=tuple(within))

    def check_bound(self, found: Surveyed) -> None:
        """Check that a run is the part of this tree it says it is; raises WrongLeafError."""
        grown = found.grown
        start = grown.border // TILE_WIDTH
        for number in range(len(grown.tiles) // HASH_SIZE):
            node = grown.tiles[number * HASH_SIZE : (number + 1) * HASH_SIZE]
            self._check_node(start + number, node, found.place)
        edges = {grown.first // TILE_WIDTH} if grown.head else set()
        edges |= {grown.end // TILE_WIDTH} if grown.tail else set()
        for block in edges:
            if (block + 1) * TILE_WIDTH <= self.size:
                self._check_node(block, self._node(block, grown), found.place)

    def _node(self, block: int, grown: Grown) -> bytes:
        """Give the root over 256 entries of which the run has some; the others are by their commitments."""
        first, end = block * TILE_WIDTH, (block + 1) * TILE_WIDTH
        leaves = bytearray(leaf_hashes(self._commitments(first, end)))
        for at, own in ((grown.first, grown.head), (grown.end - len(grown.tail) // HASH_SIZE, grown.tail)):
            if own and first <= at < end:
                leaves[(at - first) * HASH_SIZE : (at - first) * HASH_SIZE + len(own)] = own
        return root_of(bytes(leaves)).raw

    def _check_node(self, block: int, node: bytes, place: Place) -> None:
        if self.nodes[block * HASH_SIZE : (block + 1) * HASH_SIZE] != node:
            entry, last = max(block * TILE_WIDTH, place.first), (block + 1) * TILE_WIDTH - 1
            raise WrongLeafError(
                expected=f"the signed entries from {entry} up to {last} in {place.name}",
                found="rows and commitments that were both changed",
                remedy=_EVIDENCE,
                entry=entry,
            )

    def _commitments(self, first: int, end: int) -> bytes:
        parts: list[bytes] = []
        for name, start, stop in self.listing.packs():
            if start <= first < stop and first < end:
                until = min(stop, end)
                length = (until - first) * COMMITMENT_SIZE
                parts.append(self.store.read(name, start=(first - start) * COMMITMENT_SIZE, length=length))
                first = until
        if first < end:
            raise missing_entry(first, "neither a segment nor a tail with its commitment")
        return b"".join(parts)


def drawn(places: list[Place], count: int, *, seed: int) -> list[Place]:
    """Draw runs to be read row by row: those with schemas and custody, and `count` others by chance."""
    special = [place for place in places if is_special(place)]
    others = [place for place in places if not is_special(place)]
    chosen = Random(seed).sample(others, min(count, len(others)))  # noqa: S311 — repeatable, not secret
    return sorted([*special, *chosen], key=lambda each: each.first)


def is_special(place: Place) -> bool:
    """Say whether a run holds what all others are read with: schemas, or facts about custody."""
    return any(each.relation == SCHEMA_NAME or each.relation in CUSTODY_RELATIONS for each in place.parquets)
