# SPDX-License-Identifier: EUPL-1.2
"""The only readers of searches: frozen views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404
from django.utils import timezone

from rekenschap.model.ids import Pseudonym
from rekenschap_web.leaks.models import LeakSearch


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """One in the ranking; `place` counts from 1."""

    place: int
    short: str
    unexplained: int
    explained: int
    expected: float
    one_in: int
    own_work: bool
    stands_out: bool
    met: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Permuted:
    """What the same question gave for lists drawn by lot."""

    rounds: int
    times: int
    upper: float
    stood_out: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchView:
    """A search as a page shows it."""

    number: str
    investigation: str
    because: str
    first: date
    last: date
    lines: int
    together: int
    never_seen: int
    no_reason: int
    with_right: int
    equal: int
    shared: int
    standing: str
    nl: str
    en: str
    ranking: tuple[Rank, ...]
    permuted: Permuted | None
    size: int
    root: str
    asked_by: str
    asked_at: datetime


def search_view(number: str) -> SearchView:
    """Read one search; Http404 when there is none of this number."""
    row = LeakSearch.objects.select_related("asked_by").filter(number=number).first()
    if row is None:
        raise Http404
    return _view(row)


def searches() -> tuple[SearchView, ...]:
    """Read all searches, newest first."""
    return tuple(_view(row) for row in LeakSearch.objects.select_related("asked_by"))


def searches_of(investigation: str) -> tuple[SearchView, ...]:
    """Read the searches of one investigation."""
    rows = LeakSearch.objects.select_related("asked_by").filter(investigation=investigation)
    return tuple(_view(row) for row in rows)


def _view(row: LeakSearch) -> SearchView:
    told = row.told
    return SearchView(
        number=row.number,
        investigation=row.investigation,
        because=row.because,
        first=row.first_on,
        last=row.last_on,
        lines=row.lines,
        together=told["together"],
        never_seen=told["never_seen"],
        no_reason=told["no_reason"],
        with_right=told["with_right"],
        equal=told["equal"],
        shared=told["shared"],
        standing=row.standing,
        nl=told["nl"],
        en=told["en"],
        ranking=tuple(_ranks(row.ranking)),
        permuted=_permuted(told["likeness"]),
        size=row.size,
        root=row.root,
        asked_by=row.asked_by.name,
        asked_at=timezone.localtime(row.asked_at),
    )


def _ranks(told: list[dict[str, object]]) -> list[Rank]:
    return [
        Rank(
            place=place,
            short=_short(str(each["staff"])),
            unexplained=int(str(each["unexplained"])),
            explained=int(str(each["explained"])),
            expected=float(str(each["expected"])),
            one_in=int(str(each["one_in"])),
            own_work=bool(each["own_work"]),
            stands_out=bool(each["stands_out"]),
            met=tuple(map(str, each["met"])),  # type: ignore[call-overload]
        )
        for place, each in enumerate(told, start=1)
    ]


def _permuted(told: dict[str, float] | None) -> Permuted | None:
    if told is None:
        return None
    return Permuted(
        rounds=int(told["rounds"]),
        times=round(told["as_strong"] * told["rounds"]),
        upper=told["upper"],
        stood_out=told["stood_out"],
    )


def _short(text: str) -> str:
    domain, _, hi = text.partition(":")
    return Pseudonym(domain=domain, hi=int(hi)).short
