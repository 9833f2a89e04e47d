# SPDX-License-Identifier: EUPL-1.2
"""What a ledger consists of, read from the names in its store; there is no other manifest to keep in step.

Knows names and the two small files at the top; opens no segment.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from rekenschap.errors import StoreError, WrongLeafError
from rekenschap.ledger.segments import Segment
from rekenschap.seams.store import Store

FORMAT_NAME = "rekenschap-ledger"
FORMAT_VERSION = 2
"""What new ledgers are; those of version 1 are read and added to as they are."""
READABLE = (1, 2)
TOP_NAME = "ledger.json"
CHECKPOINT_NAME = "checkpoint"
_TAIL = re.compile(r"tail/([0-9]{20})-([1-9][0-9]{0,8})\.pack", re.ASCII)


def top_bytes(origin: str, version: int = FORMAT_VERSION) -> bytes:
    """Write `ledger.json`: which format, which version of it, and the origin of the log."""
    top = {"format": FORMAT_NAME, "origin": origin, "version": version}
    return (json.dumps(top, sort_keys=True, ensure_ascii=False) + "\n").encode()


def read_origin(store: Store) -> str:
    """Give the origin of the ledger in `store`; raises StoreError when there is none we can read."""
    return str(_read_top(store)["origin"])


def read_version(store: Store) -> int:
    """Give the version of the format the ledger was begun with; raises StoreError as `read_origin` does."""
    return int(str(_read_top(store)["version"]))


def _read_top(store: Store) -> dict[str, object]:
    if TOP_NAME not in store.names(TOP_NAME):
        raise _not_a_ledger(f"no {TOP_NAME}")
    try:
        top = json.loads(store.get(TOP_NAME))
    except (ValueError, RecursionError) as error:
        raise _not_a_ledger(f"a {TOP_NAME} that is not JSON") from error
    if not isinstance(top, dict) or top.get("format") != FORMAT_NAME:
        raise _not_a_ledger(f"a {TOP_NAME} of another format")
    version = top.get("version")
    if type(version) is not int or version not in READABLE:
        found = f"version {version}" if isinstance(version, int) else "no version number"
        raise StoreError(
            expected=f"a ledger of version 1 up to {FORMAT_VERSION}",
            found=found,
            remedy="use a newer rekenschap",
        )
    if not isinstance(top.get("origin"), str):
        raise _not_a_ledger(f"a {TOP_NAME} without an origin")
    return top


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Tail:
    """Commitments of entries that are signed but not in a segment yet."""

    first: int
    rows: int

    @property
    def end(self) -> int:
        """Index of the entry after its last."""
        return self.first + self.rows

    @property
    def pack(self) -> str:
        """Name of the file with the commitments, 32 bytes each."""
        return f"tail/{self.first:020d}-{self.rows}.pack"

    @classmethod
    def from_name(cls, name: str) -> Self | None:
        """Read a file name; None when it is not of a tail."""
        found = _TAIL.fullmatch(name)
        return cls(first=int(found.group(1)), rows=int(found.group(2))) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a ledger of some size consists of, in order and without a gap."""

    segments: tuple[Segment, ...] = ()
    """every file with rows, by first entry and relation"""
    runs: tuple[Segment, ...] = ()
    """every run of entries that is sealed, by its pack"""
    tails: tuple[Tail, ...] = ()
    """what is signed beyond the last run, and waits to be sealed"""

    @property
    def sealed(self) -> int:
        """How many entries are in segments."""
        return self.runs[-1].end if self.runs else 0

    def of(self, relation: str, size: int) -> list[Segment]:
        """Give the segments of a relation that begin below `size`; the last may go on beyond."""
        return [each for each in self.segments if each.relation == relation and each.first < size]

    def at(self, entry: int) -> Segment:
        """Give the run that holds an entry, which must be sealed."""
        return self.runs[bisect_right(self.runs, entry, key=lambda each: each.first) - 1]

    def sharing(self, run: Segment) -> list[Segment]:
        """Give the segments with the rows of a run."""
        start = bisect_left(self.segments, run.first, key=lambda each: each.first)
        end = bisect_right(self.segments, run.first, key=lambda each: each.first)
        return [*self.segments[start:end]]

    def between(self, first: int, end: int) -> Sequence[Segment | Tail]:
        """Give what holds the commitments of the entries from `first` up to `end`, in order."""
        start = max(bisect_right(self.runs, first, key=lambda each: each.first) - 1, 0)
        stop = bisect_left(self.runs, end, key=lambda each: each.first)
        held: list[Segment | Tail] = [each for each in self.runs[start:stop] if each.end > first]
        held += [each for each in self.tails if each.first < end and each.end > max(first, self.sealed)]
        return held


def read_manifest(store: Store, size: int) -> Manifest:
    """List what is below `size`; raises WrongLeafError at the first entry that nothing holds.

    May be called while a sequencer seals: a run is there once its pack is, and its tails go after that.
    """
    waiting = store.names("tail/")  # first: what is no tail any more is in a segment when those are listed
    names = store.names("segments/")
    runs, segments = runs_in(names)
    found: list[Segment] = []
    expected = 0
    for run in runs:
        if run.first >= size or (run.pack not in names and tails_in(waiting, expected, size)):
            break
        if run.first != expected or run.end > size:
            raise missing_entry(expected, "no segment that begins there and ends in time")
        expected = run.end
        found.append(run)
    tails = tails_in(waiting, expected, size) if expected < size else ()
    if not tails and expected != size:
        raise missing_entry(expected, "no segment that begins there and ends in time")
    return Manifest(
        segments=tuple(each for each in segments if each.first < expected), runs=tuple(found), tails=tails
    )


def tails_in(names: Iterable[str], sealed: int, size: int) -> tuple[Tail, ...]:
    """Give the tails that hold the entries from `sealed` up to `size`, or none when they do not."""
    parsed = sorted(tail for tail in map(Tail.from_name, names) if tail is not None)
    chosen: list[Tail] = []
    expected = sealed
    for tail in parsed:
        if tail.first <= expected < tail.end <= size:
            chosen.append(tail)
            expected = tail.end
    return tuple(chosen) if expected == size else ()


def runs_in(names: Iterable[str]) -> tuple[list[Segment], list[Segment]]:
    """Give the runs, by their packs, and the segments whose Parquet file is the last of its kind.

    A Parquet file without a pack counts as a run of its own: that its pack is gone shows when it is read.
    """
    packs: dict[int, Segment] = {}
    files: dict[tuple[int, str], Segment] = {}
    for segment, ending in filter(None, map(Segment.from_name, names)):
        if ending == "pack":
            packs[segment.first] = segment
        elif (held := files.get((segment.first, segment.relation))) is None or held.erased < segment.erased:
            files[segment.first, segment.relation] = segment
    for segment in files.values():
        packs.setdefault(segment.first, replace(segment, erased=0))
    segments = [replace(each, mixed=packs[each.first].mixed) for each in files.values()]
    return sorted(packs.values()), sorted(segments)


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
        expected="a ledger",
        found=found,
        remedy="name the place of a ledger; where one was, check it and restore the file from a copy",
    )
