# SPDX-License-Identifier: EUPL-1.2
"""The looks behind a finding, and what is usual for the peers of the one it is about.

Knows arrays of looks; gives no weight to anything (see `terms`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from rekenschap.detect.scan import Standing, column
from rekenschap.detect.tail import Numbers, Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """The looks of visits without a reason, as arrays of one length; `score` is the evidence in nats."""

    look: Places
    staff: Places
    subject: Places
    days_ago: Places
    never_explained: Places
    outside_hours: Places
    by_other_key: Places
    weak_only: Places
    score: Numbers

    @classmethod
    def of(cls, rows: pa.Table) -> Looks:
        """Read the answer of `unexplained_looks`."""
        names = [name for name in cls.__slots__ if name != "score"]
        score = np.asarray(rows.column("score").combine_chunks().fill_null(0.0))
        return cls(score=score, **{name: column(rows, name) for name in names})

    def at(self, here: Places) -> Looks:
        """Give the looks in these places."""
        return Looks(**{name: getattr(self, name)[here] for name in self.__slots__})

    def behind(self, standing: Standing) -> Looks:
        """Give the looks a finding rests on, most telling first."""
        inside = (self.days_ago >= standing.newest) & (self.days_ago <= standing.oldest)
        if standing.rule == "unexplained_by_subject":
            inside &= (self.subject == standing.about) & (self.never_explained == 1)
        else:
            inside &= self.staff == standing.about
        if standing.rule == "unexplained_repeats":
            inside &= self.subject == standing.other
        return self.at(np.flatnonzero(inside)).most_telling_first()

    def most_telling_first(self) -> Looks:
        """Order by evidence, then strong verdicts before weak ones, then as the ledger does."""
        return self.at(np.lexsort((self.look, self.weak_only, -self.score)))

    @classmethod
    def together(cls, parts: Sequence[Looks]) -> Looks:
        """Give each look of these once, most telling first."""
        every = cls(
            **{name: np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__}
        )
        return every.at(np.unique(every.look, return_index=True)[1]).most_telling_first()


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How often each member of staff looks in all, at unusual hours, and by another key than the BSN."""

    place: Mapping[int, int]
    role: Places
    roles: int
    visits: Numbers
    outside_hours: Numbers
    by_other_key: Numbers

    @classmethod
    def of(cls, rows: pa.Table) -> Habits:
        """Read the answer of `habits`."""
        names, role = np.unique(
            np.asarray(rows.column("role").to_pylist(), dtype=np.str_), return_inverse=True
        )
        numbers = {
            name: column(rows, name).astype(np.float64)
            for name in ("visits", "outside_hours", "by_other_key")
        }
        place = {int(staff): i for i, staff in enumerate(column(rows, "staff"))}
        return cls(place=place, role=role.astype(np.int64), roles=len(names), **numbers)

    def groups(self, staff: Places) -> Places:
        """Give the group of peers, the role, of each of these members of staff."""
        return np.array([self.role[self.place[int(one)]] for one in np.unique(staff)], dtype=np.int64)[
            np.unique(staff, return_inverse=True)[1]
        ]

    def usual_share(self, mark: Numbers, standing: Standing) -> float:
        """Give the share of a mark in all visits of the peers, whether explained or not; itself left out."""
        me = self.place[standing.about]
        peers = np.ones(len(self.role), dtype=bool) if standing.borrowed else self.role == self.role[me]
        peers[me] = False
        return float((mark[peers].sum() + 0.5) / (self.visits[peers].sum() + 1))


def usual_score_of_others(looks: Looks, standing: Standing) -> float:
    """Give the mean evidence of the unexplained looks of everybody else; nobody is its own yardstick."""
    owner = looks.subject if standing.rule == "unexplained_by_subject" else looks.staff
    others = looks.score[owner != standing.about]
    return float(others.mean()) if len(others) else float("inf")


def visits_of(looks: Looks, mark: Places) -> int:
    """Count the visits (staff, subject, day) among these looks that bear the mark."""
    marked = np.column_stack((looks.staff, looks.subject, looks.days_ago))[mark == 1]
    return len(np.unique(marked, axis=0))
