# SPDX-License-Identifier: EUPL-1.2
"""The days of the town: which are worked, and at what moment of the day work happens.

A moment is whole seconds of the wall clock in Amsterdam since 1970-01-01; `writing` turns it into text with
its offset. Knows no people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from rekenschap.demo.arrays import Flags, Ints, between, happens

HISTORY = 60
"""Days of work before the first day that is written, so that the town does not begin empty."""

DAY = 86_400
HOUR = 3_600
MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days from `HISTORY` days before `start` up to the last day; a day is its position in them."""

    start: date
    worked: Flags
    workday_number: Ints
    day_of_workday: Ints

    @property
    def length(self) -> int:
        """Count the days, history included."""
        return len(self.worked)

    @property
    def first_moment(self) -> int:
        """Give the first moment that is written."""
        return int(self.at(np.array([HISTORY]))[0])

    @property
    def last_moment(self) -> int:
        """Give the first moment after the period."""
        return int(self.at(np.array([self.length]))[0])

    def at(self, day: Ints, second: Ints | int = 0) -> Ints:
        """Give the moment `second` seconds after midnight of each day."""
        origin = (self.start - date(1970, 1, 1)).days - HISTORY
        return (day + origin) * DAY + second

    def day_of(self, moment: Ints) -> Ints:
        """Give the day in which each moment falls."""
        origin = (self.start - date(1970, 1, 1)).days - HISTORY
        return moment // DAY - origin

    def later(self, day: Ints, workdays: Ints) -> Ints:
        """Give the day that is `workdays` working days later; `length` when that is after the period."""
        number = np.minimum(self.workday_number[day] + workdays, len(self.day_of_workday) - 1)
        found: Ints = self.day_of_workday[number]
        return found


def calendar_of(start: date, days: int) -> Calendar:
    """Lay out `days` days from `start`, with the weekends and the public holidays of the Netherlands."""
    first = start - timedelta(days=HISTORY)
    dates = [first + timedelta(days=each) for each in range(HISTORY + days)]
    off = {holiday for year in {each.year for each in dates} for holiday in _holidays(year)}
    worked = np.array([each.weekday() < 5 and each not in off for each in dates])
    number = np.concatenate([[0], np.cumsum(worked)[:-1]]).astype(np.int64)
    after_the_end = [HISTORY + days]
    return Calendar(
        start=start,
        worked=worked,
        workday_number=number,
        day_of_workday=np.concatenate([np.flatnonzero(worked), after_the_end]).astype(np.int64),
    )


def office_second(rng: np.random.Generator, size: int) -> Ints:
    """Draw seconds of the day in office hours: mornings a little busier, few at lunch."""
    morning = between(rng, 8 * HOUR + 600, 12 * HOUR + 900, size=size)
    afternoon = between(rng, 12 * HOUR + 2700, 16 * HOUR + 2400, size=size)
    return np.where(happens(rng, 0.54, size), morning, afternoon)


def evening_second(rng: np.random.Generator, size: int) -> Ints:
    """Draw seconds of the day in the evening."""
    return between(rng, 18 * HOUR + 1800, 22 * HOUR, size=size)


def _holidays(year: int) -> list[date]:
    easter = _easter(year)
    moving = [easter + timedelta(days=each) for each in (1, 39, 50)]
    return [
        date(year, 1, 1),
        date(year, 4, 27),
        date(year, 5, 5),
        date(year, 12, 25),
        date(year, 12, 26),
        *moving,
    ]


def _easter(year: int) -> date:
    """Give Easter Sunday (the Gregorian computus of Meeus, Jones and Butcher)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, left = divmod(century, 4)
    epact = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * left + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)
