# SPDX-License-Identifier: EUPL-1.2
"""The work list of one request: what waits for who asks, cut down by the address; for page and export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from rekenschap_web.design.tables import Shape
from rekenschap_web.evidence import desk
from rekenschap_web.exports.lists import register
from rekenschap_web.findings.forms import FilterForm
from rekenschap_web.findings.queries import settled_causes, teams
from rekenschap_web.findings.showing.worklist import Load, cause_items, cut, load_of, shape, wanted_items
from rekenschap_web.findings.work import WorkItem, all_work, in_order
from rekenschap_web.people.asking import person_of
from rekenschap_web.people.may import Thing, may

LIST = "findings:list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What the list shows, how many can wait until later, and how much there is in all."""

    items: tuple[WorkItem, ...]
    later: int
    load: Load
    filter: FilterForm
    settles: bool


def waiting_for(request: HttpRequest, now: datetime) -> Waiting:
    """Ask every room what waits for this person, and keep what the address asks for."""
    person = person_of(request)
    settles = may(person, "finding.settle", Thing(kind="finding")).allowed
    causes = cause_items(desk.candidates_by_cause(), settled_causes()) if settles else []
    work = in_order([*all_work(person, now), *causes], now)
    form = FilterForm(request.GET, teams=teams() if settles else ())
    whole = request.GET.get("wanneer") == "alles"
    items, later = cut(wanted_items(work, form, person.name), now, whole=whole)
    return Waiting(
        items=items,
        later=later,
        load=load_of(wanted_items(work, FilterForm({}), person.name), now),
        filter=form,
        settles=settles,
    )


def register_own() -> None:
    """Let the work list be taken along, with what the address asks for."""
    register(
        LIST,
        shape=_shape,
        rows=_rows,
        action="finding.read",
        kind="finding",
        team=lambda r: person_of(r).team,
    )


def _shape(request: HttpRequest) -> Shape[WorkItem]:
    del request
    return shape(timezone.localtime(), boxes=False)


def _rows(request: HttpRequest) -> Sequence[WorkItem]:
    return waiting_for(request, timezone.localtime()).items
