# SPDX-License-Identifier: EUPL-1.2
"""The only writers of questions of citizens: take them in, answer them, and tell the citizen page."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from rekenschap.casework.flow import Decision
from rekenschap.citizen.letters import Question
from rekenschap_web.acts import recorded, system_person
from rekenschap_web.citizens.models import CitizenQuestion
from rekenschap_web.evidence import citizens as page
from rekenschap_web.findings.refusals import SentenceError
from rekenschap_web.papers.numbers import next_number
from rekenschap_web.people.may import Thing, require
from rekenschap_web.people.models import Person


def take_in() -> int:
    """Take in what citizens asked; each is told that we have it. Gives how many were new."""
    taken = 0
    for each in page.waiting(_home()):
        question = each.question
        with transaction.atomic():
            if not CitizenQuestion.objects.filter(asked_as=question.id).exists():
                item = (
                    page.seen_by(_home(), question.drawer, question.reference) if question.reference else None
                )
                row = CitizenQuestion(
                    number=next_number(CitizenQuestion, timezone.now()),
                    asked_as=question.id,
                    drawer=question.drawer,
                    reference=question.reference,
                    look=each.entry,
                    item=item.told() if item else {},
                    words=question.words,
                    asked_at=question.asked_at,
                    due=question.due,
                )
                recorded(row, by=system_person(), verb="received", look=each.entry)
                taken += 1
        _tell(question.drawer)
        each.taken()  # last: broken off before, it is found again, and known already
    return taken


def answer(*, number: str, by: Person, words: str) -> None:
    """Answer a question; an answer is given once."""
    require(by, "citizen_question.answer", Thing(kind="citizen_question", id=number))
    with transaction.atomic():
        row = CitizenQuestion.objects.select_for_update(of=("self",)).get(number=number)
        if row.answered_at is not None:
            raise SentenceError(
                Decision(
                    allowed=False,
                    rule="citizen_question.answered",
                    nl="Deze vraag is al beantwoord.",
                    en="This question was answered already.",
                )
            )
        row.answer, row.answered_by, row.answered_at = words, by, timezone.now()
        recorded(row, by=by, verb="answered", look=row.look)
        transaction.on_commit(lambda: _tell(row.drawer))


def tell_again() -> None:
    """Tell every citizen anew what became of their questions: what was broken off is made whole.

    A question that went when its term ended goes from their page too.
    """
    known = set(CitizenQuestion.objects.values_list("drawer", flat=True).distinct())
    for drawer in sorted(known | page.told_before(_home())):
        _tell(drawer)


def _tell(drawer: str) -> None:
    rows = CitizenQuestion.objects.filter(drawer=drawer).order_by("-asked_at")
    page.tell(_home(), drawer, [_told(row) for row in rows])


def _told(row: CitizenQuestion) -> Question:
    return Question(
        id=row.asked_as, drawer=row.drawer, reference=row.reference, words=row.words, asked_at=row.asked_at,
        due=row.due, answer=row.answer, answered_at=row.answered_at,
    )  # fmt: skip


def _home() -> Path:
    return Path(settings.REKENSCHAP_HOME)
