# SPDX-License-Identifier: EUPL-1.2
"""Every name a ledger consists of, as it is found: names that do not fit together are kept to be named.

The check works from this; `manifest` is the strict form for a ledger that is believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rekenschap.errors import InconsistentError, MalformedProofError
from rekenschap.ledger.manifest import Tail
from rekenschap.ledger.segments import Segment
from rekenschap.seams.store import Store
from rekenschap.tlog.layout import TILE_HEIGHT, TILE_WIDTH, Tile

_TOPS = ("ledger.json", "checkpoint")
_FOLDERS = ("segments/", "secrets/", "tail/", "tile/", "timestamps/", "journal/")
_BESIDE = ("anchor.db", "anchor.db-journal", "anchor.db-wal", "anchor.db-shm")
"""What a directory may hold beside the store; names that begin with a dot are no blobs at all."""
_STAMP = re.compile(r"timestamps/(0|[1-9][0-9]{0,18})-([1-9][0-9]{0,8})\.tsr", re.ASCII)
_SECRET = re.compile(r"secrets/([0-9]{20})\.secret", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What begins at one entry: the names of the Parquet files, the pack and the secret."""

    first: int
    parquets: tuple[Segment, ...]
    pack: Segment | None
    has_secret: bool
    leftovers: tuple[str, ...] = ()
    """what an erasure must still remove: files from before it, and the secret of rows it took away"""

    @property
    def name(self) -> str:
        """A name to speak of it."""
        if self.parquets:
            return self.parquets[0].parquet
        return self.pack.pack if self.pack is not None else f"secrets/{self.first:020d}.secret"

    def from_before(self, *, superseded: bool) -> list[str]:
        """Name what is from before the first erasure in this run: its secret, and files that never had one.

        And what later files `superseded`, which an erasure that goes on may still have to remove.
        """
        found = [each.parquet for each in self.parquets if not each.erased]
        found += [name for name in self.leftovers if superseded or _erased(name) == 0]
        return found + ([f"secrets/{self.first:020d}.secret"] if self.has_secret else [])

    @property
    def is_begun(self) -> bool:
        """Whether there is a secret only: of a run whose rows are in the journal or are still to come."""
        return self.has_secret and not self.parquets and self.pack is None

    @property
    def placed(self) -> bool:
        """Whether the rows say at which place they stand."""
        erased = not self.parquets or any(each.erased for each in self.parquets)
        return erased or (self.pack is not None and self.pack.mixed)

    @property
    def end(self) -> int:
        """The entry after its last, as far as the names say."""
        named = [*self.parquets, *([self.pack] if self.pack is not None else [])]
        return max((each.end for each in named), default=self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The places of a ledger in order, and the tiles it keeps."""

    places: tuple[Place, ...]
    tiles: frozenset[Tile]
    tails: tuple[Tail, ...] = ()
    timestamps: tuple[tuple[int, str], ...] = ()

    @property
    def sealed(self) -> int:
        """How many entries are in runs that follow each other."""
        end = 0
        for place in self.places:
            if place.first != end or not (place.parquets or place.pack):
                break
            end = place.end
        return end

    def below(self, size: int) -> Iterator[Place]:
        """Yield the places that begin below `size`."""
        return (place for place in self.places if place.first < size and not place.is_begun)

    def packs(self) -> Iterator[tuple[str, int, int]]:
        """Yield name, first and end of each file with commitments, the tails last."""
        for place in self.places:
            if place.pack is not None:
                yield place.pack.pack, place.pack.first, place.pack.end
        for tail in self.tails:
            yield tail.pack, tail.first, tail.end

    def straddling(self, size: int) -> tuple[int, str] | None:
        """Give `size` and the name of the run that goes on beyond it, if one does."""
        return next(((size, place.name) for place in self.below(size) if place.end > size), None)

    def first_beyond(self, size: int) -> tuple[int, str] | None:
        """Give the first entry and the name of what lies at `size` or beyond it, if anything does."""
        for place in self.places:
            if place.first >= size and not place.is_begun:
                return place.first, place.name
        tiles = sorted(tile.path for tile in self.tiles if end_of(tile) > size)
        return (size, tiles[0]) if tiles else None


def end_of(tile: Tile) -> int:
    """Give the entry after the last one a tile speaks of."""
    return (tile.index * TILE_WIDTH + tile.width) << TILE_HEIGHT * (tile.level or 0)


def read_listing(store: Store) -> Listing:
    """Read all names; raises InconsistentError at one that has no place in a ledger or stands there twice."""
    for name in (*store.strangers(), *filter(_has_no_place, store.names())):
        raise _stray(name, None)
    parquets: dict[int, list[Segment]] = {}
    packs: dict[int, Segment] = {}
    for name in store.names("segments/"):
        parsed = Segment.from_name(name)
        if parsed is None:
            raise _stray(name, None)
        segment, ending = parsed
        if ending == "parquet":
            parquets.setdefault(segment.first, []).append(segment)
        elif packs.setdefault(segment.first, segment) is not segment:
            raise _stray(name, segment.first)
    held = {_first_of(name) for name in store.names("secrets/")}
    places = tuple(
        _place(first, parquets.get(first, []), packs.get(first), has_secret=first in held)
        for first in sorted(parquets.keys() | packs.keys() | held)
    )
    return Listing(
        places=places,
        tiles=frozenset(map(_tile_of, store.names("tile/"))),
        tails=tuple(sorted(map(_tail_of, store.names("tail/")))),
        timestamps=tuple(sorted(map(_stamp_of, store.names("timestamps/")))),
    )


def _has_no_place(name: str) -> bool:
    return name not in _TOPS and name not in _BESIDE and not name.startswith(_FOLDERS)


def _place(first: int, found: list[Segment], pack: Segment | None, *, has_secret: bool) -> Place:
    mixed = pack is not None and pack.mixed
    latest: dict[str, Segment] = {}
    leftovers: list[str] = []
    for segment in sorted(found, key=lambda each: each.erased):
        held = latest.get(segment.relation)
        if held is not None and held.rows != segment.rows:
            raise _stray(segment.parquet, first)
        leftovers += [held.parquet] if held is not None else []
        latest[segment.relation] = segment
    segments = sorted(replace(each, mixed=mixed) for each in latest.values())
    if len(segments) > 1 and not mixed:
        raise _stray(segments[1].parquet, first)
    whole = pack is not None and not segments
    if has_secret and (whole or any(each.erased for each in segments)):
        leftovers.append(f"secrets/{first:020d}.secret")
    return Place(
        first=first, parquets=tuple(segments), pack=pack, has_secret=has_secret, leftovers=tuple(leftovers)
    )


def _erased(name: str) -> int | None:
    parsed = Segment.from_name(name)
    return parsed[0].erased if parsed is not None else None


def _stamp_of(name: str) -> tuple[int, str]:
    found = _STAMP.fullmatch(name)
    if found is None:
        raise _stray(name, None)
    return int(found.group(1)), name


def _tail_of(name: str) -> Tail:
    found = Tail.from_name(name)
    if found is None:
        raise _stray(name, None)
    return found


def _first_of(name: str) -> int:
    found = _SECRET.fullmatch(name)
    if found is None:
        raise _stray(name, None)
    return int(found.group(1))


def _tile_of(name: str) -> Tile:
    try:
        tile = Tile.from_path(name)
    except MalformedProofError as error:
        raise _stray(name, None) from error
    if not tile.level:
        raise _stray(name, None)
    return tile


def _stray(name: str, entry: int | None) -> InconsistentError:
    return InconsistentError(
        expected="only the files a ledger consists of",
        # Who put it there chose the name: a line of its own could pass for one of ours.
        found=f"{name.encode('unicode_escape').decode()}, which has no place there",
        remedy="find out who put it there, then move it away",
        entry=entry,
    )
