# SPDX-License-Identifier: EUPL-1.2
"""What the rules must know of a lifting and of who acts."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from rekenschap.casework.flow import Decision, Facts, offered, permitted
from rekenschap.casework.flows import LIFTING
from rekenschap_web.liftings.models import Lifting
from rekenschap_web.people.may import Thing, may
from rekenschap_web.people.models import Person
from rekenschap_web.people.pseudonyms import own_pseudonym

_ACTIONS = {
    "approve": "lifting.approve", "refuse": "lifting.approve", "withdraw": "lifting.ask",
    "see_name": "lifting.ask", "end": "lifting.read",
}  # fmt: skip


def thing_of(row: Lifting) -> Thing:
    """Say what a lifting is, for the rules on who may."""
    return Thing(kind="lifting", id=row.number, about=row.about, opened_by=row.asked_by.sub, state=row.state)


def facts_of(row: Lifting, person: Person, *, because: str = "") -> Facts:
    """Say what the flow must know."""
    return Facts(
        person=person.sub,
        roles=person.roles,
        now=timezone.now(),
        about_self=bool(row.about) and own_pseudonym(person) == row.about,
        asked_by=row.asked_by.sub,
        until=row.until,
        because=because,
    )


def decision_of(row: Lifting, act: str, person: Person, *, because: str | None = None) -> Decision:
    """Answer whether this act may be done; without words yet, whether a page may offer it."""
    facts = facts_of(row, person, because=because or "")
    flow = (offered if because is None else permitted)(LIFTING, row.state, act, facts=facts)
    if not flow.allowed or act not in _ACTIONS:
        return flow
    rule = may(person, _ACTIONS[act], thing_of(row))
    return flow if rule.allowed else Decision(allowed=False, rule=rule.rule, nl=rule.because, en=rule.because)


def decisions_of(row: Lifting, person: Person, acts: Iterable[str]) -> dict[str, Decision]:
    """Answer for several acts at once."""
    return {act: decision_of(row, act, person) for act in acts}
