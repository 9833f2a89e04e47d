# SPDX-License-Identifier: EUPL-1.2
"""What the rules must know of a question and of who acts."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from rekenschap.casework.flow import Decision, Facts, offered, permitted
from rekenschap.casework.flows import QUESTION
from rekenschap_web.people.may import Thing, may
from rekenschap_web.people.models import Person
from rekenschap_web.people.pseudonyms import own_pseudonym
from rekenschap_web.questions.models import Question

_ACTIONS = {
    "answer": "question.answer", "ask_help": "question.answer", "withdraw": "question.ask",
    "confirm": "answer.weigh", "not_know": "answer.weigh",
}  # fmt: skip
_WEIGHS = frozenset({"confirm", "not_know"})


def thing_of(row: Question) -> Thing:
    """Say what a question is, for the rules on who may."""
    asked_by = row.asked_by.sub if row.asked_by is not None else ""
    return Thing(
        kind="question", id=row.number, about=row.about, team=row.team, opened_by=asked_by, state=row.state
    )


def facts_of(row: Question, person: Person, act: str) -> Facts:
    """Say what the flow must know; who answered is the first pair of eyes of who weighs."""
    first = row.answered_by if act in _WEIGHS else row.asked_by
    return Facts(
        person=person.sub,
        roles=person.roles,
        now=timezone.now(),
        about_self=bool(row.about) and own_pseudonym(person) == row.about,
        asked_by=first.sub if first is not None else "",
        until=row.due,
    )


def decision_of(row: Question, act: str, person: Person) -> Decision:
    """Answer whether this act may be done now."""
    flow = permitted(QUESTION, row.state, act, facts=facts_of(row, person, act))
    if not flow.allowed or act not in _ACTIONS:
        return flow
    rule = may(person, _ACTIONS[act], thing_of(row))
    return flow if rule.allowed else Decision(allowed=False, rule=rule.rule, nl=rule.because, en=rule.because)


def decisions_of(row: Question, person: Person, acts: Iterable[str]) -> dict[str, Decision]:
    """Answer for several acts at once, for the buttons of a page."""
    return {act: offered_of(row, act, person) for act in acts}


def offered_of(row: Question, act: str, person: Person) -> Decision:
    """Answer whether a page may offer an act."""
    flow = offered(QUESTION, row.state, act, facts=facts_of(row, person, act))
    return decision_of(row, act, person) if flow.allowed else flow
