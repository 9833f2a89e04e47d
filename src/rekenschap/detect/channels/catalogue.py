# SPDX-License-Identifier: EUPL-1.2
"""Which channels there are: in whose count, what is counted beside what.

Adding one of staff is a query folder in `marks` and a line here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rekenschap.detect.channels.counted import Daily, Lookers, Marks, Running
from rekenschap.detect.channels.machines import out_of_step
from rekenschap.detect.channels.reading import Owners, Seen
from rekenschap.detect.channels.returns import returns
from rekenschap.detect.channels.weighed import Weighed
from rekenschap.detect.scan import column
from rekenschap.detect.tail import Places
from rekenschap.seams.engine import Engine, Parameter
from rekenschap.sql.query import load_query
from rekenschap.sql.workspace import run

_HERE = Path(__file__).parent


class Beside(StrEnum):
    """What a count is measured by: visits of that day, or days with any visit."""

    VISITS = "visits"
    DAYS = "days"


_OF_STAFF: Mapping[str, Beside] = {
    "unexplained": Beside.VISITS,
    "unexplained_alone": Beside.VISITS,
    "unexplained_outside_hours": Beside.VISITS,
    "unexplained_other_key": Beside.VISITS,
    "weak_reason": Beside.VISITS,
    "reason_after": Beside.VISITS,
    "closed_elsewhere": Beside.VISITS,
    "own_circle": Beside.VISITS,
    "shielded": Beside.VISITS,
    "new_device": Beside.VISITS,
    "rare_register": Beside.VISITS,
    "no_right": Beside.VISITS,
    "away": Beside.DAYS,
    "not_present": Beside.DAYS,
    "other_device": Beside.DAYS,
    "two_devices": Beside.DAYS,
}
"""Channels of staff that are a query folder; each gives the looks that count."""

_HABITS = frozenset({"other_device", "two_devices", "not_present", "reason_after"})
"""Channels of which the own past is an excuse: a way of working, and not what it is used for."""

_BURSTS = frozenset({"unexplained", "unexplained_alone"})
"""Channels of which one day can stand out by itself; of the rarer ones a single day is a single cause."""

_SPEAK = (
    *sorted(_OF_STAFF.keys() - {"unexplained", "weak_reason", "reason_after", "away", "two_devices"}),
    "returns_household",
)
"""Channels of which a mark adds to what a visit without a reason weighs."""

_HOW = frozenset(
    {
        "unexplained_alone", "unexplained_outside_hours", "unexplained_other_key", "closed_elsewhere",
        "new_device", "rare_register", "no_right",
    }
)  # fmt: skip
"""Channels of how one looked: after a slip the right one is looked for in the same way, and with a reason, so
that only *at whom* still speaks (one's own circle, somebody shielded, coming back)."""

_OF_THE_WHOLE = 8.0
"""The part of `weighed`: it holds what eight or so of the other questions ask apart."""

_DARK = 0.5
"""From this share of visits without a reason on, having none is what visits are like."""

_LOOKERS_AT_LEAST = 3
"""Fewer people than this on one subject are no crowd, whatever the reason."""


_OUT_OF_STEP = (0.01, 0.5)
"""Believed of a system before it is seen: half a look out of its step in fifty days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One question: its name, its domain, its counts, and the looks behind them, the most telling first.

    `part` is the part of the error rate it has beside other questions: kinds of one question share one.
    """

    name: str
    domain: str
    owners: Owners
    counts: Daily | Lookers | Weighed
    marks: Marks
    least: int = 1
    bare_too: bool = False
    part: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Channels:
    """Every channel of an engine, with counts from day `first` to `last`."""

    engine: Engine
    seen: Seen
    settings: Mapping[str, Parameter]
    first: int
    last: int

    def __iter__(self) -> Iterator[Channel]:
        """Count them one by one, so that one is in memory at a time."""
        bearing: dict[str, Places] = {}
        for name, beside in _OF_STAFF.items():
            kinds = self._kinds(name)
            for kind, marks in kinds:
                bearing[name] = np.union1d(bearing.get(name, marks.look), marks.look)
                measure = self._measures[self._beside(name, beside)]
                yield replace(self._of_staff(kind, marks, measure), part=1 / len(kinds))
        visits = self.seen.visits
        for name, units, unit in (
            ("returns_subject", visits.subject, self._subject_of_mark),
            ("returns_household", visits.household, self._household_of_mark),
        ):
            marks = self._of_one(returns(visits, self._unexplained, unit=units, unit_of_mark=unit))
            bearing[name] = np.unique(marks.look)
            yield self._of_staff(name, marks, self._measures[Beside.VISITS])
        yield self._weighed(bearing)
        yield from self._sendings()
        yield self._crowd("subject", visits.subject, self._subject_of_mark)
        yield self._crowd("household", visits.household, self._household_of_mark)
        yield from self._devices()
        yield from self._machines()

    @cached_property
    def _measures(self) -> Mapping[Beside, Running]:
        staff, day = self.seen.visits.staff, self.seen.visits.day
        width = int(day.max(initial=0)) + 1
        once = np.unique(staff * width + day)
        return {
            Beside.VISITS: self._running(staff, day, self.seen.staff),
            Beside.DAYS: self._running(once // width, once % width, self.seen.staff),
        }

    @cached_property
    def _unexplained(self) -> Marks:
        rows = run(self.engine, load_query(_HERE / "marks" / "unexplained"), self.settings)
        return self.seen.marks(rows, self.seen.staff).ordered()

    @cached_property
    def _shared(self) -> Places:
        rows = run(self.engine, load_query(_HERE / "tables" / "shared_subjects"), self.settings)
        return column(rows, "look")

    @cached_property
    def _in_the_dark(self) -> bool:
        """Say whether most visits have no reason: there is little work in the records, or none."""
        return bool(self.seen.visits.without.mean() > _DARK)

    def _beside(self, name: str, usual: Beside) -> Beside:
        """Measure bare numbers by days where most visits have no reason: beside visits they say nothing."""
        return Beside.DAYS if self._in_the_dark and name in _BURSTS else usual

    @cached_property
    def _slips(self) -> Places:
        rows = run(self.engine, load_query(_HERE / "tables" / "just_before"), self.settings)
        return column(rows, "look")

    def _of_one(self, marks: Marks) -> Marks:
        """Leave out marks at subjects at whom others looked without a reason as well: those are a crowd's.

        Where most visits have no reason that is nothing that others have in common.
        """
        if self._in_the_dark:
            return marks
        return marks.at(np.flatnonzero(~np.isin(marks.look, self._shared)))

    @cached_property
    def _subject_of_mark(self) -> Places:
        return self.seen.subjects.places(self._unexplained.unit)

    @cached_property
    def _household_of_mark(self) -> Places:
        return self.seen.household_of[self._subject_of_mark]

    def _running(self, owner: Places, day: Places, owners: Owners) -> Running:
        return Running.of(owner, day, owners=len(owners), first=self.first, last=self.last)

    def _kinds(self, name: str) -> list[tuple[str, Marks]]:
        """Give the marks of a query, apart for every kind of which it tells."""
        rows = run(self.engine, load_query(_HERE / "marks" / name), self.settings)
        if "kind" not in rows.column_names:
            marks = self.seen.marks(rows, self.seen.staff)
            if name in _HOW:
                marks = marks.at(np.flatnonzero(~np.isin(marks.look, self._slips)))
            return [(name, self._of_one(marks) if name == "unexplained_alone" else marks)]
        told = np.asarray(rows.column("kind").to_pylist(), dtype=np.str_)
        return [
            (f"{name}_{kind}", self.seen.marks(rows.filter(told == kind), self.seen.staff))
            for kind in np.unique(told)
        ]

    def _of_staff(self, name: str, marks: Marks, exposed: Running) -> Channel:
        owner, day = marks.once_a_day()
        counted = self._running(owner, day, self.seen.staff)
        return self._daily(name, counted, exposed, marks.ordered())

    def _daily(self, name: str, counted: Running, exposed: Running, marks: Marks) -> Channel:
        seen = self.seen
        counts = Daily.of(
            counted, exposed, group=seen.group, began=seen.began_work,
            habit=name in _HABITS or name.startswith("sent_"), bursts=name in _BURSTS,
        )  # fmt: skip
        return Channel(name=name, domain="staff", owners=seen.staff, counts=counts, marks=marks)

    def _weighed(self, bearing: Mapping[str, Places]) -> Channel:
        """Weigh visits without a reason by what their looks bear; `bearing` gives the looks by channel.

        The first thing that can be said of a visit is that nothing at all points at work: no weak reason, no
        colleague with a reason in the weeks before, no look for work that followed at once.
        """
        marks, seen = self._unexplained, self.seen
        bare = np.setdiff1d(marks.look, bearing.get("weak_reason", marks.look[:0]))
        bare = np.intersect1d(np.setdiff1d(bare, self._slips), bearing.get("unexplained_alone", bare))
        speak = (bare, *(bearing.get(name, bare[:0]) for name in _SPEAK))
        told = [np.isin(marks.look, each) for each in speak]
        order = np.lexsort((marks.unit, marks.day, marks.owner))
        owner, day, unit = marks.owner[order], marks.day[order], marks.unit[order]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (owner[1:] != owner[:-1]) | (day[1:] != day[:-1]) | (unit[1:] != unit[:-1])
        starts = np.flatnonzero(new)
        flags = np.stack([np.logical_or.reduceat(each[order], starts) for each in told], axis=1)
        counts = Weighed(
            owner=owner[starts], unit=unit[starts], day=day[starts], flags=flags,
            exposed=self._measures[Beside.VISITS], group=seen.group, began=seen.began_work,
        )  # fmt: skip
        return Channel(
            name="weighed", domain="staff", owners=seen.staff, counts=counts, marks=marks, part=_OF_THE_WHOLE
        )

    def _sendings(self) -> Iterator[Channel]:
        """Count what left in a way that is out of the ordinary, beside days with a visit."""
        rows = run(self.engine, load_query(_HERE / "tables" / "sendings"), self.settings)
        owner = self.seen.staff.places(column(rows, "staff"))
        day = column(rows, "happened_day") - self.seen.began
        way = np.asarray(rows.column("way").to_pylist(), dtype=np.str_)
        for each in np.unique(way):
            here = (way == each) & (owner >= 0)
            counted = self._running(owner[here], day[here], self.seen.staff)
            exposed = self._measures[Beside.DAYS]
            yield self._daily(f"sent_{each}", counted, exposed, self._unexplained)
        yield self._destinations(column(rows, "destination"), day, way)

    def _destinations(self, token: Places, day: Places, way: npt.NDArray[np.str_]) -> Channel:
        """Count what left for an address outside with many people in it, beside all that left for it."""
        out = (way == "outside") & (token != 0)
        owners = Owners(tokens=np.unique(token[out]))
        many = (way == "many") & (owners.places(token) >= 0)
        nothing = np.zeros(len(owners), dtype=np.int64)
        counts = Daily.of(
            self._running(owners.places(token[many]), day[many], owners),
            self._running(owners.places(token[out]), day[out], owners),
            group=nothing, began=nothing, habit=True,
        )  # fmt: skip
        return Channel(
            name="many_sent_to", domain="destination", owners=owners, counts=counts, marks=Marks.none()
        )

    def _crowd(self, domain: str, unit: Places, unit_of_mark: Places) -> Channel:
        """Count staff on one subject or household who never had a reason."""
        visits, marks = self.seen.visits, self._unexplained
        owners = self.seen.subjects if domain == "subject" else self.seen.households
        counts = Lookers.of(
            staff=visits.staff, owner=unit, day=visits.day, without=visits.without,
            owners=len(owners), team=self.seen.team,
            at_least=_LOOKERS_AT_LEAST,
        )  # fmt: skip
        turned = Marks(
            look=marks.look, owner=unit_of_mark, unit=marks.owner, day=marks.day, score=marks.score
        )
        return Channel(
            name=f"staff_on_{domain}", domain=domain, owners=owners, counts=counts, marks=turned.ordered(),
            least=_LOOKERS_AT_LEAST, bare_too=True,
        )  # fmt: skip

    def _devices(self) -> Iterator[Channel]:
        """Count accounts beyond the first on a device that had no reason there, beside days it was used."""
        rows = run(self.engine, load_query(_HERE / "tables" / "device_days"), self.settings)
        if not len(rows):
            return
        owners = Owners(tokens=np.unique(column(rows, "device")))
        width = int(self.last) + 2
        place = owners.places(column(rows, "device")) * width
        place += np.clip(column(rows, "happened_day") - self.seen.began, 0, width - 1)
        used, which, accounts = np.unique(place, return_inverse=True, return_counts=True)
        without = np.bincount(which.reshape(-1), column(rows, "unexplained"), minlength=len(used))
        more = np.repeat(used, np.minimum(accounts - 1, without.astype(np.int64)))
        nothing = np.zeros(len(owners), dtype=np.int64)
        counts = Daily.of(
            self._running(more // width, more % width, owners),
            self._running(used // width, used % width, owners),
            group=nothing, began=nothing, habit=True,
        )  # fmt: skip
        yield Channel(
            name="accounts_on_device", domain="device", owners=owners, counts=counts, marks=Marks.none()
        )

    def _machines(self) -> Iterator[Channel]:
        """Count looks under the account of a system that are out of its step, beside days on which it ran."""
        rows = run(self.engine, load_query(_HERE / "tables" / "machine_looks"), self.settings)
        if not len(rows):
            return
        owners = Owners(tokens=np.unique(column(rows, "staff")))
        place, day = owners.places(column(rows, "staff")), column(rows, "happened_day") - self.seen.began
        rows, place, day = _from_the_first(rows, place, day)
        odd = np.flatnonzero(out_of_step(rows, place, day))
        marks = Marks(
            look=column(rows, "look")[odd], owner=place[odd], unit=column(rows, "subject")[odd], day=day[odd],
            score=np.zeros(len(odd)),
        )  # fmt: skip
        width = int(day.max(initial=0)) + 1
        ran = np.unique(place * width + day)
        nothing = np.zeros(len(owners), dtype=np.int64)
        counts = Daily.of(
            self._running(*marks.once_a_day(), owners),
            self._running(ran // width, ran % width, owners),
            group=nothing, began=nothing, habit=True, believed=_OUT_OF_STEP,
        )  # fmt: skip
        yield Channel(
            name="machine_out_of_step", domain="account", owners=owners, counts=counts, marks=marks.ordered()
        )


def _from_the_first(rows: pa.Table, place: Places, day: Places) -> tuple[pa.Table, Places, Places]:
    """Leave out what a system did before the first look of a person: day 0 is the first day of all counts."""
    here = np.flatnonzero(day >= 0)
    return rows.take(pa.array(here)), place[here], day[here]
