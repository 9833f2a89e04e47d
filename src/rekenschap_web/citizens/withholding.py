# SPDX-License-Identifier: EUPL-1.2
"""Decisions that a citizen does not see a look yet: asked by one, approved by another, ended by a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from rekenschap.casework.flow import Decision
from rekenschap.citizen import Spell
from rekenschap.citizen import Withholding as Decided
from rekenschap_web.acts import recorded
from rekenschap_web.citizens.forms import GROUNDS
from rekenschap_web.citizens.models import Withholding
from rekenschap_web.evidence import citizens as page
from rekenschap_web.findings.refusals import SentenceError
from rekenschap_web.papers.numbers import next_number
from rekenschap_web.people.may import Thing, may, require
from rekenschap_web.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class WithholdingView:
    """A decision as a page shows it."""

    number: str
    look: int
    ground: str
    because: str
    until: datetime
    asked_by: str
    asked_at: datetime
    approved_by: str
    is_live: bool
    is_over: bool
    may_approve: bool
    may_end: bool


def ask(*, look: int, ground: str, because: str, until: date, by: Person) -> Withholding:
    """Ask that a look is not shown until a day; it is shown until a second person approved."""
    require(by, "withholding.ask", Thing(kind="withholding"))
    with transaction.atomic():
        row = Withholding(
            number=next_number(Withholding, timezone.now()), look=look, ground=ground, because=because,
            until=timezone.make_aware(datetime.combine(until, time.min)), asked_by=by,
            asked_at=timezone.now(),
        )  # fmt: skip
        recorded(row, by=by, verb="asked", because=because, look=look)
    return row


def approve(*, number: str, by: Person) -> None:
    """Approve: from now on the citizen does not see it."""
    with transaction.atomic():
        row = _held(number)
        require(by, "withholding.approve", _thing(row))
        if row.approved_at is not None or row.ended_at is not None:
            raise _over()
        row.approved_by, row.approved_at = by, timezone.now()
        recorded(row, by=by, verb="approved", look=row.look)
        transaction.on_commit(lambda: _carry_out(row.look))


def end(*, number: str, by: Person) -> None:
    """End it before its day: the citizen sees the look at once."""
    with transaction.atomic():
        row = _held(number)
        if not _may_end(row, by):
            require(by, "withholding.approve", _thing(row))
        if row.ended_at is not None:
            raise _over()
        row.ended_at = timezone.now()
        recorded(row, by=by, verb="ended", look=row.look)
        transaction.on_commit(lambda: _carry_out(row.look))


def carry_out_all() -> None:
    """Write every decision that holds to where the offer reads it; what was broken off is made whole."""
    page.withhold(Path(settings.REKENSCHAP_HOME), list(_decided()))


def withholdings(person: Person) -> tuple[WithholdingView, ...]:
    """Read all decisions, newest first."""
    now = timezone.now()
    return tuple(
        WithholdingView(
            number=row.number, look=row.look, ground=str(GROUNDS.get(row.ground, row.ground)),
            because=row.because, until=row.until, asked_by=row.asked_by.name, asked_at=row.asked_at,
            approved_by=row.approved_by.name if row.approved_by else "",
            is_live=row.approved_at is not None and row.ended_at is None and row.until > now,
            is_over=row.ended_at is not None or row.until <= now,
            may_approve=row.approved_at is None and may(person, "withholding.approve", _thing(row)).allowed,
            may_end=row.ended_at is None and _may_end(row, person),
        )
        for row in Withholding.objects.select_related("asked_by", "approved_by")
    )  # fmt: skip


def _carry_out(look: int) -> None:
    carry_out_all()
    page.offer_look(Path(settings.REKENSCHAP_HOME), look, now=timezone.now())


def _decided() -> Iterator[Decided]:
    for row in Withholding.objects.filter(approved_at__isnull=False, ended_at__isnull=True):
        assert row.approved_at is not None  # noqa: S101 - the filter says so
        yield Decided(entry=row.look, ground=row.ground, spell=Spell(since=row.approved_at, until=row.until))


def _held(number: str) -> Withholding:
    return Withholding.objects.select_for_update(of=("self",)).select_related("asked_by").get(number=number)


def _thing(row: Withholding) -> Thing:
    return Thing(kind="withholding", id=row.number, opened_by=row.asked_by.sub)


def _may_end(row: Withholding, by: Person) -> bool:
    """Whoever asked may take it back; showing again needs no second pair of eyes."""
    return row.asked_by_id == by.pk or may(by, "withholding.approve", _thing(row)).allowed


def _over() -> SentenceError:
    return SentenceError(
        Decision(
            allowed=False, rule="withholding.over", nl="Dit besluit is al genomen.",
            en="This was decided already.",
        )
    )  # fmt: skip
