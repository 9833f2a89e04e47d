# SPDX-License-Identifier: EUPL-1.2
"""The work list as it is shown: what waits, cut down to what was asked for, and how long it takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from rekenschap_web.design.tables import Cell, Choice, Column, Shape
from rekenschap_web.design.words import words_here
from rekenschap_web.evidence.views import CauseView, Severity
from rekenschap_web.findings.forms import FilterForm
from rekenschap_web.findings.work import When, WorkItem
from rekenschap_web.people.language import said

FORM = "samen"
CAUSE_MINUTES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much waits: this week and today, and how many minutes that takes; `later` can wait."""

    week: int
    today: int
    late: int
    minutes: int
    later: int

    @property
    def answer(self) -> str:
        """Say in one sentence how many things wait."""
        if not self.week:
            return gettext("U bent klaar voor deze week.")
        return ngettext(
            "%(many)s ding wacht deze week op u.", "%(many)s dingen wachten deze week op u.", self.week
        ) % {"many": words_here().number(self.week)}

    @property
    def more(self) -> str:
        """Say what must today, and how long it takes."""
        if not self.week:
            if not self.later:
                return gettext("Er wacht niets op u. Nieuw werk verschijnt hier vanzelf.")
            return ngettext(
                "Later wacht nog %(many)s ding.", "Later wachten nog %(many)s dingen.", self.later
            ) % {"many": words_here().number(self.later)}
        must = self.today + self.late
        first = (
            ngettext("%(many)s moet vandaag.", "%(many)s moeten vandaag.", must) % {"many": must}
            if must
            else gettext("Niets moet vandaag.")
        )
        return gettext("%(first)s Verwachte tijd: ongeveer %(time)s.") % {
            "first": first,
            "time": _time(self.minutes),
        }


def load_of(items: Sequence[WorkItem], now: datetime) -> Load:
    """Count what waits by how soon it must be done."""
    whens = [item.when(now) for item in items]
    return Load(
        week=sum(when is not When.LATER for when in whens),
        today=whens.count(When.TODAY),
        late=whens.count(When.LATE),
        minutes=sum(item.minutes for item, when in zip(items, whens, strict=True) if when is not When.LATER),
        later=whens.count(When.LATER),
    )


def cause_items(causes: Iterable[CauseView], settled: frozenset[str]) -> list[WorkItem]:
    """Tell the causes that were not settled as work."""
    return [_cause_item(cause) for cause in causes if cause.id not in settled]


def wanted_items(items: Iterable[WorkItem], form: FilterForm, name: str) -> tuple[WorkItem, ...]:
    """Keep the work that was asked for; what cannot be understood asks for nothing."""
    asked = form.cleaned_data if form.is_valid() else {}
    kind, severity = asked.get("soort", ""), asked.get("ernst", "")
    whose, team = asked.get("wie", ""), asked.get("team", "")
    return tuple(
        item
        for item in items
        if kind in ("", item.kind)
        and severity in ("", item.severity)
        and team in ("", item.team)
        and _is_of(item, whose, name)
    )


def cut(items: tuple[WorkItem, ...], now: datetime, *, whole: bool) -> tuple[tuple[WorkItem, ...], int]:
    """Leave out what can wait until later, unless there is nothing else; gives how many were left out."""
    soon = tuple(item for item in items if item.when(now) is not When.LATER)
    return (items, 0) if whole or not soon else (soon, len(items) - len(soon))


def shape(now: datetime, *, boxes: bool) -> Shape[WorkItem]:
    """Say which columns the list has."""
    return Shape(
        name=gettext("Gesorteerd op wat het eerst moet"),
        columns=(
            Column(key="wat", label=gettext("Wat"), cell=_what, sort=lambda item: item.what),
            Column(
                key="termijn",
                label=gettext("Termijn"),
                cell=lambda item: due_cell(item.due, now),
                sort=lambda item: (item.due is None, item.due or now),
            ),
            Column(
                key="ernst",
                label=gettext("Ernst"),
                cell=severity_cell,
                sort=lambda item: _RANK.get(item.severity, 3),
            ),
            Column(
                key="tijd",
                label=gettext("Tijd"),
                cell=lambda item: _time(item.minutes),
                sort=lambda item: item.minutes,
            ),
            Column(
                key="wie",
                label=gettext("Wie"),
                cell=lambda item: item.who or gettext("niemand"),
                sort=lambda item: item.who,
            ),
        ),
        choice=_choice if boxes else None,
        group=lambda item: _WHENS[item.when(now)](),
        form=FORM,
    )  # fmt: skip


_RANK = {"high": 0, "middle": 1, "low": 2}
_WHENS = {
    When.LATE: lambda: gettext("Te laat"),
    When.TODAY: lambda: gettext("Vandaag"),
    When.WEEK: lambda: gettext("Deze week"),
    When.LATER: lambda: gettext("Later"),
}


def severity_cell(item: WorkItem) -> Cell:
    """Show a severity in a word, a colour and a shape."""
    names = {"high": gettext("hoog"), "middle": gettext("middel"), "low": gettext("laag")}
    if item.severity not in names:
        return Cell(text="–")
    return Cell(text=names[item.severity], look=f"desk-badge desk-badge--{item.severity}")


def due_cell(due: datetime | None, now: datetime) -> Cell:
    """Show how long there is still."""
    if due is None:
        return Cell(text=gettext("geen termijn"))
    left = due - now
    if left.total_seconds() < 0:
        return Cell(text=gettext("te laat"), look="desk-when--today")
    if left.days < 1:
        hours = max(1, round(left.total_seconds() / 3600))
        return Cell(text=gettext("nog %(many)s uur") % {"many": hours}, look="desk-when--today")
    return Cell(text=ngettext("nog %(many)s dag", "nog %(many)s dagen", left.days) % {"many": left.days})


def _what(item: WorkItem) -> Cell:
    return Cell(text=item.what, url=item.url, beneath=item.beneath, look="desk-what")


def _choice(item: WorkItem) -> Choice:
    refused = "" if item.key else item.refused or gettext("Dit handelt u op de eigen pagina af.")
    return Choice(value=item.key, label=gettext("Kies: %(what)s") % {"what": item.what}, refused=refused)


def _time(minutes: int) -> str:
    if minutes < 60:
        return gettext("%(many)s minuten") % {"many": minutes}
    return gettext("%(many)s uur") % {"many": words_here().decimal(minutes / 60, 1)}


def _is_of(item: WorkItem, whose: str, name: str) -> bool:
    """Work of somebody else is shown only to who asks for everybody's."""
    if whose == "all":
        return True
    if whose == "mine":
        return item.who == name
    return item.who == "" if whose == "nobody" else item.who in ("", name)


def _cause_item(cause: CauseView) -> WorkItem:
    name = said(cause.name)
    many = words_here().number(cause.looks)
    return WorkItem(
        what=gettext("%(many)s raadplegingen niet verklaard, waarschijnlijk 1 oorzaak") % {"many": many},
        url=reverse("findings:cause", args=[cause.id]),
        severity=cause.severity.value if isinstance(cause.severity, Severity) else str(cause.severity),
        minutes=CAUSE_MINUTES,
        beneath=name,
        kind="cause",
        team=cause.team,
        refused=gettext("Een oorzaak handelt u in één keer af, op de eigen pagina."),
    )
