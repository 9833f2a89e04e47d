# SPDX-License-Identifier: EUPL-1.2
"""What of the questions waits for somebody: to answer, or to check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from rekenschap.casework.roles import Role
from rekenschap_web.findings.work import WorkItem
from rekenschap_web.people.models import Person
from rekenschap_web.questions.queries import QuestionView, mine, to_weigh


def work_for(person: Person, now: datetime) -> Iterator[WorkItem]:
    """Give the questions to this person, and the answers this person may check."""
    del now
    for each in mine(person):
        if each.state in ("asked", "helped", "not_known"):
            yield _item(each, gettext("Waarom keek u hier?"), 2)
    if Role.TEAM_MANAGER in person.roles:
        for each in to_weigh(person):
            yield _item(each, gettext("Kent u dit werk? Een antwoord uit uw team"), 1)


def _item(question: QuestionView, what: str, minutes: int) -> WorkItem:
    return WorkItem(
        what=what,
        url=reverse("questions:detail", args=[question.number]),
        due=question.due,
        severity="middle",
        minutes=minutes,
        beneath=gettext("Vraag %(number)s") % {"number": question.number},
        key=question.number,
    )
