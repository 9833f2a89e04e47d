# SPDX-License-Identifier: EUPL-1.2
"""The only readers of questions of citizens: frozen views for pages and the work list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils.translation import get_language

from rekenschap.citizen import Answer, Item
from rekenschap.citizen.telling import Telling, Told
from rekenschap_web.citizens.models import CitizenQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenQuestionView:
    """A question as a page shows it: of the look no more than the citizen sees."""

    number: str
    words: str
    asked_at: datetime
    due: datetime
    told: Told | None
    rows: tuple[tuple[str, str], ...]
    look: int | None
    answer: str
    answered_by: str
    answered_at: datetime | None


def citizen_questions() -> tuple[CitizenQuestionView, ...]:
    """Read all, what waits first."""
    rows = CitizenQuestion.objects.select_related("answered_by").order_by("answered_at", "due")
    views = [_view(row) for row in rows]
    return (*(each for each in views if not each.answer), *(each for each in reversed(views) if each.answer))


def citizen_question(number: str) -> CitizenQuestionView:
    """Read one; raises Http404 when there is none."""
    row = CitizenQuestion.objects.select_related("answered_by").filter(number=number).first()
    if row is None:
        raise Http404
    return _view(row)


def waiting() -> tuple[CitizenQuestionView, ...]:
    """Read those without an answer."""
    return tuple(_view(row) for row in CitizenQuestion.objects.filter(answered_at__isnull=True))


def _view(row: CitizenQuestion) -> CitizenQuestionView:
    say = Telling.in_language((get_language() or "nl")[:2])
    told = None
    if row.item:
        item = Item.of(row.item)
        empty = Answer(organisation="", as_of=row.asked_at, since=row.asked_at.date(), items=())
        told = say.item(item, empty)
    return CitizenQuestionView(
        number=row.number, words=row.words, asked_at=row.asked_at, due=row.due, told=told,
        rows=told.rows(say) if told else (), look=row.look, answer=row.answer,
        answered_by=row.answered_by.name if row.answered_by else "", answered_at=row.answered_at,
    )  # fmt: skip
