# SPDX-License-Identifier: EUPL-1.2
"""What waits for somebody: each room of the desk may tell of its own work, in a module called `work`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from rekenschap_web.findings.following.gone import GoneAs
from rekenschap_web.findings.queries import (
    FindingCase,
    Wanted,
    cases,
    causes_to_look_at_again,
    to_look_at_again,
)
from rekenschap_web.findings.rules import MINUTES
from rekenschap_web.people.language import in_language
from rekenschap_web.people.may import Thing, may
from rekenschap_web.people.models import Person


class When(StrEnum):
    """How soon something must be done."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """One thing that waits: what in one line, until when, and about how many minutes it takes."""

    what: str
    url: str
    due: datetime | None = None
    severity: str = ""
    minutes: int = 5
    who: str = ""
    beneath: str = ""
    kind: str = "other"
    """finding, cause, or other: what the filter of the list asks for"""
    team: str = ""
    key: str = ""
    """what a box before it stands for; empty: it is not settled with others"""
    refused: str = ""
    """why it has no box"""

    def when(self, now: datetime) -> When:
        """Say how soon; what has no end of its time can be done this week."""
        if self.due is None:
            return When.WEEK
        if self.due < now:
            return When.LATE
        today = now.date()
        on = self.due.astimezone(now.tzinfo).date()
        if on <= today:
            return When.TODAY
        return When.WEEK if on <= today + timedelta(days=7) else When.LATER


Teller = Callable[[Person, datetime], Iterable[WorkItem]]


def all_work(person: Person, now: datetime) -> tuple[WorkItem, ...]:
    """Ask every room what waits for this person, what must first in front."""
    return in_order((item for teller in _tellers() for item in teller(person, now)), now)


def in_order(items: Iterable[WorkItem], now: datetime) -> tuple[WorkItem, ...]:
    """Put work in the order in which it must be done."""
    return tuple(sorted(items, key=lambda item: _order(item, now)))


def work_for(person: Person, now: datetime) -> Iterable[WorkItem]:
    """Tell the findings that wait for this person, and those drawn to be looked at again."""
    del now
    if may(person, "finding.settle", Thing(kind="finding")).allowed:
        waiting = (matter for matter in cases(Wanted(state="open"), person) if matter.state != "investigated")
        yield from (work_of(matter) for matter in waiting if matter.is_mine or not matter.taken_by)
    for settled in causes_to_look_at_again(person):
        yield WorkItem(
            what=gettext("Door het lot: hebben deze raadplegingen één oorzaak?"),
            url=reverse("findings:cause", args=[settled.cause]),
            severity="low",
            minutes=len(settled.drawn),
            beneath=in_language(settled.name_nl, settled.name_en),
            kind="cause",
            refused=gettext("Een oorzaak handelt u in één keer af, op de eigen pagina."),
        )
    for matter in to_look_at_again(person):
        yield WorkItem(
            what=gettext("Door het lot: is bevinding %(number)s terecht afgesloten?")
            % {"number": matter.number},
            url=reverse("findings:detail", args=[matter.number]),
            severity=matter.severity,
            minutes=MINUTES.get(matter.severity, 5),
            beneath=gettext("Een ander sloot deze af. U kijkt opnieuw."),
        )


def work_of(matter: FindingCase) -> WorkItem:
    """Tell one finding as work."""
    looks = ngettext(
        "%(many)s raadpleging niet verklaard", "%(many)s raadplegingen niet verklaard", len(matter.looks)
    )
    if not matter.looks and not matter.is_gone:
        what = gettext("Naar buiten gegaan: %(who)s") % {"who": matter.short}
    elif matter.is_gone:
        told = (
            gettext("Achteraf verklaard: bevinding over %(who)s")
            if matter.gone_as is GoneAs.EXPLAINED
            else gettext("Valt niet meer op: bevinding over %(who)s")
        )
        what = told % {"who": matter.short}
    else:
        what = gettext("%(looks)s: %(who)s") % {
            "looks": looks % {"many": len(matter.looks)},
            "who": matter.short,
        }
    title = in_language(matter.title_nl, matter.title_en)
    return WorkItem(
        what=what,
        url=reverse("findings:detail", args=[matter.number]),
        due=matter.deadline,
        severity=matter.severity,
        minutes=MINUTES.get(matter.severity, 5),
        who=matter.taken_by,
        beneath=f"{matter.number} · {title}" + (f" · {matter.team}" if matter.team else ""),
        kind="finding",
        team=matter.team,
        key=matter.number,
    )


_RANK = {"high": 0, "middle": 1, "low": 2}
_FAR = 10_000


def _order(item: WorkItem, now: datetime) -> tuple[int, int, int]:
    whens = list(When)
    days = (item.due - now).days if item.due is not None else _FAR
    return whens.index(item.when(now)), _RANK.get(item.severity, 1), days


@cache
def _tellers() -> tuple[Teller, ...]:
    rooms = [room for room in settings.DESK_APPS if find_spec(f"{room}.work") is not None]
    told = (import_module(f"{room}.work") for room in rooms)
    return tuple(room.work_for for room in told if hasattr(room, "work_for"))
