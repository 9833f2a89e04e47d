# SPDX-License-Identifier: EUPL-1.2
"""The tree, rebuilt run by run from the rows and compared with what is stored and what was signed.

It stops at the first thing that differs. Knows the signed roots it must pass, not who signed them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rekenschap.errors import InconsistentError, RekenschapError, StoreError, WrongLeafError, WrongRootError
from rekenschap.ledger.check.listing import Listing, Place, end_of
from rekenschap.ledger.check.runs.leaves import Grown
from rekenschap.ledger.check.runs.survey import Surveyed
from rekenschap.ledger.manifest import missing_entry
from rekenschap.ledger.tiles import Edge
from rekenschap.seams.store import Store
from rekenschap.tlog.hashing import HASH_SIZE, Hash
from rekenschap.tlog.layout import TILE_HEIGHT, TILE_WIDTH, Tile, tiles_at
from rekenschap.tlog.tree import EMPTY_FRONTIER, Frontier, fold

_EVIDENCE = "keep the ledger as evidence and compare it with a copy"


class Walk:
    """A tree that is rebuilt run by run and compared with what is stored and what was signed."""

    def __init__(self, *, store: Store, listing: Listing, roots: Mapping[int, Hash]) -> None:
        self._store, self._listing, self._roots = store, listing, roots
        self._sizes = sorted(roots)
        self._edge, self._frontier = Edge(), EMPTY_FRONTIER
        self._believed = 0
        """The last size at which the rebuilt root was the signed one."""
        self._doubt: tuple[int, int, str] | None = None
        """First entries whose tile says otherwise, until a signed root settles which is right."""
        self._stored: dict[tuple[int, int], list[Tile]] = defaultdict(list)
        for tile in sorted(listing.tiles, key=lambda each: each.width):
            self._stored[tile.level or 0, tile.index].append(tile)
        self._ends: set[int] = set()

    @property
    def size(self) -> int:
        """How many entries have been walked."""
        return self._edge.size

    @property
    def edge(self) -> Edge:
        """The right edge of the tree so far."""
        return self._edge

    def sizes_in(self, first: int, end: int) -> tuple[int, ...]:
        """Give the signed sizes beyond `first`, up to `end`."""
        return tuple(size for size in self._sizes if first < size <= end)

    def add(self, found: Surveyed) -> None:
        """Let the tree grow by a run that was surveyed; raises AlarmError."""
        # 1. The tree grows; the stored tiles narrow down what a rewritten pack hides.
        self._grow(found.grown)
        # 2. The names, labels and columns say the same as the rows.
        self.check_said(found)
        # 3. Each signed root on the way is the root of this tree.
        for size, root in self._roots_of(found.grown):
            self._check_root(size, root)

    def check_said(self, found: Surveyed) -> None:
        """Raise what is wrong around the rows of a run that are as they were committed."""
        if found.miscounted is not None:
            raise self._miscounted(found.place, found.miscounted)
        if found.wrong is not None:
            raise found.wrong

    def resume(self, edge: Edge, *, ends: Iterable[int] = ()) -> None:
        """Go on from an edge that an earlier check had reached, by runs that end at `ends`."""
        self._edge = edge
        self._ends |= {end for end in ends if end <= edge.size}
        levels = [EMPTY_FRONTIER.extend(level).hashes for level in reversed(edge.levels)]
        self._frontier = Frontier(size=edge.size, hashes=b"".join(levels))

    def skim(self, grown: Grown) -> None:
        """Let the tree grow by leaves that nobody surveyed: by its own stored tiles."""
        self._grow(grown)
        for size, root in self._roots_of(grown):
            self._check_root(size, root)

    def met(self, size: int) -> Hash:
        """Give the root so far, which must be of `size` entries."""
        if self._frontier.size != size:
            raise missing_entry(min(size, self._frontier.size), f"a tree of {self._frontier.size} entries")
        return self._frontier.root()

    def check_start(self) -> None:
        """Compare the root of no entries, when it was signed."""
        if 0 in self._roots:
            self._check_root(0, self._frontier.root())

    def check_end(self, size: int, *, widths: frozenset[int] | None) -> None:
        """Check that the walk ended where the signed checkpoint does, with every tile and no other.

        `widths` are the sizes at which a last, narrower tile may have been stored; None when nobody knows.
        """
        if self.size < size:
            raise missing_entry(self.size, "none")
        self._compare_tiles(self._edge.partial_tiles(), last=True)
        self._settle(size)
        needed = {tile for level in range(1, 8) for tile in tiles_at(level, size)}
        for tile in sorted(needed - self._listing.tiles, key=lambda each: each.path):
            raise self._tile_alarm(tile, "missing")
        known = sorted(self._ends | (widths or frozenset()))
        for tile in sorted(self._listing.tiles - needed, key=lambda each: each.path):
            if end_of(tile) <= size and widths is not None and not _was_last(tile, known):
                raise self._tile_alarm(tile, "beside them")

    def gap(self, place: Place) -> RekenschapError:
        """Make the alarm for a run that does not begin where the one before ended."""
        if place.first > self.size:
            return missing_entry(self.size, f"a gap up to entry {place.first}, where {place.name} begins")
        return InconsistentError(
            expected=f"one segment for each entry up to {self.size - 1}",
            found=f"{place.name}, which begins at entry {place.first} once more",
            remedy=_EVIDENCE,
            entry=place.first,
        )

    def _grow(self, grown: Grown) -> None:
        for step, nodes in ((Edge.grow, grown.head), (Edge.grow_tiles, grown.tiles), (Edge.grow, grown.tail)):
            self._edge, tiles = step(self._edge, nodes)
            self._compare_tiles(tiles, last=False)
        self._ends.add(self._edge.size)

    def _roots_of(self, grown: Grown) -> Iterator[tuple[int, bytes]]:
        """Give the subtrees at each signed size on the way, and move the frontier on."""
        sizes = [size for size in self._sizes if self._frontier.size < size <= grown.end]
        within = dict(grown.within)
        for size in sorted({*sizes, grown.end}):
            if size <= grown.border:
                self._by_leaves(grown.head, grown.first, size)
            elif size <= grown.end - len(grown.tail) // HASH_SIZE:
                self._by_leaves(grown.head, grown.first, grown.border)
                self._by_tiles(grown, size)
            else:
                self._by_leaves(grown.head, grown.first, grown.border)
                start = grown.end - len(grown.tail) // HASH_SIZE
                self._by_tiles(grown, start)
                self._by_leaves(grown.tail, start, size)
            if size in self._roots and size in sizes:
                yield size, self._frontier.hashes + within.get(size, b"")

    def _by_leaves(self, leaves: bytes, first: int, size: int) -> None:
        at = self._frontier.size
        if at < size:
            some = leaves[(at - first) * HASH_SIZE : (size - first) * HASH_SIZE]
            self._frontier = self._frontier.extend(some)

    def _by_tiles(self, grown: Grown, size: int) -> None:
        """Grow by the roots of whole tiles: they are the leaves of a tree 256 times as small."""
        at, until = self._frontier.size >> TILE_HEIGHT, size >> TILE_HEIGHT
        if at < until:
            start = grown.border >> TILE_HEIGHT
            small = Frontier(size=at, hashes=self._frontier.hashes)
            small = small.extend(grown.tiles[(at - start) * HASH_SIZE : (until - start) * HASH_SIZE])
            self._frontier = Frontier(size=small.size << TILE_HEIGHT, hashes=small.hashes)

    def _check_root(self, size: int, subtrees: bytes | Hash) -> None:
        root = subtrees if isinstance(subtrees, Hash) else _folded(subtrees)
        if root != self._roots[size]:
            self._compare_tiles(self._edge.partial_tiles(), last=False)
            raise self._wrong_root(size)
        self._settle(size)
        self._believed = size

    def _settle(self, size: int) -> None:
        """With the signed root at `size` met, it is the tile that was changed and not the rows."""
        if self._doubt is None or self._doubt[1] > size:
            return
        first, _, name = self._doubt
        raise InconsistentError(
            expected=f"the hashes of entries from {first} on in {name}",
            found="other hashes",
            remedy="the rows are as signed; keep the file as evidence and restore it from a copy",
            entry=first,
        )

    def _miscounted(self, place: Place, count: int) -> WrongLeafError:
        first = place.first if self._doubt is None else max(self._doubt[0], place.first)
        return WrongLeafError(
            expected=f"as many rows as {place.name} counts in its names",
            found=f"{count} rows, with a change at or after entry {first}",
            remedy=_EVIDENCE,
            entry=first,
        )

    def _compare_tiles(self, tiles: Mapping[Tile, bytes], *, last: bool) -> None:
        """Compare what is stored of each tile: when it is whole all widths, before that the widest alone."""
        for tile, hashes in tiles.items():
            stored = self._stored.get((tile.level or 0, tile.index), [])
            whole = last or tile.width == TILE_WIDTH
            for each in stored if whole else stored[-1:]:
                self._compare_tile(each, hashes)

    def _compare_tile(self, tile: Tile, hashes: bytes) -> None:
        try:
            stored = self._store.get(tile.path)
        except StoreError:
            if tile.width < TILE_WIDTH and not self._store.names(tile.path):
                return  # it was there just now: a sequencer at work put a wider one in its place
            raise
        whole = len(stored) == tile.width * HASH_SIZE
        shared = min(len(stored), len(hashes)) if whole else len(hashes)
        if stored[:shared] == hashes[:shared] and whole:
            return
        step = 1 << TILE_HEIGHT * (tile.level or 0)
        first = _first_of(tile) + step * _first_difference(stored[:shared], hashes[:shared])
        if self._doubt is None or (first >= self._doubt[0] and first + step <= self._doubt[1]):
            self._doubt = (first, first + step, tile.path)

    def _wrong_root(self, size: int) -> WrongRootError:
        known = self._doubt is not None and self._doubt[0] < size
        first, end = self._doubt[:2] if self._doubt is not None and known else (self._believed, size)
        segments = [p.name for p in self._listing.places if p.first < end and p.parquets and p.end > first]
        return WrongRootError(
            expected=f"the signed root of {size} entries",
            found=(
                f"another one: rows and commitments were both changed, somewhere from entry {first} "
                f"up to {end - 1}, in {_span(segments)}"
            ),
            remedy=_EVIDENCE,
            entry=first,
        )

    def _tile_alarm(self, tile: Tile, what: str) -> InconsistentError:
        return InconsistentError(
            expected="the tiles of this tree and no others",
            found=f"{tile.path} {what}",
            remedy="the rows are as signed; restore the tile from a copy or move it away",
            entry=_first_of(tile),
        )


def _was_last(tile: Tile, sizes: Sequence[int]) -> bool:
    """Say whether the tile was the last of its level at one of these sizes, which are in order."""
    least = end_of(tile)
    at = bisect_left(sizes, least)
    return at < len(sizes) and sizes[at] < least + (1 << TILE_HEIGHT * (tile.level or 0))


def _folded(subtrees: bytes) -> Hash:
    return Hash(fold([subtrees[at : at + HASH_SIZE] for at in range(0, len(subtrees), HASH_SIZE)]))


def _first_of(tile: Tile) -> int:
    """Give the first entry a tile speaks of."""
    return (tile.index * TILE_WIDTH) << TILE_HEIGHT * (tile.level or 0)


def _first_difference(left: bytes, right: bytes) -> int:
    pairs = zip(range(0, len(right), 32), range(len(right) // 32), strict=True)
    return next((number for at, number in pairs if left[at : at + 32] != right[at : at + 32]), 0)


def _span(names: list[str]) -> str:
    """Name one segment, or the first and the last of several."""
    if len(names) <= 1:
        return names[0] if names else "no segment"
    return f"one of the {len(names)} segments from {names[0]} up to {names[-1]}"
