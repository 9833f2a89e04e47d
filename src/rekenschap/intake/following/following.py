# SPDX-License-Identifier: EUPL-1.2
"""Follows files round by round: the rest of those that were rotated, then what was added to the one in place.

The cursor moves only after the facts, the bad rows and the numbers of a slice are durable. After a crash in
between the slice comes again: its facts are known, its bad rows wait already, its numbers were told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from rekenschap.intake.admission import microseconds
from rekenschap.intake.door import Door
from rekenschap.intake.following.cursors import DONE, Cursor, Cursors
from rekenschap.intake.following.places import (
    UNREADABLE,
    Place,
    advanced,
    find,
    holds,
    is_packed,
    opened,
    rotated,
)
from rekenschap.intake.following.slices import LOOKED_BACK, Growing, OfferedSlice
from rekenschap.intake.report import IntakeReport
from rekenschap.intake.storing import FactLedger
from rekenschap.intake.taking import take_in_offered
from rekenschap.seams.source import LeaningReader

_SLICE = 32 << 20
_SETTLED = 3_600_000_000
"""An hour (µs): a renamed file that was not written for so long is complete, its last line too."""

_TOUCH = 60_000_000


@dataclass(slots=True, kw_only=True)
class Followed:
    """What one round took in. `lost` counts files that went away before their end was read."""

    rows: int = 0
    accepted: int = 0
    known: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    lost: int = 0

    def add(self, report: IntakeReport) -> None:
        """Count one slice."""
        self.rows += report.rows
        self.accepted += report.accepted
        self.known += report.known
        self.quarantined.update(report.quarantined)


class Following:
    """One path that is followed."""

    def __init__(
        self,
        path: Path,
        how: Growing,
        *,
        door: Door,
        cursors: Cursors,
        ledger: Callable[[], FactLedger],
        over: Callable[[], bool] = lambda: False,
        most: int = _SLICE,
    ) -> None:
        self._path, self._how, self._door = path.absolute(), how, door
        self._cursors, self._ledger, self._over, self._most = cursors, ledger, over, most

    def round(self, now: datetime) -> Followed:
        """Take in all that is whole now; raises what the ledger or the disk refuses."""
        told, at = Followed(), microseconds(now)
        known = self._cursors.of(self._path, self._how.profile.id)
        last = max((each.seen for each in known), default=None)
        is_followed, found_at = False, set[Path]()
        for cursor in known:
            place = find(cursor, self._path)
            if place is None:
                self._gone(cursor, told)
            else:
                found_at.add(place.path)
                is_followed = is_followed or place.is_here
                if cursor.unread != DONE:
                    self._take(cursor, place, told, now)
        if last is not None:
            self._take_unseen(found_at, last, told, now)
            if at - last > _TOUCH:
                self._cursors.touch(self._path, self._how.profile.id, at=at)
        if not is_followed and self._path.is_file():
            self._begin(Place(path=self._path, is_here=True, is_packed=False), told, now)
        return told

    def _take_unseen(self, found_at: set[Path], last: int, told: Followed, now: datetime) -> None:
        """Take in what was rotated away while nobody followed: what was written there since we looked."""
        for each in rotated(self._path):
            if each not in found_at and each.stat().st_mtime_ns // 1_000 > last:
                self._begin(Place(path=each, is_here=False, is_packed=is_packed(each)), told, now)

    def _begin(self, place: Place, told: Followed, now: datetime) -> None:
        status = place.path.stat()
        cursor = self._cursors.begin(self._path, self._how.profile.id, status, at=microseconds(now))
        self._take(cursor, place, told, now)

    def _take(self, cursor: Cursor, place: Place, told: Followed, now: datetime) -> None:
        """Take slices of one file until nothing whole is left."""
        at = microseconds(now)
        written = place.path.stat().st_mtime_ns // 1_000
        final = place.is_packed or (not place.is_here and at - written > _SETTLED)
        try:
            with opened(place.path) as stream:
                if not holds(stream, cursor):
                    return  # it was renamed just now: the next round finds it
                moved = replace(cursor, retired=int(not place.is_here))
                while not self._over():
                    after = self._slice(moved, stream, told, now, final=final)
                    if after is None:
                        break
                    moved = after
                stream.seek(moved.taken)
                moved = replace(moved, unread=len(stream.read(self._most)))
        except UNREADABLE:
            return  # it is just being packed or renamed: the next round finds it
        if place.is_packed and not moved.unread:
            status = place.path.stat()
            moved = replace(moved, unread=DONE, device=status.st_dev, inode=status.st_ino)
        if moved != cursor:
            self._cursors.put(moved)

    def _slice(
        self, cursor: Cursor, stream: BinaryIO, told: Followed, now: datetime, *, final: bool
    ) -> Cursor | None:
        stream.seek(cursor.taken)
        raw = stream.read(self._most)
        is_full = len(raw) == self._most
        length = self._how.whole(raw, final=final and not is_full) or (len(raw) if is_full else 0)
        if not length:
            return None
        offered = OfferedSlice(
            self._how,
            raw[:length],
            names=self._before(stream, cursor),
            before=cursor.lines,
            generation=cursor.generation,
        )
        told.add(take_in_offered(offered, self._how.profile, door=self._door, ledger=self._ledger(), now=now))
        lines = cursor.lines + raw.count(b"\n", 0, length)
        after = advanced(cursor, stream, taken=cursor.taken + length, lines=lines, at=microseconds(now))
        self._cursors.put(after)
        return after

    def _before(self, stream: BinaryIO, cursor: Cursor) -> bytes:
        """Give what stands before a slice and is needed to read it, from the file of before too."""
        head = self._how.head(stream) if cursor.taken else b""
        lines = self._how.leaned_on(stream, until=cursor.taken)
        if cursor.taken < LOOKED_BACK and (older := self._older(cursor)) is not None:
            with suppress(*UNREADABLE), opened(older) as before:
                lines = self._how.leaned_on(before, until=older.stat().st_size) + lines
        return head + lines

    def _older(self, cursor: Cursor) -> Path | None:
        """Give the file that was rotated away last before this one, when it is not packed."""
        if not isinstance(self._how.reader, LeaningReader):
            return None
        plain = [each for each in rotated(self._path) if not is_packed(each)]
        others = [each for each in plain if each.stat().st_ino != cursor.inode]
        return max(others, key=lambda each: each.stat().st_mtime_ns, default=None)

    def _gone(self, cursor: Cursor, told: Followed) -> None:
        """Forget a file that went away; what it still held then was never seen."""
        if cursor.unread != DONE and (not cursor.retired or cursor.unread):
            told.lost += 1
        self._cursors.drop(cursor)
