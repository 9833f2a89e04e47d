# SPDX-License-Identifier: EUPL-1.2
"""Counts of a channel in the windows that end in one week, with what had happened by then.

Knows arrays of days and owners; not what is counted, nor what is surprising.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rekenschap.detect.peers import Cells
from rekenschap.detect.tail import Numbers, Places

LENGTHS = (1, 7, 42, 182)
"""A day, a week, six weeks, half a year: a burst, a busy week, one look a week, and low and slow."""

WEEK = 7

TENURES = np.array([28, 56, 112, 224])
"""Days from which somebody is no longer as new: whoever learns the work looks along with colleagues."""

A_DAY = 2
"""What a day counts for at most in a longer window: once may be chance, twice that day is that day."""

A_TEAM = 2
"""How many of one team count at one subject: unrecorded work comes to a team, and a crowd does not."""

_NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Looks that count: whose count they are in, what counts once a day (`unit`), and when; one length.

    `owner` is a place among the owners of the domain, `day` days since the first day of the looks.
    """

    look: Places
    owner: Places
    unit: Places
    day: Places
    score: Numbers

    @classmethod
    def none(cls) -> Marks:
        """Give no marks at all."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(look=nothing, owner=nothing, unit=nothing, day=nothing, score=np.zeros(0))

    def at(self, here: Places) -> Marks:
        """Give the marks in these places."""
        return Marks(**{name: getattr(self, name)[here] for name in self.__slots__})

    def ordered(self) -> Marks:
        """Put the marks of an owner together, the most telling first."""
        return self.at(np.lexsort((self.look, -self.score, self.owner)))

    def once_a_day(self) -> tuple[Places, Places]:
        """Give owner and day of every unit that was met that day."""
        order = np.lexsort((self.unit, self.day, self.owner))
        owner, day, unit = self.owner[order], self.day[order], self.unit[order]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (owner[1:] != owner[:-1]) | (day[1:] != day[:-1]) | (unit[1:] != unit[:-1])
        return owner[new], day[new]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What all that was counted weighs together, and how often (columns) each weight 1, 2, ... comes."""

    total: Places
    weights: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The cells of one length of window that ends in one week, with for each of them:

    newest        the last day of the window
    tenure        how long, in classes, its owner had been there by then
    past_count    what was counted for the owner before that week, where habits excuse; else 0
    past_exposure what that is measured by
    habit         what somebody always did is an excuse
    sums          what was counted is weighed, and the sum is judged; None where only the number is
    believed      rate and shape of what is believed of an owner before anything is seen, where the owners of
                  a domain are too few or too unlike to be each other's yardstick; None where they are
    """

    days: int
    newest: Places
    cells: Cells
    tenure: Places
    past_count: Numbers
    past_exposure: Numbers
    habit: bool = False
    sums: Sums | None = None
    believed: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Counts by owner (rows) up to and including a day (columns, the first of which is before all)."""

    first: int
    upto: npt.NDArray[np.int32]

    @classmethod
    def of(cls, owner: Places, day: Places, *, owners: int, first: int, last: int) -> Running:
        """Count days from `first` to `last`; what is outside is left out."""
        width = last - first + 1
        inside = (day >= first) & (day <= last)
        place = owner[inside] * width + day[inside] - first
        daily = np.bincount(place, minlength=owners * width).astype(np.int32).reshape(owners, width)
        upto = np.zeros((owners, width + 1), dtype=np.int32)
        np.cumsum(daily, axis=1, out=upto[:, 1:])
        return cls(first=first, upto=upto)

    @classmethod
    def at_most(cls, running: Running, most: int) -> Running:
        """Give the same counts with no day counting for more than `most`."""
        daily = np.minimum(np.diff(running.upto, axis=1), most)
        upto = np.zeros_like(running.upto)
        np.cumsum(daily, axis=1, out=upto[:, 1:])
        return cls(first=running.first, upto=upto)

    def between(self, begin: int, end: int) -> Places:
        """Count from the day `begin` up to and including `end`, for every owner."""
        low, high = (int(np.clip(each - self.first, 0, self.upto.shape[1] - 1)) for each in (begin, end + 1))
        return np.asarray(self.upto[:, high] - self.upto[:, low], dtype=np.int64)

    @property
    def total(self) -> int:
        """Count everything."""
        return int(self.upto[:, -1].sum())


