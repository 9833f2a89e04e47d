# SPDX-License-Identifier: EUPL-1.2
"""The chance that a member of staff meets a line of the list without a reason, when no looker is behind it.

From how many subjects this person looked at without a reason; how popular the subject is with others of the
team, the role and everybody; and what of the list is this person's own work. Where in doubt the chance is the
larger one: that makes the test stricter. Nobody counts for their own chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rekenschap.detect.leak.background import Background, Staff
from rekenschap.detect.leak.counting import Numbers, Places

Flags = npt.NDArray[np.bool_]
UNKNOWN = -1
"""The place of a subject nobody looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Who looked at the subjects asked about: one row per pair, by rising `staff` and `subject` (places)."""

    staff: Places
    subject: Places
    unexplained: Flags
    explained: Flags
    worked: Flags
    person: Flags
    subjects: Places
    """The tokens of the subjects asked about, rising; `subject` is a place in them."""

    @classmethod
    def of(cls, rows: pa.Table, background: Background, subjects: Places) -> Met:
        """Read the answer of `leak_hit`."""
        columns = {name: np.asarray(rows.column(name), dtype=np.int64) for name in _READ}
        staff = background.staff.places(columns["staff"])
        subject = np.searchsorted(subjects, columns["subject"]).astype(np.int64)
        order = np.lexsort((subject, staff))
        person = background.staff.person[staff[order]] == 1
        return cls(
            staff=staff[order],
            subject=subject[order],
            unexplained=(columns["days_unexplained"][order] > 0) & person,
            explained=columns["days_explained"][order] > 0,
            worked=columns["worked"][order] > 0,
            person=person,
            subjects=subjects,
        )

    def places(self, tokens: Places) -> Places:
        """Give the place of each subject, UNKNOWN where nobody looked at it."""
        at = np.searchsorted(self.subjects, tokens)
        at = np.minimum(at, max(len(self.subjects) - 1, 0))
        known = self.subjects[at] == tokens if len(self.subjects) else np.zeros(len(tokens), dtype=np.bool_)
        return np.where(known, at, UNKNOWN).astype(np.int64)


_READ = ("staff", "subject", "days_unexplained", "days_explained", "worked")


class Chances:
    """Gives chances for rows of staff and columns of subjects; `starts` says which columns are one line."""

    def __init__(self, background: Background, met: Met) -> None:
        staff = background.staff
        self._background, self._met = background, met
        self._width = len(met.subjects) + 1
        missed = met.unexplained
        self._pair = met.staff * self._width + met.subject
        self._seen = {
            "all": _Tally(np.zeros_like(met.staff), met.subject, self._width),
            "team": _Tally(staff.team[met.staff], met.subject, self._width),
        }
        self._gone = {
            "all": _Tally(np.zeros_like(met.staff)[missed], met.subject[missed], self._width),
            "role": _Tally(staff.role[met.staff][missed], met.subject[missed], self._width),
            "team": _Tally(staff.team[met.staff][missed], met.subject[missed], self._width),
        }
        without = staff.unexplained * staff.person
        self._sizes = {
            "seen team": np.bincount(staff.team, staff.seen),
            "gone role": np.bincount(staff.role, without),
            "gone team": np.bincount(staff.team, without),
        }
        self._without_work, self._beside_work = background.without_work(), background.beside_work()

    @property
    def staff(self) -> Staff:
        """Give everybody who looked in the window."""
        return self._background.staff

    def found(self, rows: Places, columns: Places, starts: Places) -> tuple[Flags, Flags, Flags]:
        """Say for each row and line whether it was met without a reason, with one, and is own work."""
        place, there = self._where(rows, columns)
        return (
            _any(self._flags(self._met.unexplained, place, there), starts),
            _any(self._flags(self._met.explained, place, there), starts),
            _any(self._flags(self._met.worked, place, there), starts),
        )

    def chances(self, rows: Places, columns: Places, starts: Places) -> Numbers:
        """Give the chance of a look without a reason at each line; `columns` is rows x subjects."""
        staff = self._background.staff
        shares = np.add.reduceat(self._shares(rows, columns), starts, axis=1)
        usual = -np.expm1(-staff.unexplained[rows, None] * shares)
        own = self.found(rows, columns, starts)[2]
        beside = 1 - (1 - usual) * (1 - self._beside_work[rows, None])
        like_own = np.maximum(usual, self._without_work[rows, None])
        of_others = own.sum(axis=1)[:, None] - own > 0
        return np.where(own, beside, np.where(of_others, like_own, usual))

    def _shares(self, rows: Places, columns: Places) -> Numbers:
        """Give the share of the looks without a reason of each row that falls on each column, by chance."""
        staff, weigh = self._background.staff, self._background.gathering
        place, there = self._where(rows, columns)
        own_seen = there.astype(np.float64)
        own_gone = self._flags(self._met.unexplained, place, there).astype(np.float64)
        seen, without = staff.seen[rows, None], (staff.unexplained * staff.person)[rows, None]
        all_seen, all_gone = self._background.pairs
        nobody = np.zeros_like(rows)
        popular = _share(self._seen["all"].at(nobody, columns) - own_seen, all_seen - seen)
        in_team = _share(
            self._seen["team"].at(staff.team[rows], columns) - own_seen,
            self._sizes["seen team"][staff.team[rows], None] - seen,
        )
        plain = 1 / max(len(self._background.subject), 1) + popular / 2 + in_team / 2
        share = plain / 2
        for level, weight, group in (
            ("all", weigh.everybody, nobody),
            ("role", weigh.role, staff.role[rows]),
            ("team", weigh.team, staff.team[rows]),
        ):
            size = all_gone if level == "all" else self._sizes[f"gone {level}"][group, None]
            met = self._gone[level].at(group, columns) - own_gone
            share = (met + weight * share) / (np.maximum(size - without, 0.0) + weight)
        return np.maximum(share, plain)

    def _where(self, rows: Places, columns: Places) -> tuple[Places, Flags]:
        keys = rows[:, None] * self._width + columns
        place = np.minimum(np.searchsorted(self._pair, keys), max(len(self._pair) - 1, 0))
        found = self._pair[place] == keys if len(self._pair) else np.zeros(keys.shape, dtype=np.bool_)
        return place, found & (columns != UNKNOWN)

    @staticmethod
    def _flags(flags: Flags, place: Places, there: Flags) -> Flags:
        return flags[place] & there if len(flags) else there


class _Tally:
    """Counts pairs of a group and a subject."""

    def __init__(self, group: Places, subject: Places, width: int) -> None:
        self._width = width
        self._keys, self._counts = np.unique(group * width + subject, return_counts=True)

    def at(self, group: Places, columns: Places) -> Numbers:
        """Give the count of each row's group at each column."""
        keys = group[:, None] * self._width + columns
        if not len(self._keys):
            return np.zeros(keys.shape)
        place = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        there = (self._keys[place] == keys) & (columns != UNKNOWN)
        return np.where(there, self._counts[place], 0).astype(np.float64)


def _share(count: Numbers, among: Numbers | float) -> Numbers:
    return np.asarray(np.maximum(count, 0.0) / np.maximum(among, 1.0))


def _any(flags: Flags, starts: Places) -> Flags:
    return np.asarray(np.logical_or.reduceat(flags, starts, axis=1))
