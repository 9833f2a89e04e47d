# SPDX-License-Identifier: EUPL-1.2
"""What the rules must know of an investigation and of who acts."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from rekenschap.casework.flow import Decision, Facts, offered, permitted
from rekenschap.casework.flows import INVESTIGATION
from rekenschap_web.investigations.models import Investigation
from rekenschap_web.people.may import Thing, may
from rekenschap_web.people.models import Person
from rekenschap_web.people.pseudonyms import own_pseudonym

_ACTIONS = {
    "close": "investigation.approve",
    "send_back": "investigation.approve",
    "propose": "investigation.close",
    "propose_early": "investigation.close",
    "reopen": "investigation.open",
    "make_file": "evidence_file.make",
}
_WRITES = "investigation.write"


def thing_of(row: Investigation, act: str = "") -> Thing:
    """Say what an investigation is; who proposed to close it is the first pair of eyes of who closes."""
    first = (
        row.proposed_by if act in ("close", "send_back") and row.proposed_by is not None else row.opened_by
    )
    return Thing(
        kind="investigation",
        id=row.number,
        about=row.about,
        opened_by=first.sub,
        team=row.team,
        state=row.state,
    )


def facts_of(row: Investigation, person: Person, *, because: str = "") -> Facts:
    """Say what the flow must know."""
    return Facts(
        person=person.sub,
        roles=person.roles,
        now=timezone.now(),
        about_self=bool(row.about) and own_pseudonym(person) == row.about,
        asked_by=row.proposed_by.sub if row.proposed_by is not None else "",
        until=row.due,
        because=because,
    )


def decision_of(row: Investigation, act: str, person: Person, *, because: str | None = None) -> Decision:
    """Answer whether this act may be done; without a reason yet, whether a page may offer it."""
    facts = facts_of(row, person, because=because or "")
    flow = (offered if because is None else permitted)(INVESTIGATION, row.state, act, facts=facts)
    if not flow.allowed or not INVESTIGATION.acts[act].who:
        return flow
    rule = may(person, _ACTIONS.get(act, _WRITES), thing_of(row, act))
    return flow if rule.allowed else Decision(allowed=False, rule=rule.rule, nl=rule.because, en=rule.because)


def decisions_of(row: Investigation, person: Person, acts: Iterable[str]) -> dict[str, Decision]:
    """Answer for several acts at once, for the buttons of a page."""
    return {act: decision_of(row, act, person) for act in acts}
