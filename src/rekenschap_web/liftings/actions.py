# SPDX-License-Identifier: EUPL-1.2
"""The only writers of liftings: ask the rule, save, record the act, in one transaction."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from rekenschap.casework.flow import SHORTEST_REASON, Decision
from rekenschap.casework.flows import LIFTING
from rekenschap_web.acts import recorded, system_person
from rekenschap_web.findings.refusals import SentenceError
from rekenschap_web.liftings.models import Lifting
from rekenschap_web.liftings.rules import decision_of
from rekenschap_web.papers.numbers import next_number
from rekenschap_web.people.may import Thing, require
from rekenschap_web.people.models import Person

_VERBS = {
    "approve": "approved",
    "refuse": "refused",
    "withdraw": "withdrawn",
    "end": "ended",
    "see_name": "unsealed",
}
_DECIDES = ("approve", "refuse")


@transaction.atomic
def ask(*, about: str, belongs_to: str, because: str, by: Person) -> Lifting:
    """Ask for the name behind a pseudonym; a second person decides."""
    kind, _, number = belongs_to.partition(":")
    require(by, "lifting.ask", Thing(kind="lifting", id=number, about=about))
    if len(" ".join(because.split())) < SHORTEST_REASON:
        said = f"Schrijf waarom, in minstens {SHORTEST_REASON} letters."
        raise SentenceError(
            Decision(allowed=False, rule="lifting.ask.reason", nl=said, en="Write why, in a sentence.")
        )
    now = timezone.now()
    until = LIFTING.due("asked", now)
    assert until is not None  # noqa: S101 - the flow gives this state an end
    row = Lifting(
        number=next_number(Lifting, now),
        about=about,
        belongs_to=belongs_to,
        because=because,
        asked_by=by,
        asked_at=now,
        until=until,
    )
    return recorded(
        row, by=by, verb="asked", because=because, investigation=number if kind == "investigation" else ""
    )


@transaction.atomic
def move(*, number: str, act: str, by: Person, words: str = "") -> Lifting:
    """Do one act of the flow of liftings; raises SentenceError with the sentence why not."""
    row = held(number)
    decision = decision_of(row, act, by, because=words)
    if not decision.allowed:
        raise SentenceError(decision)
    return _moved(row, decision, act, by=by, words=words)


@transaction.atomic
def run_due() -> int:
    """End what ran out: names that were shown long enough, and requests nobody looked at. Gives how many."""
    now, ended = timezone.now(), 0
    for row in Lifting.objects.select_for_update(of=("self",)).filter(
        state__in=("asked", "live"), until__lte=now
    ):
        act = "expire" if row.state == "live" else "lapse"
        decision = decision_of(row, act, system_person())
        if decision.allowed:
            _moved(row, decision, act, by=system_person(), words="")
            ended += 1
    return ended


def held(number: str) -> Lifting:
    """Take a lifting for changing."""
    return Lifting.objects.select_for_update(of=("self",)).select_related("asked_by").get(number=number)


def _moved(row: Lifting, decision: Decision, act: str, *, by: Person, words: str) -> Lifting:
    now = timezone.now()
    if decision.to != row.state:
        row.until = LIFTING.due(decision.to, now) or now
    row.state = decision.to
    if act in _DECIDES:
        row.decided_by, row.decided_at, row.words = by, now, words
    kind, _, number = row.belongs_to.partition(":")
    return recorded(
        row, by=by, verb=_VERBS.get(act, act), because=words or row.because,
        investigation=number if kind == "investigation" else "",
    )  # fmt: skip