def lengths_by(end: int) -> list[int]:
    """Give the lengths that differ when `end` is the last day; the first look was on day 0."""
    covering = [each for each in LENGTHS if each > end]
    return [each for each in LENGTHS if each <= end] + covering[:1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """A channel of marks: what was counted and what it is measured by, for each owner and day.

    In windows longer than a day, a day counts for `A_DAY` at most: a burst is one occasion. Only where
    `bursts` is set a single day is a window too, and counts in full.

    Where `habit` is set an owner is held beside the own past as well as beside peers: what somebody always
    did is their work. Then only a week can stand out, as a longer window is itself the habit.
    """

    counted: Running
    capped: Running
    exposed: Running
    group: Places
    began: Places
    habit: bool = False
    bursts: bool = False
    believed: tuple[float, float] | None = None

    @classmethod
    def of(
        cls, counted: Running, exposed: Running, *, group: Places, began: Places,
        habit: bool = False, bursts: bool = False, believed: tuple[float, float] | None = None,
    ) -> Daily:  # fmt: skip
        """Measure what was counted by what was exposed."""
        return cls(
            counted=counted, capped=Running.at_most(counted, A_DAY), exposed=exposed, group=group,
            began=began, habit=habit, bursts=bursts, believed=believed,
        )  # fmt: skip

    def windows(self, end: int) -> Iterator[Window]:
        """Give the windows that end in the week whose last day is `end`; single days are seven windows."""
        for days in lengths_by(end)[0 if self.bursts else 1 : 2 if self.habit else None]:
            ends = range(end, end - WEEK, -1) if days == 1 else range(end, end - 1, -1)
            yield self._together(days, [self._one(days, each, before=end - WEEK) for each in ends])

    def heard_by(self, end: int) -> bool:
        """Say whether anything was counted up to this day."""
        return bool(self.counted.between(self.counted.first, end).any())

    def _one(self, days: int, end: int, *, before: int) -> Window:
        counted = self.counted if days == 1 else self.capped
        exposed = self.exposed.between(end - days + 1, end)
        here = np.flatnonzero(exposed > 0)
        cells = Cells(
            owner=here,
            group=self.group[here],
            count=counted.between(end - days + 1, end)[here].astype(np.float64),
            exposure=exposed[here].astype(np.float64),
        )
        excuse = float(self.habit)
        past = [
            np.asarray(each.between(each.first, before)[here] * excuse, dtype=np.float64)
            for each in (counted, self.exposed)
        ]
        return Window(
            days=days, newest=np.full(len(here), end), cells=cells, past_count=past[0], past_exposure=past[1],
            tenure=np.searchsorted(TENURES, end - self.began[here], side="right"), habit=self.habit,
            believed=self.believed,
        )  # fmt: skip

    def _together(self, days: int, parts: list[Window]) -> Window:
        cells = Cells(**_joined([each.cells for each in parts], Cells.__slots__))
        names = ("newest", "tenure", "past_count", "past_exposure")
        return Window(
            days=days, cells=cells, habit=self.habit, believed=self.believed, **_joined(parts, names)
        )


def _joined(parts: Sequence[object], names: Sequence[str]) -> dict[str, Any]:
    return {name: np.concatenate([getattr(each, name) for each in parts]) for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookers:
    """A channel that counts people: staff on an owner who, by then, never had a reason to look there.

    A pair is a member of staff and an owner; `explained` is the first day the pair had a reason.
    """

    pair_of: Places
    day: Places
    owner_of: Places
    team_of: Places
    explained: Places
    owners: int
    at_least: int

    @classmethod
    def of(
        cls, *, staff: Places, owner: Places, day: Places, without: Places, owners: int, team: Places,
        at_least: int,
    ) -> Lookers:  # fmt: skip
        """Read visits; `without` is 1 where a visit had no reason, `team` is that of each member of staff.

        Only owners seen by `at_least` are counted.
        """
        pairs, pair_of = np.unique(owner * (int(staff.max(initial=0)) + 1) + staff, return_inverse=True)
        owner_of = pairs // (int(staff.max(initial=0)) + 1)
        explained = np.full(len(pairs), np.iinfo(np.int64).max)
        np.minimum.at(explained, pair_of[without == 0], day[without == 0])
        return cls(
            pair_of=pair_of.reshape(-1), day=day, owner_of=owner_of, explained=explained, owners=owners,
            at_least=at_least, team_of=team[pairs % (int(staff.max(initial=0)) + 1)],
        )  # fmt: skip

    def windows(self, end: int) -> Iterator[Window]:
        """Give the windows that end in the week whose last day is `end`."""
        latest = np.full(len(self.owner_of), _NEVER)
        gone_by = self.day <= end
        np.maximum.at(latest, self.pair_of[gone_by], self.day[gone_by])
        without = self.explained > end
        for days in lengths_by(end)[1:]:
            met = latest > end - days
            seen = np.bincount(self.owner_of[met], minlength=self.owners)
            here = np.flatnonzero(seen >= self.at_least)
            count = self._people(met & without)[here]
            cells = Cells(
                owner=here,
                group=np.floor(np.log2(np.maximum(seen[here], 1))).astype(np.int64),
                count=count.astype(np.float64),
                exposure=self._people(met)[here].astype(np.float64),
            )
            none = np.zeros(len(here))
            yield Window(
                days=days, newest=np.full(len(here), end), cells=cells, tenure=np.zeros_like(here),
                past_count=none, past_exposure=none,
            )  # fmt: skip

    def _people(self, here: npt.NDArray[np.bool_]) -> Places:
        """Count for each owner the people of these pairs, at most `A_TEAM` of one team."""
        teams = int(self.team_of.max(initial=0)) + 1
        together, people = np.unique(self.owner_of[here] * teams + self.team_of[here], return_counts=True)
        people = np.minimum(people, A_TEAM)
        return np.bincount(together // teams, weights=people, minlength=self.owners).astype(np.int64)

    def heard_by(self, end: int) -> bool:
        """Say whether anybody looked without a reason up to this day."""
        return bool((self.explained > end).any())
