# SPDX-License-Identifier: EUPL-1.2
"""The rhythm a source is declared to have: `every 15 minutes on working days from 07:00 to 19:00`.

A plain sentence, so that whoever answers for a source can read it back. Knows no holidays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from rekenschap.errors import ConfigurationError
from rekenschap.tables import ZONE

_SAID = re.compile(
    r"every (?:(\d{1,4}) )?(minute|hour|day|week)s?"
    r"(?: on (working days))?(?: from (\d\d:\d\d) to (\d\d:\d\d))?"
)
_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10_080}
_LEEWAY = 1.5
"""Half as long again: a delivery may be late once without anybody being called."""
_LEAST = 2.0
_DAY = timedelta(days=1)
_MOST_DAYS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """At least once in so many minutes that count: those between two times of (working) days, local."""

    said: str
    every: int
    on_working_days: bool = False
    begin: time = time.min
    end: time | None = None

    @property
    def allowed(self) -> float:
        """How many minutes that count may pass without anything."""
        within = (self._minutes_of_a_day / 1440) if self.every >= _MINUTES["day"] else 1.0
        return max(self.every * within * _LEEWAY, self.every * within + _LEAST)

    def minutes(self, since: datetime, until: datetime) -> float:
        """Count the minutes between two moments that count."""
        zone = ZoneInfo(ZONE)
        first, last = since.astimezone(zone), until.astimezone(zone)
        day, total = first.date(), 0.0
        for _ in range(_MOST_DAYS):
            if day > last.date():
                break
            if not (self.on_working_days and day.weekday() >= 5):
                begin = datetime.combine(day, self.begin, tzinfo=zone)
                end = (
                    datetime.combine(day + _DAY, time.min, tzinfo=zone)
                    if self.end is None
                    else datetime.combine(day, self.end, tzinfo=zone)
                )
                part = min(end, last).timestamp() - max(begin, first).timestamp()
                total += max(0.0, part / 60)
            day += _DAY
        return total

    @property
    def _minutes_of_a_day(self) -> float:
        end = 1440 if self.end is None else 60 * self.end.hour + self.end.minute
        return end - 60 * self.begin.hour - self.begin.minute


def parse_expected(said: str) -> Expected:
    """Read a declared rhythm; raises ConfigurationError."""
    found = _SAID.fullmatch(said.strip().lower())
    try:
        if found is None:
            raise ValueError
        number, unit, working, begin, end = found.groups()
        expected = Expected(
            said=said.strip(),
            every=int(number or 1) * _MINUTES[unit],
            on_working_days=working is not None,
            begin=time.min if begin is None else time.fromisoformat(begin),
            end=None if end is None or end == "24:00" else time.fromisoformat(end),
        )
        if not expected.every or (expected.end is not None and expected.end <= expected.begin):
            raise ValueError
    except ValueError:
        raise ConfigurationError(
            expected="a rhythm such as 'every 15 minutes on working days from 07:00 to 19:00'",
            found="other words",
            remedy="say it with minutes, hours, days or weeks",
        ) from None
    return expected
