# SPDX-License-Identifier: EUPL-1.2
"""The walk along all segments that rebuilds the tree from the rows and stops at the first thing that differs.

Knows the signed roots it must pass, not who signed them.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

import numpy as np
import pyarrow.parquet as pq

from rekenschap.errors import InconsistentError, RekenschapError, WrongLeafError, WrongRootError
from rekenschap.ledger.check.blame import difference
from rekenschap.ledger.check.listing import Listing, Place, end_of
from rekenschap.ledger.check.opened import check_form, opened_part
from rekenschap.ledger.facts import Schemas
from rekenschap.ledger.manifest import missing_entry
from rekenschap.ledger.rows.commitments import COMMITMENT_SIZE, SECRET_SIZE, salts_of
from rekenschap.ledger.rows.encoding import encode
from rekenschap.ledger.sealing import commit, commitments_in
from rekenschap.ledger.segments import SCHEMA_NAME, UNREADABLE, Part, Segment, columns_of, unreadable
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

    def check_run(self, place: Place) -> dict[str, int]:
        """Check the run of entries at a place, let the tree grow by it, and give its rows by relation."""
        # 1. It begins where the one before ended, and all its files are there.
        if place.first != self.size:
            raise self._gap(place)
        segments = self._named(place)
        # 2. The rows are those that were committed, one by one.
        pack = self._store.get(place.pack.pack) if place.pack is not None else b""
        secret = self._secret(segments[0])
        parts = [self._opened(segment, pack, secret) for segment in segments]
        self._check_rows(segments, [part for part, _ in parts], (pack, secret))
        # 3. The tree grows by them; the stored tiles narrow down what a rewritten pack hides.
        self._edge, tiles = self._edge.grow(leaf_hashes(pack))
        self._compare_tiles(tiles)
        # 4. The names, labels and columns say the same as the rows.
        rows = sum(part.rows.num_rows for part, _ in parts)
        if any(each.rows != rows for each in (*segments, place.pack) if each is not None):
            raise self._miscounted(segments[0], rows)
        for segment, (part, file) in zip(segments, parts, strict=True):
            check_form(file, segment, part)
            if segment.relation == SCHEMA_NAME and not segment.mixed:
                self._learn(segment, part)
        # 5. A signed root on the way is the root of this tree.
        self.check_size()
        return {
            segment.relation: part.rows.num_rows for segment, (part, _) in zip(segments, parts, strict=True)
        }

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

    def _opened(self, segment: Segment, pack: bytes, secret: bytes) -> tuple[Part, pq.ParquetFile]:
        """Open a segment; in a mixed run the schemas come first, because the others are read with them."""
        part, file = opened_part(self._store, segment, self._schemas)
        if segment.relation == SCHEMA_NAME and segment.mixed:
            kept = np.frombuffer(pack[: len(pack) // COMMITMENT_SIZE * COMMITMENT_SIZE], np.uint8)
            places, kept = part.places_in(), kept.reshape(-1, COMMITMENT_SIZE)
            fits = part.rows.num_rows and places[-1] < len(kept)
            if not fits or commitments_in(part, secret) != kept[places].tobytes():
                raise self._wrong(segment, "the committed schemas", "others")
            self._learn(segment, part)
        return part, file

    def _named(self, place: Place) -> tuple[Segment, ...]:
        if not place.parquets or place.pack is None or not place.has_secret:
            absent = "rows" if not place.parquets else "commitments" if place.pack is None else "secret"
            raise missing_entry(place.first, f"{place.name} without its {absent}")
        named = {each.relation for each in place.parquets}
        if not place.pack.mixed and named != {place.pack.relation}:
            raise missing_entry(place.first, f"{place.name} and {place.pack.pack}, which do not go together")
        return tuple(sorted(place.parquets, key=lambda each: each.relation != SCHEMA_NAME))

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

    def _check_rows(
        self, segments: tuple[Segment, ...], parts: list[Part], kept: tuple[bytes, bytes]
    ) -> None:
        pack, secret = kept
        rows = max((int(part.places_in()[-1]) + 1 for part in parts if part.rows.num_rows), default=0)
        try:
            found = commit(parts, rows=rows, secret=secret)
        except UNREADABLE as error:
            raise unreadable(segments[0]) from error

        def committed(row: int, place: int) -> bytes:
            """Commit to the row at one place as if it stood at another."""
            for part in parts:
                at = int(np.searchsorted(part.places_in(), row))
                if at < part.rows.num_rows and part.places_in()[at] == row:
                    one = columns_of(part.rows.slice(at, 1), part.shape.relation)
                    encoded = encode(one, part.shape.layout, head=part.shape.head)[0]
                    return sha256(salts_of(secret, 1, first=place) + encoded).digest()
            return b""

        differs = difference(found, pack, committed)
        if differs is not None:
            entry = segments[0].first + differs.place
            segment = _holding(segments, parts, differs.place)
            raise WrongLeafError(
                expected=f"the committed row of entry {entry} ({segment.relation}) in {segment.parquet}",
                found=differs.found,
                remedy=_EVIDENCE,
                entry=entry,
            )
        if len(pack) % COMMITMENT_SIZE:
            raise self._wrong(segments[0], "whole commitments of 32 bytes", f"{len(pack)} bytes")

    def _learn(self, segment: Segment, part: Part) -> None:
        for place, (number, text) in zip(part.places_in(), schema_rows(part.rows, segment), strict=True):
            entry = segment.first + int(place)
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

    def _wrong(self, segment: Segment, expected: str, found: str) -> WrongLeafError:
        return WrongLeafError(
            expected=f"{expected} for entries from {segment.first} on of relation {segment.relation}",
            found=f"{found} in {segment.parquet}",
            remedy=_EVIDENCE,
            entry=segment.first,
        )


def _holding(segments: tuple[Segment, ...], parts: list[Part], place: int) -> Segment:
    """Give the segment that has a row at this place, or would have."""
    for segment, part in zip(segments, parts, strict=True):
        if place in part.places_in():
            return segment
    return segments[0]


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
