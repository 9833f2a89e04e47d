# SPDX-License-Identifier: EUPL-1.2
"""What a ledger consists of, read from the names in its store; there is no other manifest to keep in step.

Knows names and the two small files at the top; opens no segment.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rekenschap.errors import StoreError, WrongLeafError
from rekenschap.ledger.segments import Segment
from rekenschap.seams.store import Store

FORMAT_NAME = "rekenschap-ledger"
FORMAT_VERSION = 1
TOP_NAME = "ledger.json"
CHECKPOINT_NAME = "checkpoint"


def top_bytes(origin: str) -> bytes:
    """Write `ledger.json`: which format, which version of it, and the origin of the log."""
    top = {"format": FORMAT_NAME, "origin": origin, "version": FORMAT_VERSION}
    return (json.dumps(top, sort_keys=True, ensure_ascii=False) + "\n").encode()


def read_origin(store: Store) -> str:
    """Give the origin of the ledger in `store`; raises StoreError when there is none we can read."""
    if TOP_NAME not in store.names(TOP_NAME):
        raise _not_a_ledger(f"no {TOP_NAME}")
    try:
        top = json.loads(store.get(TOP_NAME))
    except (ValueError, RecursionError) as error:
        raise _not_a_ledger(f"a {TOP_NAME} that is not JSON") from error
    if not isinstance(top, dict) or top.get("format") != FORMAT_NAME:
        raise _not_a_ledger(f"a {TOP_NAME} of another format")
    version = top.get("version")
    if version != FORMAT_VERSION or isinstance(version, bool):
        found = f"version {version}" if isinstance(version, int) else "no version number"
        raise StoreError(
            expected=f"a ledger of version {FORMAT_VERSION}", found=found, remedy="use a newer rekenschap"
        )
    if not isinstance(top.get("origin"), str):
        raise _not_a_ledger(f"a {TOP_NAME} without an origin")
    return str(top["origin"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The segments of a ledger up to a size, in order and without a gap."""

    segments: tuple[Segment, ...]

    def of(self, relation: str, size: int) -> list[Segment]:
        """Give the segments of a relation in the tree of `size` entries."""
        return [each for each in self.segments if each.relation == relation and each.end <= size]

    def at(self, entry: int) -> Segment:
        """Give the segment that holds an entry, which must lie below the size."""
        return self.segments[bisect_right(self.segments, entry, key=lambda each: each.first) - 1]

    def between(self, first: int, end: int) -> Sequence[Segment]:
        """Give the segments that hold the entries from `first` up to `end`."""
        return [each for each in self.segments if each.first < end and each.end > first]


def read_manifest(store: Store, size: int) -> Manifest:
    """List the segments below `size`; raises WrongLeafError at the first entry that no segment holds."""
    found = [segment for segment in segments_in(store.names("segments/")) if segment.first < size]
    expected = 0
    for segment in found:
        if segment.first != expected or segment.end > size:
            break
        expected = segment.end
    if expected != size:
        raise missing_entry(expected, "no segment that begins there and ends in time")
    return Manifest(segments=tuple(found))


def segments_in(names: Iterable[str]) -> list[Segment]:
    """Give the segments whose Parquet file is among the names, by first entry."""
    parsed = (Segment.from_name(name) for name in names)
    return sorted(each[0] for each in parsed if each is not None and each[1] == "parquet")


def missing_entry(entry: int, found: str) -> WrongLeafError:
    """Make the alarm for entries that are not there."""
    return WrongLeafError(
        expected=f"a segment that holds entry {entry}",
        found=found,
        remedy="keep the ledger as evidence and restore the files from a copy",
        entry=entry,
    )


def _not_a_ledger(found: str) -> StoreError:
    return StoreError(
        expected="a ledger", found=found, remedy="name the place of a ledger or create one there"
    )
