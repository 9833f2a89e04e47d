# SPDX-License-Identifier: EUPL-1.2
"""The only writers of exports: each asks the rule, keeps the row and records the act, in one transaction."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from rekenschap.casework.flow import Facts, permitted
from rekenschap.casework.flows.export import EXPORT
from rekenschap.errors import RefusedError
from rekenschap_web import acts
from rekenschap_web.acts import Disclosed
from rekenschap_web.exports.formats import Format, Origin, write
from rekenschap_web.exports.lists import Sheet
from rekenschap_web.exports.models import ExportRecord
from rekenschap_web.people.language import said
from rekenschap_web.people.may import Decision, NotAllowedError, Thing, require
from rekenschap_web.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants to take along: a list with its filters, in a format, for a reason."""

    list_name: str
    query: str
    form: Format
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A file that leaves, with its name."""

    name: str
    content: bytes


def alone() -> int:
    """Give how many rows somebody may take along without a second person."""
    return int(getattr(settings, "DESK_EXPORT_ALONE", 100))


@transaction.atomic
def take_alone(*, by: Person, asked: Asked, sheet: Sheet) -> Taken:
    """Let a small list leave at once, and write down that it did; raises RefusedError for a larger one."""
    if len(sheet.rows) > alone():
        raise RefusedError(
            expected=f"at most {alone()} rows without a second person",
            found=f"{len(sheet.rows)}",
            remedy="ask a second person",
            rule="export.alone",
        )
    row = _new(by, asked, sheet, state="taken")
    return _leave(row, by=by, sheet=sheet, verb="exported", because=asked.because)


@transaction.atomic
def ask(*, by: Person, asked: Asked, sheet: Sheet) -> str:
    """Ask a second person to let a large list leave; gives the number."""
    row = _new(by, asked, sheet, state=EXPORT.start)
    acts.recorded(row, by=by, verb="asked", because=asked.because)
    return row.number


@transaction.atomic
def judge(*, number: str, act: str, by: Person, because: str) -> None:
    """Approve or refuse what another asked; raises NotAllowedError with the sentence of the rule."""
    row = _one(number)
    require(by, "export.approve", thing_of(row))
    row.state = _to(row, act, by, because)
    row.judged_by, row.judged_at, row.words, row.since = by, timezone.now(), because, timezone.now()
    acts.recorded(row, by=by, verb={"approve": "approved", "refuse": "refused"}[act], because=because)


@transaction.atomic
def take(*, number: str, by: Person, sheet: Sheet) -> Taken:
    """Let an approved list leave, once; never more rows than were agreed to."""
    row = _one(number)
    if row.asked_by_id != by.pk:
        raise NotAllowedError(_only_the_asker())
    row.state = _to(row, "take", by, "")
    if len(sheet.rows) > row.rows:
        raise RefusedError(
            expected=f"at most the {row.rows} rows that were approved",
            found=f"{len(sheet.rows)}",
            remedy="ask again for the list as it is now",
            rule="export.grown",
        )
    return _leave(row, by=by, sheet=sheet, verb="exported", because=row.because)


def thing_of(row: ExportRecord) -> Thing:
    """Give an export as rules see it."""
    return Thing(kind="export", id=row.number, opened_by=row.asked_by.sub, state=row.state)


def facts_of(row: ExportRecord, person: Person, because: str = "") -> Facts:
    """Tell the flow what it must know."""
    return Facts(
        person=person.sub,
        roles=person.roles,
        now=timezone.now(),
        asked_by=row.asked_by.sub,
        because=because,
        until=EXPORT.due(row.state, row.since),
    )


def _to(row: ExportRecord, act: str, by: Person, because: str) -> str:
    found = permitted(EXPORT, row.state, act, facts=facts_of(row, by, because))
    if not found.allowed:
        raise NotAllowedError(Decision(allowed=False, rule=found.rule, because=said(found)))
    return found.to


def _only_the_asker() -> Decision:
    from django.utils.translation import gettext as _

    return Decision(
        allowed=False, rule="export.take.another", because=_("Alleen wie de lijst vroeg, haalt haar op.")
    )


def _new(by: Person, asked: Asked, sheet: Sheet, *, state: str) -> ExportRecord:
    now = timezone.now()
    return ExportRecord(
        number=_next_number(now.year),
        list_name=asked.list_name,
        title=sheet.title,
        query=asked.query,
        form=asked.form.value,
        rows=len(sheet.rows),
        because=asked.because,
        state=state,
        asked_by=by,
        asked_at=now,
        since=now,
    )


def _leave(row: ExportRecord, *, by: Person, sheet: Sheet, verb: str, because: str) -> Taken:
    content = write(Format(row.form), sheet, origin_of(row, by))
    row.rows, row.size, row.since = len(sheet.rows), len(content), timezone.now()
    row.digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    acts.recorded(row, by=by, verb=verb, because=because, work=_disclosed(row))
    return Taken(name=f"{row.list_name.replace(':', '-')}-{row.number}.{row.form}", content=content)


def _disclosed(row: ExportRecord) -> list[Disclosed]:
    return [Disclosed(kind="export", subjects=row.rows, size=row.size, destination_kind="internal")]


def origin_of(row: ExportRecord, by: Person) -> Origin:
    """Tell where the file came from."""
    return Origin(
        organisation=str(getattr(settings, "DESK_ORGANISATION", "")),
        number=row.number,
        person=by.name,
        at=timezone.localtime(),
        because=row.because,
        filters=row.query,
        approved_by=row.judged_by.name if row.judged_by else "",
    )


def _next_number(year: int) -> str:
    last = (
        ExportRecord.objects.select_for_update().filter(number__startswith=f"{year}-").order_by("-pk").first()
    )
    return f"{year}-{int(last.number.partition('-')[2]) + 1 if last else 1:04}"


def _one(number: str) -> ExportRecord:
    found = ExportRecord.objects.select_for_update(of=("self",)).select_related("asked_by", "judged_by")
    row = found.filter(number=number).first()
    if row is None:
        raise Http404
    return row
