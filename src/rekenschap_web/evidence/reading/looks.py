# SPDX-License-Identifier: EUPL-1.2
"""Looks by somebody, at somebody, by lot or one by one; and the people of a team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from rekenschap.audit.deriving import Part, Span
from rekenschap.errors import RefusedError
from rekenschap.model.ids import Pseudonym
from rekenschap.model.warrant import Warrant
from rekenschap_web.evidence.door import used
from rekenschap_web.evidence.house import derived, own
from rekenschap_web.evidence.reading.shaping import (
    look_view,
    microseconds,
)
from rekenschap_web.evidence.views import (
    LooksPage,
    LookView,
    Page,
    PeerView,
)
from rekenschap_web.people.models import Person

EVERYTHING = Span()
"""From the first look to the last."""


def looks(entries: Sequence[int], *, warrant: Warrant, named: str) -> tuple[LookView, ...]:
    """Give single looks by their entries, in the order of time; `named` is what they are looked at for."""
    used(warrant, named)
    return tuple(look_view(row) for row in derived().looks(entries).to_pylist())


def looks_of(
    staff: Pseudonym,
    *,
    warrant: Warrant,
    first: datetime | None = None,
    last: datetime | None = None,
    page: Page | None = None,
    named: str = "",
) -> LooksPage:
    """Give looks by one member of staff, newest first."""
    used(warrant, named or _name(staff), about=staff, fields="raadplegingen")
    return _looks_of(staff.hi, _span(first, last), page or Page())


def looks_at(
    subject: Pseudonym,
    *,
    warrant: Warrant,
    first: datetime | None = None,
    last: datetime | None = None,
    page: Page | None = None,
    named: str = "",
) -> LooksPage:
    """Give looks at one subject, newest first."""
    used(warrant, named or _name(subject), about=subject, fields="raadplegingen")
    told, span, page = derived(), _span(first, last), page or Page()
    rows = told.looks_at(subject.hi, span, part_of(page)).to_pylist()
    return _page_of(rows, told.count_at(subject.hi, span), page)


def own_looks(
    person: Person,
    *,
    warrant: Warrant,
    first: datetime | None = None,
    last: datetime | None = None,
    page: Page | None = None,
) -> LooksPage:
    """Give somebody the own looks; raises RefusedError for those of another."""
    if warrant.person != person.sub:
        raise RefusedError(
            expected="the own looks of who asks",
            found="those of another",
            remedy="sign in yourself",
            rule="own_looks",
        )
    mine = own(person)
    used(warrant, f"person:{person.pk}", about=mine, fields="eigen raadplegingen")
    if mine is None:
        return LooksPage(looks=(), total=0, explained=0, weak=0, page=page or Page())
    return _looks_of(mine.hi, _span(first, last), page or Page())


def sample(
    *, first: datetime, last: datetime, size: int, seed: int, warrant: Warrant, named: str = "sample:looks"
) -> tuple[LookView, ...]:
    """Draw looks by lot."""
    used(warrant, named)
    told = derived()
    return tuple(
        look_view(row)
        for row in told.looks(told.sample(_span(first, last), size=size, seed=seed)).to_pylist()
    )


def team_of(team: str, *, warrant: Warrant) -> tuple[PeerView, ...]:
    """Give the people of a team with their unexplained visits, the most first."""
    used(warrant, f"team:{team}")
    return tuple(
        PeerView(
            short=Pseudonym(domain="staff", hi=row["staff"]).short, unexplained=row["unexplained_visits"]
        )
        for row in derived().people_of_team(team).to_pylist()
    )


def _name(who: Pseudonym) -> str:
    return f"{who.domain}:{who.hi}"


def _looks_of(staff: int, span: Span, page: Page) -> LooksPage:
    told = derived()
    return _page_of(told.looks_of(staff, span, part_of(page)).to_pylist(), told.count_of(staff, span), page)


def _page_of(rows: list[dict[str, object]], counted: object, page: Page) -> LooksPage:
    counts = cast("dict[str, int]", counted)
    return LooksPage(
        looks=tuple(look_view(row) for row in rows),
        total=counts["total"], explained=counts["explained"], weak=counts["weak"], page=page,
    )  # fmt: skip


def part_of(page: Page) -> Part:
    """Give which rows stand on a page."""
    return Part(first=(max(1, page.number) - 1) * page.size, most=page.size)


def _span(first: datetime | None, last: datetime | None) -> Span:
    return Span(
        first=EVERYTHING.first if first is None else microseconds(first),
        last=EVERYTHING.last if last is None else microseconds(last),
    )
