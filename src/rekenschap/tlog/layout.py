# SPDX-License-Identifier: EUPL-1.2
"""Where nodes and entries stand in tiles (C2SP tlog-tiles): paths, widths and which tiles a size needs.

Computes places and names. Does not read, write or serve a tile.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from rekenschap.errors import MalformedProofError
from rekenschap.tlog.hashing import ENTRY_SIZE, HASH_SIZE, Hash, check_packed, parent_hashes
from rekenschap.tlog.text import MAX_NUMBER

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
MAX_LEVEL = 63
_PREFIX = b"\x00\x20"  # length of an entry, 16 bits: always 32 bytes here
_PATH = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*)([0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A run of `width` neighbouring nodes of one tile level; level `None` names a bundle of entries.

    A node at tile level L spans 256**L leaves. A full tile is 256 wide; a narrower one is partial.
    """

    level: int | None
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        if self.level is not None and not 0 <= self.level <= MAX_LEVEL:
            raise _malformed(f"a tile level of 0 up to {MAX_LEVEL}", f"{self.level}")
        if not 0 <= self.index <= MAX_NUMBER or not 1 <= self.width <= TILE_WIDTH:
            raise _malformed(
                "a tile index from 0 and a width of 1 up to 256", f"{self.index} and {self.width}"
            )

    @property
    def path(self) -> str:
        """The path under the log's prefix, such as `tile/0/x001/234.p/17`."""
        groups = [f"{self.index % 1000:03d}"]
        rest = self.index // 1000
        while rest:
            groups.append(f"x{rest % 1000:03d}")
            rest //= 1000
        level = "entries" if self.level is None else self.level
        tail = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(reversed(groups))}{tail}"

    @classmethod
    def from_path(cls, path: str) -> Self:
        """Read a path; raise MalformedProofError unless it is the one spelling of its tile."""
        found = _PATH.fullmatch(path)
        if found is None:
            raise _malformed("a tile path", "another text")
        level, upper, lower, width = found.groups()
        digits = upper.replace("x", "").replace("/", "") + lower
        if len(digits) > 21:
            raise _malformed("a tile index below 2^63", "a longer one")
        tile = cls(
            level=None if level == "entries" else int(level),
            index=int(digits),
            width=int(width) if width else TILE_WIDTH,
        )
        if tile.path != path:
            raise _malformed("the shortest spelling of a tile path", "another one")
        return tile


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a tree node stands: it is the root over `count` hashes from `first` in tile (level, index)."""

    level: int
    index: int
    first: int
    count: int

    def node(self, tile: bytes) -> Hash:
        """Return the node from the packed hashes of its tile, which must reach that far."""
        hashes = tile[HASH_SIZE * self.first : HASH_SIZE * (self.first + self.count)]
        if len(hashes) != HASH_SIZE * self.count:
            raise _malformed(f"a tile of at least {self.first + self.count} hashes", f"{len(tile)} bytes")
        while len(hashes) > HASH_SIZE:  # a power of two of them: no frontier is needed
            hashes = parent_hashes(hashes)
        return Hash(hashes)


def tile_of(level: int, index: int) -> Place:
    """Return the place of the perfect tree node (level, index), levels counted from the leaves."""
    tile_level, height = divmod(level, TILE_HEIGHT)
    tile_index, first = divmod(index << height, TILE_WIDTH)
    return Place(level=tile_level, index=tile_index, first=first, count=1 << height)


def tile_width(level: int, index: int, size: int) -> int:
    """Return how many hashes tile (level, index) has in a tree of `size` leaves: 0 up to 256."""
    return min(max((size >> TILE_HEIGHT * level) - index * TILE_WIDTH, 0), TILE_WIDTH)


def tiles_at(level: int, size: int, since: int = 0) -> Iterator[Tile]:
    """Yield the tiles of one level of a tree of `size` leaves that a tree of `since` leaves did not have."""
    nodes, known = size >> TILE_HEIGHT * level, since >> TILE_HEIGHT * level
    if nodes > known:
        for index in range(known // TILE_WIDTH, -(-nodes // TILE_WIDTH)):
            yield Tile(level=level, index=index, width=tile_width(level, index, size))


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """Yield all tiles, also partial ones, of a tree of `size` leaves that one of `since` did not have."""
    for level in range(-(-size.bit_length() // TILE_HEIGHT)):
        yield from tiles_at(level, size, since)


def bundle_of(entries: bytes) -> bytes:
    """Write packed 32-byte entries as an entry bundle: each with its length before it."""
    check_packed(entries, "entries")
    return b"".join([_PREFIX + entries[at : at + ENTRY_SIZE] for at in range(0, len(entries), ENTRY_SIZE)])


def entries_of(bundle: bytes) -> bytes:
    """Read an entry bundle back into packed 32-byte entries; raise MalformedProofError on any other."""
    step = len(_PREFIX) + ENTRY_SIZE
    if len(bundle) % step or any(bundle[at : at + 2] != _PREFIX for at in range(0, len(bundle), step)):
        raise _malformed("entries of 32 bytes, each with its length", f"a bundle of {len(bundle)} bytes")
    return b"".join([bundle[at + 2 : at + step] for at in range(0, len(bundle), step)])


def _malformed(expected: str, found: str) -> MalformedProofError:
    return MalformedProofError(expected=expected, found=found, remedy="ask for a tile the log has")
