# SPDX-License-Identifier: EUPL-1.2
"""The only readers of liftings: frozen views, and the answer to whether a name may be shown now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils import timezone

from rekenschap.casework.flow import Decision
from rekenschap.casework.flows import LIFTING
from rekenschap.errors import RefusedError
from rekenschap.model.ids import Pseudonym
from rekenschap_web.findings.names import pseudonym_of, text_of
from rekenschap_web.findings.refusals import SentenceError
from rekenschap_web.liftings.models import Lifting
from rekenschap_web.liftings.rules import decision_of, decisions_of, thing_of
from rekenschap_web.people.may import may, require
from rekenschap_web.people.models import Person

_ACTS = ("approve", "refuse", "withdraw", "see_name", "end")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftingView:
    """A lifting as a page shows it, with what this person may do with it."""

    number: str
    about: str
    short: str
    belongs_to: str
    because: str
    state: str
    state_nl: str
    state_en: str
    asked_by: str
    asked_by_me: bool
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    words: str
    until: datetime
    decisions: Mapping[str, Decision]

    @property
    def pseudonym(self) -> Pseudonym:
        """The pseudonym it is about."""
        return pseudonym_of(self.about)


def lifting(number: str, person: Person) -> LiftingView:
    """Read one; raises NotAllowedError for who may not see it, Http404 when there is none."""
    row = Lifting.objects.select_related("asked_by", "decided_by").filter(number=number).first()
    if row is None:
        raise Http404
    require(person, "lifting.read", thing_of(row))
    return _view(row, person)


def liftings(person: Person, *, belongs_to: str = "") -> tuple[LiftingView, ...]:
    """Read those this person may see, the latest first."""
    rows = Lifting.objects.select_related("asked_by", "decided_by")
    rows = rows.filter(belongs_to=belongs_to) if belongs_to else rows
    return tuple(_view(row, person) for row in rows if may(person, "lifting.read", thing_of(row)).allowed)


def live(lifting_id: str, person: Person, pseudonym: Pseudonym) -> bool:
    """Say whether this lifting lets this person see this name now."""
    try:
        check_live(lifting_id, pseudonym=pseudonym, person=person, now=timezone.now())
    except RefusedError:
        return False
    return True


def check_live(lifting_id: str, *, pseudonym: Pseudonym, person: Person, now: datetime) -> None:
    """Raise SentenceError, with the sentence that says why, when a name may not be shown."""
    row = (
        Lifting.objects.select_related("asked_by").filter(number=lifting_id, about=text_of(pseudonym)).first()
    )
    if row is None:
        raise SentenceError(
            Decision(
                allowed=False,
                rule="lifting.none",
                nl="Voor deze naam is geen naamopheffing gevraagd.",
                en="Nobody asked for this name to be lifted.",
            )
        )
    if row.state == "live" and now >= row.until:
        raise SentenceError(expired())
    decision = decision_of(row, "see_name", person)
    if not decision.allowed:
        raise SentenceError(expired() if row.state == "over" else decision)


def expired() -> Decision:
    """Say that the time is over."""
    return Decision(
        allowed=False,
        rule="lifting.expired",
        nl="Deze naamopheffing is verlopen. Vraag een nieuwe aan als de naam nog nodig is.",
        en="This lifting has expired. Ask for a new one if the name is still needed.",
    )


def _view(row: Lifting, person: Person) -> LiftingView:
    state = LIFTING.states[row.state]
    return LiftingView(
        number=row.number,
        about=row.about,
        short=pseudonym_of(row.about).short,
        belongs_to=row.belongs_to,
        because=row.because,
        state=row.state,
        state_nl=state.nl,
        state_en=state.en,
        asked_by=row.asked_by.name,
        asked_by_me=row.asked_by_id == person.pk,
        asked_at=row.asked_at,
        decided_by=row.decided_by.name if row.decided_by is not None else "",
        decided_at=row.decided_at,
        words=row.words,
        until=row.until,
        decisions=decisions_of(row, person, _ACTS),
    )
