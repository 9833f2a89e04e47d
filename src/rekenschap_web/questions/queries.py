# SPDX-License-Identifier: EUPL-1.2
"""The only readers of questions: frozen views for pages, timelines and the work list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404

from rekenschap.casework.flow import Decision
from rekenschap.casework.flows import QUESTION
from rekenschap_web.findings.names import pseudonym_of
from rekenschap_web.papers.queries import PaperView, papers_of
from rekenschap_web.people.may import may, require
from rekenschap_web.people.models import Person
from rekenschap_web.people.pseudonyms import own_pseudonym
from rekenschap_web.questions.answers import answer_name
from rekenschap_web.questions.models import Question
from rekenschap_web.questions.rules import decisions_of, thing_of

_ACTS = ("answer", "ask_help", "withdraw", "confirm", "not_know")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question as a page shows it, with what this person may do with it."""

    number: str
    finding: str
    about: str
    short: str
    team: str
    looks: tuple[int, ...]
    state: str
    state_nl: str
    state_en: str
    asked_at: datetime
    due: datetime | None
    told_at: datetime | None
    answer: str
    answer_name: str
    words: str
    answered_at: datetime | None
    weighed_at: datetime | None
    is_mine: bool
    was_asked: bool
    papers: tuple[PaperView, ...] = ()
    decisions: Mapping[str, Decision] = field(default_factory=dict)


def question(number: str, person: Person) -> QuestionView:
    """Read one; raises NotAllowedError for who may not see it, Http404 when there is none."""
    row = _rows().filter(number=number).first()
    if row is None:
        raise Http404
    require(person, "question.read", thing_of(row))
    return _view(row, person, acts=_ACTS, whole=True)


def mine(person: Person) -> tuple[QuestionView, ...]:
    """Read the questions to this person, the latest first."""
    about = own_pseudonym(person)
    return tuple(_view(row, person) for row in _rows().filter(about=about)) if about else ()


def to_weigh(person: Person) -> tuple[QuestionView, ...]:
    """Read the answers this person may check."""
    if not person.team:
        return ()
    waiting = _rows().filter(state="answered", team=person.team)
    rows = (_view(row, person, acts=("confirm",)) for row in waiting)
    return tuple(view for view in rows if view.decisions["confirm"].allowed)


def questions_of(finding: str, person: Person) -> tuple[QuestionView, ...]:
    """Read the questions about one finding that this person may see."""
    rows = _rows().filter(finding=finding)
    return tuple(_view(row, person) for row in rows if may(person, "question.read", thing_of(row)).allowed)


def stated(person: Person) -> Mapping[int, str]:
    """Give what this person said about own looks, by entry; the last answer counts."""
    rows = _rows().filter(about=own_pseudonym(person), answered_at__isnull=False).order_by("answered_at")
    return {entry: answer_name(row.answer) for row in rows for entry in row.looks}


def _rows() -> QuerySet[Question]:
    return Question.objects.select_related("asked_by", "answered_by", "weighed_by")


def _view(row: Question, person: Person, *, acts: Iterable[str] = (), whole: bool = False) -> QuestionView:
    state = QUESTION.states[row.state]
    return QuestionView(
        number=row.number,
        finding=row.finding,
        about=row.about,
        short=pseudonym_of(row.about).short,
        team=row.team,
        looks=tuple(row.looks),
        state=row.state,
        state_nl=state.nl,
        state_en=state.en,
        asked_at=row.asked_at,
        due=row.due,
        told_at=row.told_at,
        answer=row.answer,
        answer_name=answer_name(row.answer) if row.answer else "",
        words=row.words,
        answered_at=row.answered_at,
        weighed_at=row.weighed_at,
        is_mine=own_pseudonym(person) == row.about,
        was_asked=row.asked_by_id is not None,
        papers=papers_of(row.act_object) if whole else (),
        decisions=decisions_of(row, person, acts),
    )
