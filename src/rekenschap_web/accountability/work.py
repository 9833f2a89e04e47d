# SPDX-License-Identifier: EUPL-1.2
"""What of the account waits: reports to make, look through and sign for the FG; systems to mend."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rekenschap.casework.roles import Role
from rekenschap_web.accountability.figures import heard_and_not
from rekenschap_web.accountability.queries import month_lines, waiting_months
from rekenschap_web.evidence import desk
from rekenschap_web.evidence.reading.months import Month, months
from rekenschap_web.findings.work import WorkItem
from rekenschap_web.people.may import Thing, may
from rekenschap_web.people.models import Person

_MENDS = frozenset({Role.OPERATOR, Role.CISO})
"""Whose work it is that a system reports again."""


def work_for(person: Person, now: datetime) -> Iterable[WorkItem]:
    """Tell which reports this person must make or look through, and which systems do not report."""
    if may(person, "month.sign", Thing(kind="month")).allowed:
        yield from _reports(now.date())
    if person.roles & _MENDS and may(person, "coverage.read", Thing(kind="coverage")).allowed:
        yield from _systems()


def _reports(today: date) -> Iterable[WorkItem]:
    for name in waiting_months():
        yield WorkItem(
            what=_("Kijk de steekproef van %(month)s na en teken af") % {"month": Month.named(name).label},
            url=reverse("accountability:month", args=[name]),
            minutes=40,
        )
    missing = [line for line in month_lines(months()) if not line.state and line.month.last < today]
    if missing:
        many = len(missing)
        yield WorkItem(
            what=_("Maak het verslag van %(month)s") % {"month": missing[-1].label},
            url=reverse("accountability:overview"),
            beneath=ngettext(
                "%(many)s maand heeft nog geen verslag", "%(many)s maanden hebben nog geen verslag", many
            )
            % {"many": many},
        )


def _systems() -> Iterable[WorkItem]:
    many = len(heard_and_not(desk.systems())["not_heard"])
    if many:
        yield WorkItem(
            what=ngettext(
                "Zoek uit waarom %(many)s systeem zich niet of te laat meldt",
                "Zoek uit waarom %(many)s systemen zich niet of te laat melden",
                many,
            )
            % {"many": many},
            url=reverse("accountability:coverage"),
            severity="middle",
            minutes=15,
        )
