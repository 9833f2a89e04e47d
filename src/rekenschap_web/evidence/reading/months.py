# SPDX-License-Identifier: EUPL-1.2
"""The figures of a month: counts without a warrant, for they name nobody; people under one."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow.compute as pc
from django.db import transaction
from django.utils.formats import date_format

from rekenschap.audit.desk.leaking import window_of
from rekenschap.detect.indicators import (
    INDICATORS,
    Figures,
    Indicator,
    MostSeen,
    figures_of,
    most_looked_at,
    most_looking,
)
from rekenschap.house import House
from rekenschap.model.warrant import Warrant
from rekenschap.seams.engine import Engine
from rekenschap_web import acts
from rekenschap_web.evidence.door import used
from rekenschap_web.evidence.house import derived

__all__ = ["INDICATORS", "Figures", "Indicator", "Month", "MonthPeople", "figures", "months", "people_of"]

_EPOCH = date(1970, 1, 1)
_OF_LOOK = (
    "look", "staff", "subject", "register", "search_key", "happened_day", "happened_minute", "employment",
)  # fmt: skip
_OF_VERDICT = ("look", "explained", "weak_only")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Month:
    """A month of the calendar."""

    year: int
    month: int

    @classmethod
    def named(cls, name: str) -> Month:
        """Read `2026-03`; ValueError for another text."""
        year, _, month = name.partition("-")
        found = cls(year=int(year), month=int(month))
        if found.name != name or not 1 <= found.month <= 12:
            raise ValueError("expected a month such as 2026-03")
        return found

    @property
    def name(self) -> str:
        """Give it as it stands in an address: `2026-03`."""
        return f"{self.year:04}-{self.month:02}"

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def label(self) -> str:
        """Give it in words of the language of the page: `maart 2026`."""
        return date_format(self.first, "F Y")

    def before(self, many: int) -> Month:
        """Give the month so many months earlier."""
        months = self.year * 12 + self.month - 1 - many
        return Month(year=months // 12, month=months % 12 + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPeople:
    """Who stands at the top of the lists of a month."""

    looking: tuple[MostSeen, ...]
    looked_at: tuple[MostSeen, ...]


def months() -> tuple[Month, ...]:
    """Give the months in which there were looks, newest first."""
    told = derived().manifest
    if not told.looks:
        return ()
    first, last = (_EPOCH + timedelta(days=each) for each in (told.first_day, told.last_day))
    newest = Month(year=last.year, month=last.month)
    many = (last.year - first.year) * 12 + last.month - first.month + 1
    return tuple(newest.before(each) for each in range(many))


def figures(month: Month) -> Figures:
    """Count a month; names nobody."""
    engine = _bound(month)
    try:
        return figures_of(engine, refused=_refused(month))
    finally:
        engine.close()


def people_of(month: Month, *, warrant: Warrant, named: str) -> MonthPeople:
    """Give who looked and who was looked at most, under a warrant made for exactly this."""
    person = used(warrant, named, verb="consulted", gate=named)
    engine = _bound(month)
    try:
        found = MonthPeople(looking=most_looking(engine), looked_at=most_looked_at(engine))
    finally:
        engine.close()
    told = derived()
    about = [acts.About(who=each.who) for each in found.looking]
    about += [acts.About(who=each.who, look=told.look_at(each.who.hi)) for each in found.looked_at]
    with transaction.atomic():
        acts.record(
            by=person, verb="consulted", kind="month", object=named, because=warrant.reason, warrant=warrant,
            work=[acts.Looked(about=each, fields="maandverslag", zaak=named) for each in about],
        )  # fmt: skip
    return found


def _bound(month: Month) -> Engine:
    looks = derived().looks_between((month.first - _EPOCH).days, (month.last - _EPOCH).days)
    engine = House.engine()
    engine.bind("look", looks.select(_OF_LOOK))
    engine.bind("verdict", looks.select(_OF_VERDICT))
    return engine


def _refused(month: Month) -> int | None:
    """Count refused questions; None when no source ever tells of any decision."""
    told = derived().facts("decision")
    if not len(told):
        return None
    window = window_of(month.first, month.last).settings
    at = told.column("decided_at")
    inside = pc.and_(pc.greater_equal(at, window["begins"]), pc.less(at, window["ends"]))
    refused = pc.equal(told.column("outcome").cast("string"), "refuse")
    return int(pc.sum(pc.and_(inside, pc.fill_null(refused, False))).as_py() or 0)
