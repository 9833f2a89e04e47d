# SPDX-License-Identifier: EUPL-1.2
"""The only writers of questions: ask the rule, save, record the act, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from rekenschap.casework.flow import Decision
from rekenschap.casework.flows import QUESTION
from rekenschap_web.acts import record, recorded, system_person
from rekenschap_web.findings.actions import move as move_finding
from rekenschap_web.findings.queries import finding_case
from rekenschap_web.findings.refusals import SentenceError
from rekenschap_web.papers.actions import keep
from rekenschap_web.papers.numbers import next_number
from rekenschap_web.people.may import Thing, require
from rekenschap_web.people.models import Person
from rekenschap_web.people.pseudonyms import own_pseudonym
from rekenschap_web.questions.answers import ANSWERS, NEEDS_WORDS
from rekenschap_web.questions.models import Question
from rekenschap_web.questions.rules import decision_of
from rekenschap_web.questions.telling.mailing import say_something_waits
from rekenschap_web.questions.telling.whom import person_behind

REMINDS = timedelta(days=2)
"""How long before the end of the time somebody is reminded."""
MOST_ASKED = 5
"""Looks one question is about, the most telling ones: two clicks cannot explain a whole season."""
_VERBS = {"ask_help": "helped", "withdraw": "withdrawn", "lapse": "lapsed", "remind": "reminded"}
_WEIGHED = {"confirm": "confirmed", "not_know": "not_known"}


@transaction.atomic
def ask(*, finding: str, by: Person, looks: Iterable[int] = ()) -> Question:
    """Ask the member of staff a finding is about to explain; the finding waits for the answer."""
    matter, now = finding_case(finding), timezone.now()
    require(by, "question.ask", Thing(kind="question", about=matter.about, team=matter.team))
    if matter.about.partition(":")[0] != "staff":
        raise SentenceError(
            _no("whom", "Deze bevinding gaat niet over één medewerker.", "Not about one person.")
        )
    move_finding(number=finding, act="ask", by=by)
    row = Question(
        number=next_number(Question, now),
        finding=finding,
        about=matter.about,
        team=matter.team,
        looks=sorted(set(looks) & set(matter.looks) or matter.looks[:MOST_ASKED]),
        asked_by=by,
        asked_at=now,
        due=QUESTION.due("asked", now),
    )
    recorded(row, by=by, verb="asked")
    transaction.on_commit(lambda: _tell(row.number))
    return row


@transaction.atomic
def answer(
    *, number: str, by: Person, code: str, words: str = "", upload: UploadedFile[bytes] | None = None
) -> Question:
    """Answer: each look gets an act `stated`, which explains it as what somebody said."""
    row = _held(number)
    _refuse(decision_of(row, "answer", by))
    _check_answer(code, words)
    _answered(row, by=by, code=code, words=words)
    if upload is not None:
        keep(
            upload=upload, belongs_to=row.act_object, about=row.about, by=by, investigation=row.investigation
        )
    if row.finding and finding_case(row.finding).state == "asked":
        move_finding(number=row.finding, act="receive_answer", by=by)
    return row


@transaction.atomic
def explain_own(*, entry: int, by: Person, code: str, words: str = "") -> Question:
    """Explain an own look without being asked; the caller saw that it is one's own."""
    _check_answer(code, words)
    require(by, "own_looks.read", Thing(kind="own_looks", about=own_pseudonym(by)))
    now = timezone.now()
    row = Question(
        number=next_number(Question, now), about=own_pseudonym(by), team=by.team, looks=[entry], asked_at=now,
        due=None,
    )  # fmt: skip
    _answered(row, by=by, code=code, words=words)
    return row


@transaction.atomic
def move(*, number: str, act: str, by: Person) -> Question:
    """Ask for help, or take a question back."""
    row = _held(number)
    decision = decision_of(row, act, by)
    _refuse(decision)
    _to(row, decision)
    recorded(row, by=by, verb=_VERBS[act], investigation=row.investigation)
    if act == "withdraw" and row.finding and finding_case(row.finding).state == "asked":
        move_finding(number=row.finding, act="withdraw_question", by=by)
    return row


@transaction.atomic
def weigh(*, number: str, by: Person, known: bool) -> Question:
    """Say whether this work is known; an answer that is not known explains nothing any more."""
    row, act = _held(number), "confirm" if known else "not_know"
    decision = decision_of(row, act, by)
    _refuse(decision)
    _to(row, decision)
    row.weighed_by, row.weighed_at = by, timezone.now()
    recorded(row, by=by, verb=_WEIGHED[act], investigation=row.investigation)
    for entry in row.looks:
        record(by=by, verb=_WEIGHED[act], kind="look", object=f"look:{entry}")
    return row


def run_due() -> int:
    """Tell, remind and end what is due; gives how many questions changed. For the worker, every hour."""
    now, changed = timezone.now(), 0
    for row in Question.objects.filter(state__in=("asked", "helped")):
        if row.due is not None and row.due <= now:
            changed += _lapsed(row.number)
        elif row.told_at is None:
            changed += _tell(row.number)
        elif row.due is not None and row.reminded_at is None and row.due - REMINDS <= now:
            changed += _remind(row.number, now)
    return changed


def _answered(row: Question, *, by: Person, code: str, words: str) -> None:
    row.state = "answered"
    row.answer, row.words, row.answered_by, row.answered_at = code, words, by, timezone.now()
    row.weighed_by, row.weighed_at = None, None
    row.due = QUESTION.due("answered", row.answered_at)
    recorded(row, by=by, verb="answered", because=code, investigation=row.investigation)
    for entry in row.looks:  # only the code goes to the ledger: it never forgets a text
        record(by=by, verb="stated", kind="look", object=f"look:{entry}", because=code)


@transaction.atomic
def _lapsed(number: str) -> int:
    row, system = _held(number), system_person()
    decision = decision_of(row, "lapse", system)
    if not decision.allowed:
        return 0
    _to(row, decision)
    recorded(row, by=system, verb="lapsed", investigation=row.investigation)
    return 1


def _tell(number: str) -> int:
    """Send the mail; what could not be sent is tried again the next time."""
    row = Question.objects.get(number=number)
    person = person_behind(row.about, row.team)
    if person is None or not say_something_waits(person):
        return 0
    row.told_at = timezone.now()
    row.save(update_fields=["told_at"])
    return 1


@transaction.atomic
def _remind(number: str, now: datetime) -> int:
    row, system = _held(number), system_person()
    person = person_behind(row.about, row.team)
    if person is None or not decision_of(row, "remind", system).allowed or not say_something_waits(person):
        return 0
    row.reminded_at = now
    recorded(row, by=system, verb="reminded", investigation=row.investigation)
    return 1


def _to(row: Question, decision: Decision) -> None:
    if decision.to != row.state:
        row.due = QUESTION.due(decision.to, timezone.now())
    row.state = decision.to


def _held(number: str) -> Question:
    rows = Question.objects.select_for_update(of=("self",)).select_related("asked_by", "answered_by")
    return rows.get(number=number)


def _check_answer(code: str, words: str) -> None:
    if code not in ANSWERS:
        raise SentenceError(_no("answer", "Kies een antwoord uit de lijst.", "Choose an answer of the list."))
    if code in NEEDS_WORDS and not words.strip():
        raise SentenceError(_no("words", "Schrijf kort op wat het was.", "Write in short what it was."))


def _refuse(decision: Decision) -> None:
    if not decision.allowed:
        raise SentenceError(decision)


def _no(why: str, nl: str, en: str) -> Decision:
    return Decision(allowed=False, rule=f"question.{why}", nl=nl, en=en)
