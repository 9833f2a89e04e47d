# SPDX-License-Identifier: EUPL-1.2
"""Which channels there are: in whose count, what is counted beside what.

Adding one is a query folder and a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from rekenschap.detect.channels.counted import Daily, Lookers, Marks, Running
from rekenschap.detect.channels.reading import Seen, Visits
from rekenschap.detect.tail import Places
from rekenschap.seams.engine import Engine, Parameter
from rekenschap.sql.query import load_query
from rekenschap.sql.workspace import run

_MARKS = Path(__file__).parent / "marks"


class Beside(StrEnum):
    """What a count is measured by: visits of that day, or days with any visit."""

    VISITS = "visits"
    DAYS = "days"


_OF_STAFF: Mapping[str, Beside] = {
    "unexplained": Beside.VISITS,
    "unexplained_outside_hours": Beside.VISITS,
    "unexplained_other_key": Beside.VISITS,
    "unexplained_alone": Beside.VISITS,
    "weak_reason": Beside.VISITS,
}
"""Channels of staff that are a query folder; each gives the looks that count."""

_LOOKERS_AT_LEAST = 3
"""Fewer people than this on one subject are no crowd, whatever the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One question: its name, its domain, its counts, and the looks behind them."""

    name: str
    domain: str
    counts: Daily | Lookers
    marks: Marks
    least: int = 1
    bare_too: bool = False


def channels_of(
    engine: Engine, seen: Seen, settings: Mapping[str, Parameter], *, first: int, last: int
) -> Iterator[Channel]:
    """Count every channel from day `first` to `last`, one by one, so that one is in memory at a time."""
    measures = _measures(seen, first=first, last=last)
    for name, beside in _OF_STAFF.items():
        for kind, marks in _kinds(engine, seen, name, settings):
            yield _of_staff(kind, marks, measures[beside], seen, first=first, last=last)
    unexplained = _marks(engine, seen, "unexplained", settings)
    for name, unit in (
        ("returns_subject", seen.visits.subject),
        ("returns_household", seen.visits.household),
    ):
        marks = _returns(seen, unexplained, unit, household=name == "returns_household")
        yield _of_staff(name, marks, measures[Beside.VISITS], seen, first=first, last=last)
    yield _crowd(seen, unexplained, "subject")
    yield _crowd(seen, unexplained, "household")


def _measures(seen: Seen, *, first: int, last: int) -> Mapping[Beside, Running]:
    staff, day = seen.visits.staff, seen.visits.day
    width = int(day.max(initial=0)) + 1
    once = np.unique(staff * width + day)
    span = {"owners": len(seen.staff), "first": first, "last": last}
    return {
        Beside.VISITS: Running.of(staff, day, **span),
        Beside.DAYS: Running.of(once // width, once % width, **span),
    }


def _kinds(
    engine: Engine, seen: Seen, name: str, settings: Mapping[str, Parameter]
) -> Iterator[tuple[str, Marks]]:
    """Give the marks of a query, apart for every kind of which it tells."""
    rows = run(engine, load_query(_MARKS / name), settings)
    if "kind" not in rows.column_names:
        yield name, seen.marks(rows, seen.staff)
        return
    told = np.asarray(rows.column("kind").to_pylist(), dtype=np.str_)
    for kind in np.unique(told):
        yield f"{name}_{kind}", seen.marks(rows.filter(told == kind), seen.staff)


def _marks(engine: Engine, seen: Seen, name: str, settings: Mapping[str, Parameter]) -> Marks:
    return seen.marks(run(engine, load_query(_MARKS / name), settings), seen.staff)


def _of_staff(name: str, marks: Marks, exposed: Running, seen: Seen, *, first: int, last: int) -> Channel:
    owner, day = marks.once_a_day()
    counted = Running.of(owner, day, owners=len(seen.staff), first=first, last=last)
    counts = Daily(counted=counted, exposed=exposed, group=seen.group, began=seen.began_work)
    return Channel(name=name, domain="staff", counts=counts, marks=marks.ordered())


def _returns(seen: Seen, marks: Marks, unit: Places, *, household: bool) -> Marks:
    """Keep the looks of visits to who was met before, more often without than with a reason.

    `unit` is the subject or household of each visit. Reads no day after the visit itself.
    """
    visits = seen.visits
    width, units = int(visits.day.max(initial=0)) + 1, int(unit.max(initial=0)) + 1
    key = (visits.staff * units + unit) * width + visits.day
    met, place = np.unique(key, return_inverse=True)
    without = np.ones(len(met), dtype=np.int64)
    np.minimum.at(
        without, place.reshape(-1), visits.without
    )  # one reason in the household explains the visit
    pair = met // width
    begins = np.searchsorted(pair, pair)  # visits of a pair stand together, by day
    missed = np.concatenate([[0], np.cumsum(without)])
    before = missed[:-1] - missed[begins]
    times = np.arange(len(met)) - begins
    again = met[(without == 1) & (before >= 1) & (2 * before > times)]
    subject = seen.subjects.places(marks.unit)
    of_look = seen.household_of[subject] if household else subject
    here = np.flatnonzero(np.isin((marks.owner * units + of_look) * width + marks.day, again))
    kept = marks.at(here)
    return Marks(look=kept.look, owner=kept.owner, unit=of_look[here], day=kept.day, score=kept.score)


def _crowd(seen: Seen, marks: Marks, domain: str) -> Channel:
    visits: Visits = seen.visits
    owners = seen.subjects if domain == "subject" else seen.households
    unit = visits.subject if domain == "subject" else visits.household
    counts = Lookers.of(
        visits.staff, unit, visits.day, visits.without, owners=len(owners), at_least=_LOOKERS_AT_LEAST
    )
    subject = seen.subjects.places(marks.unit)
    of_look = subject if domain == "subject" else seen.household_of[subject]
    turned = Marks(look=marks.look, owner=of_look, unit=marks.owner, day=marks.day, score=marks.score)
    return Channel(
        name=f"staff_on_{domain}", domain=domain, counts=counts, marks=turned.ordered(),
        least=_LOOKERS_AT_LEAST, bare_too=True,
    )  # fmt: skip
