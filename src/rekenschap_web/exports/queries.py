# SPDX-License-Identifier: EUPL-1.2
"""The only readers of exports: frozen views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils import timezone

from rekenschap.casework.flow import Decision, offered
from rekenschap.casework.flows.export import EXPORT
from rekenschap_web.exports.actions import facts_of, thing_of
from rekenschap_web.exports.models import ExportRecord
from rekenschap_web.people.may import may
from rekenschap_web.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportView:
    """One export as a page shows it."""

    number: str
    list_name: str
    title: str
    query: str
    form: str
    rows: int
    because: str
    state: str
    state_nl: str
    state_en: str
    asked_by: str
    is_mine: bool
    asked_at: datetime
    judged_by: str
    words: str
    digest: str
    until: datetime | None


def export_view(number: str, person: Person) -> ExportView:
    """Read one export; Http404 for who neither asked it nor may judge or oversee it."""
    row = ExportRecord.objects.select_related("asked_by", "judged_by").filter(number=number).first()
    if row is None or not _may_see(row, person):
        raise Http404
    return _view(row, person)


def exports(person: Person) -> tuple[ExportView, ...]:
    """Read the exports this person asked, or may oversee, newest first."""
    rows = ExportRecord.objects.select_related("asked_by", "judged_by")
    return tuple(_view(row, person) for row in rows if _may_see(row, person))


def waiting_for(person: Person) -> tuple[ExportView, ...]:
    """Read the exports that wait for this person to judge."""
    rows = ExportRecord.objects.select_related("asked_by", "judged_by").filter(state=EXPORT.start)
    mine = [row for row in rows if may(person, "export.approve", thing_of(row)).allowed]
    return tuple(
        _view(row, person)
        for row in mine
        if offered(EXPORT, row.state, "approve", facts=facts_of(row, person)).allowed
    )


def decisions(number: str, person: Person) -> dict[str, Decision]:
    """Answer for each act whether this person may do it now, by the same rules as the act itself."""
    row = ExportRecord.objects.select_related("asked_by").get(number=number)
    found = {
        act: offered(EXPORT, row.state, act, facts=facts_of(row, person))
        for act in ("approve", "refuse", "take")
    }
    judged = may(person, "export.approve", thing_of(row))
    if not judged.allowed:
        no = Decision(allowed=False, rule=judged.rule, nl=judged.because, en=judged.because)
        found |= {act: no for act in ("approve", "refuse") if found[act].allowed}
    return found


def _may_see(row: ExportRecord, person: Person) -> bool:
    return row.asked_by_id == person.pk or may(person, "export.read", thing_of(row)).allowed


def _view(row: ExportRecord, person: Person) -> ExportView:
    said = EXPORT.states[row.state]
    until = EXPORT.due(row.state, row.since)
    return ExportView(
        number=row.number,
        list_name=row.list_name,
        title=row.title,
        query=row.query,
        form=row.form,
        rows=row.rows,
        because=row.because,
        state=row.state,
        state_nl=said.nl,
        state_en=said.en,
        asked_by=row.asked_by.name,
        is_mine=row.asked_by_id == person.pk,
        asked_at=timezone.localtime(row.asked_at),
        judged_by=row.judged_by.name if row.judged_by else "",
        words=row.words,
        digest=row.digest,
        until=timezone.localtime(until) if until else None,
    )
