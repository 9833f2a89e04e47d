# SPDX-License-Identifier: EUPL-1.2
"""What everybody does in the window: how many subjects each looked at without a reason, and how these gather.

Made once from three answers of an engine; every list asked about in that window is held against it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from rekenschap.detect.leak.counting import Numbers, Places

_SHRUNK_BY = 20.0
"""Pairs of the whole organisation that are mixed in with those of a team: few colleagues say little."""

_NONE = 1e12


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A row per member of staff who looked, by rising token. `team` and `role` are places 0…"""

    token: Places
    team: Places
    role: Places
    person: Places
    seen: Numbers
    unexplained: Numbers
    worked: Numbers
    worked_unexplained: Numbers

    @classmethod
    def of(cls, rows: pa.Table) -> Staff:
        """Read the answer of `leak_staff`."""
        rows = rows.sort_by("staff")
        return cls(
            token=_whole(rows, "staff"),
            team=_codes(rows, "team"),
            role=_codes(rows, "role"),
            person=1 - _whole(rows, "nobody"),
            **{
                name: _whole(rows, name).astype(np.float64)
                for name in ("seen", "unexplained", "worked", "worked_unexplained")
            },
        )

    def places(self, tokens: Places) -> Places:
        """Give the row of each token; every token must be there."""
        return np.searchsorted(self.token, tokens).astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """How strongly looks without a reason gather on the same subjects: Dirichlet weights of what is usual.

    A small weight means that one such look by another makes the next one at that subject much more likely.
    """

    everybody: float
    role: float
    team: float

    @classmethod
    def of(cls, rows: pa.Table, *, by_chance: float) -> Gathering:
        """Read the answer of `leak_crowd`; `by_chance`: how often two looks meet when they do not gather."""
        counted = [each for each in rows.to_pylist() if each["possible"]]
        told = {each["level"]: each["met"] / each["possible"] for each in counted}
        met = [told.get(level, 0.0) for level in ("all", "role", "team")]
        return cls(
            everybody=_weight(met[0], by_chance),
            role=_weight(met[1], max(met[0], by_chance)),
            team=_weight(met[2], max(met[1], met[0], by_chance)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """The organisation in the window. `subject` (rising), `lookers` and `unexplained_lookers` go together."""

    staff: Staff
    subject: Places
    lookers: Places
    unexplained_lookers: Places
    gathering: Gathering
    with_right: int

    @classmethod
    def of(cls, staff: pa.Table, subjects: pa.Table, crowd: pa.Table, *, with_right: int) -> Background:
        """Join the answers of `leak_staff`, `leak_subject`, `leak_crowd` and the count of `leak_right`."""
        ordered = subjects.sort_by("subject")
        lookers = _whole(ordered, "lookers")
        usual = (1 / max(len(lookers), 1) + lookers / max(lookers.sum(), 1)) / 2
        return cls(
            staff=Staff.of(staff),
            subject=_whole(ordered, "subject"),
            lookers=lookers,
            unexplained_lookers=_whole(ordered, "unexplained_lookers"),
            gathering=Gathering.of(crowd, by_chance=float((usual**2).sum())),
            with_right=with_right,
        )

    @property
    def pairs(self) -> Numbers:
        """Give the number of pairs of staff and subject, and of those without a reason by a person."""
        return np.array([self.staff.seen.sum(), (self.staff.unexplained * self.staff.person).sum()])

    def without_work(self) -> Numbers:
        """Give for each member of staff the chance that a subject of their work has no work we know of.

        The larger of what colleagues of the team have and what they have themselves: where a system is not
        connected, its whole team looks without a reason.
        """
        return self._share(self.staff.unexplained - self.staff.worked_unexplained, self.staff.seen)

    def beside_work(self) -> Numbers:
        """Give for each member of staff the chance of a day without a reason at a subject of known work."""
        return self._share(self.staff.worked_unexplained, self.staff.worked)

    def _share(self, count: Numbers, among: Numbers) -> Numbers:
        staff = self.staff
        usual = (count.sum() + 0.5) / (among.sum() + 1.0)
        teams = int(staff.team.max()) + 1 if len(staff.team) else 0
        team_count, team_among = (np.bincount(staff.team, each, teams)[staff.team] for each in (count, among))
        of_team = (team_count - count + _SHRUNK_BY * usual) / (team_among - among + _SHRUNK_BY)
        of_self = (count + _SHRUNK_BY * of_team) / (among + _SHRUNK_BY)
        shares: Numbers = np.minimum(np.maximum(of_team, of_self), 1.0)
        return shares


def _weight(met: float, usual: float) -> float:
    """Give the weight at which two looks meet so often: met = usual + (1 - usual) / (weight + 1)."""
    if met <= usual:
        return _NONE
    return float(np.clip((1 - usual) / (met - usual) - 1, 1.0, _NONE))


def _whole(rows: pa.Table, name: str) -> Places:
    return np.asarray(rows.column(name).combine_chunks().fill_null(0), dtype=np.int64)


def _codes(rows: pa.Table, name: str) -> Places:
    names = np.asarray(rows.column(name).to_pylist(), dtype=np.str_)
    return np.unique(names, return_inverse=True)[1].astype(np.int64)
