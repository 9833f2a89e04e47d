# SPDX-License-Identifier: EUPL-1.2
"""What the rules must know of a finding and of who acts: one rule for a button and for what it does.

And until when it should be picked up: the flow says how long at most, severity makes it sooner.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from rekenschap.casework.flow import Decision, Facts, offered, permitted
from rekenschap.casework.flows.finding import FINDING
from rekenschap_web.findings.models import FindingRecord
from rekenschap_web.people.may import Thing
from rekenschap_web.people.models import Person
from rekenschap_web.people.pseudonyms import own_pseudonym

SOONER = {"high": timedelta(days=4), "middle": timedelta(days=7)}
MINUTES = {"high": 20, "middle": 10, "low": 5}
"""what one finding takes about, to tell how long a list is"""


def thing_of(record: FindingRecord) -> Thing:
    """Say what a finding is, for the rules on who may."""
    return Thing(
        kind="finding",
        id=record.number,
        about=record.about,
        team=record.team,
        state=record.state,
        opened_by=record.closed_by.sub if record.closed_by is not None else "",
    )


def facts_of(record: FindingRecord, person: Person, *, because: str = "") -> Facts:
    """Say what the flow must know."""
    return Facts(
        person=person.sub,
        roles=person.roles,
        now=timezone.now(),
        about_self=bool(record.about) and own_pseudonym(person) == record.about,
        asked_by=record.closed_by.sub if record.closed_by is not None else "",
        until=record.deadline,
        because=because,
    )


def decision_of(record: FindingRecord, act: str, person: Person, *, because: str = "") -> Decision:
    """Answer whether this act may be done; without a reason yet, whether a page may offer it."""
    facts = facts_of(record, person, because=because)
    return (permitted if because else offered)(FINDING, record.state, act, facts=facts)


def deadline_of(state: str, severity: str, since: datetime, *, waits: bool = True) -> datetime | None:
    """Give the end of the time a state may last; None for a state that waits for somebody else.

    What does not wait is for the day on which it was found.
    """
    due = FINDING.due(state, since)
    if due is not None and not waits:
        return timezone.localtime(since).replace(hour=23, minute=59, second=0, microsecond=0)
    sooner = SOONER.get(severity)
    return due if due is None or sooner is None else min(due, since + sooner)
