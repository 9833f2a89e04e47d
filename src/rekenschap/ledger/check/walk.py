# SPDX-License-Identifier: EUPL-1.2
"""The walk along all segments that rebuilds the tree from the rows and stops at the first thing that differs.

Knows the signed roots it must pass, not who signed them.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

import pyarrow as pa

from rekenschap.errors import InconsistentError, RekenschapError, WrongLeafError, WrongRootError
from rekenschap.ledger.check.blame import difference
from rekenschap.ledger.check.listing import Listing, Place, end_of
from rekenschap.ledger.check.opened import check_form, opened_rows
from rekenschap.ledger.facts import Schemas
from rekenschap.ledger.manifest import missing_entry
from rekenschap.ledger.rows.commitments import COMMITMENT_SIZE, SECRET_SIZE, commitments_of, salts_of
from rekenschap.ledger.rows.encoding import encode
from rekenschap.ledger.segments import SCHEMA_NAME, UNREADABLE, Segment, Shape, columns_of, unreadable
from rekenschap.ledger.state import schema_rows
from rekenschap.ledger.tiles import Edge
from rekenschap.model.schema_text import relation_of
from rekenschap.seams.store import Store
from rekenschap.tlog.hashing import HASH_SIZE, Hash, leaf_hashes
from rekenschap.tlog.layout import TILE_HEIGHT, TILE_WIDTH, Tile, tiles_at

_EVIDENCE = "keep the ledger as evidence and compare it with a copy"


class Walk:
    """A tree that is rebuilt segment by segment and compared with what is stored and what was signed."""

    def __init__(self, *, store: Store, listing: Listing, roots: Mapping[int, Hash]) -> None:
        self._store, self._listing, self._roots = store, listing, roots
        self._edge = Edge()
        self._schemas = Schemas(texts={})
        self._believed = 0
        """The last size at which the rebuilt root was the signed one."""
        self._unmet = set(roots)
        self._doubt: tuple[int, int, str] | None = None
        """First run of entries whose tile says otherwise, until a signed root settles which is right."""
        self._seen: set[Tile] = set()
        by_width = sorted(listing.tiles, key=lambda each: each.width)
        self._widest = {(each.level, each.index): each for each in by_width}

    @property
    def size(self) -> int:
        """How many entries have been walked."""
        return self._edge.size

    def check_segment(self, place: Place) -> Segment:
        """Check the segment at a place and let the tree grow by it."""
        # 1. It begins where the one before ended, and all three files are there.
        if place.first != self.size:
            raise self._gap(place)
        segment = self._named(place)
        # 2. The rows are those that were committed, one by one.
        pack = self._store.get(segment.pack if place.pack is None else place.pack.pack)
        secret = self._secret(segment)
        shape, stored, rows = opened_rows(self._store, segment, self._schemas)
        self._check_rows(segment, shape, rows, (pack, secret))
        # 3. The tree grows by them; the stored tiles narrow down what a rewritten pack hides.
        self._edge, tiles = self._edge.grow(leaf_hashes(pack))
        self._compare_tiles(tiles)
        # 4. The names, labels and columns say the same as the rows.
        if place.pack != segment or rows.num_rows != segment.rows:
            raise self._miscounted(segment, rows.num_rows)
        check_form(stored, segment, shape)
        if segment.relation == SCHEMA_NAME:
            self._learn(segment, rows)
        # 5. A signed root on the way is the root of this tree.
        self.check_size()
        return segment

    def check_size(self) -> None:
        """Compare the root so far with the signed one of this size, if there is one."""
        signed = self._roots.get(self.size)
        if signed is None:
            return
        if self._edge.root() != signed:
            raise self._wrong_root(self.size)
        if self._doubt is not None:
            # The rows lead to the signed root, so it is the tile that was changed.
            first, _, name = self._doubt
            raise InconsistentError(
                expected=f"the hashes of entries from {first} on in {name}",
                found="other hashes",
                remedy="the rows are as signed; keep the file as evidence and restore it from a copy",
                entry=first,
            )
        self._believed = self.size
        self._unmet.discard(self.size)

    def check_end(self, size: int) -> None:
        """Check that the walk ended where the signed checkpoint does, with every tile and no other."""
        if self.size < size:
            raise missing_entry(self.size, "none")
        if self._unmet:
            astray = min(self._unmet)
            raise InconsistentError(
                expected=f"a segment that ends before entry {astray}, as a checkpoint does",
                found="one that runs on",
                remedy=_EVIDENCE,
                entry=astray,
            )
        needed = {tile for level in range(1, 8) for tile in tiles_at(level, size)}
        kept = {tile for tile in self._listing.tiles if end_of(tile) <= size}
        for tile in sorted((needed | kept) - self._seen, key=lambda each: each.path):
            raise InconsistentError(
                expected="the tiles of this tree and no others",
                found=f"{tile.path} {'missing' if tile in needed else 'beside them'}",
                remedy="the rows are as signed; restore the tile from a copy or move it away",
                entry=_first_of(tile),
            )

    def _named(self, place: Place) -> Segment:
        segment = place.parquet
        if segment is None or place.pack is None or not place.has_secret:
            absent = "rows" if segment is None else "commitments" if place.pack is None else "secret"
            raise missing_entry(place.first, f"{place.name} without its {absent}")
        return segment

    def _gap(self, place: Place) -> RekenschapError:
        if place.first > self.size:
            return missing_entry(self.size, f"a gap up to entry {place.first}, where {place.name} begins")
        return InconsistentError(
            expected=f"one segment for each entry up to {self.size - 1}",
            found=f"{place.name}, which begins at entry {place.first} once more",
            remedy=_EVIDENCE,
            entry=place.first,
        )

    def _miscounted(self, segment: Segment, count: int) -> WrongLeafError:
        first = segment.first if self._doubt is None else max(self._doubt[0], segment.first)
        return WrongLeafError(
            expected=f"as many rows of {segment.relation} as {segment.parquet} counts in its names",
            found=f"{count} rows, with a change at or after entry {first}",
            remedy=_EVIDENCE,
            entry=first,
        )

    def _secret(self, segment: Segment) -> bytes:
        secret = self._store.get(segment.secret)
        if len(secret) != SECRET_SIZE:
            raise self._wrong(segment, f"{SECRET_SIZE} bytes in {segment.secret}", f"{len(secret)} bytes")
        return secret

    def _check_rows(self, segment: Segment, shape: Shape, rows: pa.Table, kept: tuple[bytes, bytes]) -> None:
        pack, secret = kept
        columns = columns_of(rows, shape.relation)
        try:
            found = commitments_of(columns, shape.layout, head=shape.head, secret=secret)
        except UNREADABLE as error:
            raise unreadable(segment) from error

        def commit(row: int, place: int) -> bytes:
            if not 0 <= row < rows.num_rows:
                return b""
            one = [column.slice(row, 1) for column in columns]
            encoded = encode(one, shape.layout, head=shape.head)[0]
            return sha256(salts_of(secret, 1, first=place) + encoded).digest()

        differs = difference(found, pack, commit)
        if differs is not None:
            entry = segment.first + differs.place
            raise WrongLeafError(
                expected=f"the committed row of entry {entry} ({segment.relation}) in {segment.parquet}",
                found=differs.found,
                remedy=_EVIDENCE,
                entry=entry,
            )
        if len(pack) % COMMITMENT_SIZE:
            raise self._wrong(segment, "whole commitments of 32 bytes", f"{len(pack)} bytes")

    def _learn(self, segment: Segment, rows: pa.Table) -> None:
        for offset, (number, text) in enumerate(schema_rows(rows, segment)):
            entry = segment.first + offset
            relation_of(text)
            if number != len(self._schemas.texts) + 1:
                raise WrongLeafError(
                    expected=f"schema {len(self._schemas.texts) + 1} in {segment.parquet}",
                    found=f"schema {number}",
                    remedy=_EVIDENCE,
                    entry=entry,
                )
            self._schemas = self._schemas.added(number, entry, text)

    def _compare_tiles(self, tiles: Mapping[Tile, bytes]) -> None:
        for tile, hashes in tiles.items():
            if tile in self._listing.tiles:
                self._seen.add(tile)
                self._compare_tile(tile, hashes)
            # A wider tile, kept for a later size, begins with the same hashes.
            wider = self._widest.get((tile.level, tile.index))
            if wider is not None and wider != tile:
                self._compare_tile(wider, hashes)

    def _compare_tile(self, tile: Tile, hashes: bytes) -> None:
        stored = self._store.get(tile.path)
        whole = len(stored) == tile.width * HASH_SIZE
        shared = min(len(stored), len(hashes)) if whole else len(hashes)
        if stored[:shared] == hashes[:shared] and whole:
            return
        step = 1 << TILE_HEIGHT * (tile.level or 0)
        first = _first_of(tile) + step * _first_difference(stored[:shared], hashes[:shared])
        if self._doubt is None or (first >= self._doubt[0] and first + step <= self._doubt[1]):
            self._doubt = (first, first + step, tile.path)

    def _wrong_root(self, size: int) -> WrongRootError:
        first, end = (self._believed, size) if self._doubt is None else self._doubt[:2]
        segments = [
            p.name for p in self._listing.places if p.first < end and p.parquet and p.parquet.end > first
        ]
        return WrongRootError(
            expected=f"the signed root of {size} entries",
            found=(
                f"another one: rows and commitments were both changed, somewhere from entry {first} "
                f"up to {end - 1}, in {_span(segments)}"
            ),
            remedy=_EVIDENCE,
            entry=first,
        )

    def _wrong(self, segment: Segment, expected: str, found: str) -> WrongLeafError:
        return WrongLeafError(
            expected=f"{expected} for entries from {segment.first} on of relation {segment.relation}",
            found=f"{found} in {segment.parquet}",
            remedy=_EVIDENCE,
            entry=segment.first,
        )


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
