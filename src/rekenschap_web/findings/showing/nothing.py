# SPDX-License-Identifier: EUPL-1.2
"""What somebody can do when nothing waits: the places of use to this role, in the words of the work."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from rekenschap_web.people.may import Thing, may
from rekenschap_web.people.models import Person

_STEPS = (
    ("investigations:list", gettext_noop("Bekijk de onderzoeken"), "investigation.read", "investigation"),
    ("accountability:overview", gettext_noop("Bekijk of wij alles kunnen uitleggen"), "month.read", "month"),
    ("accountability:coverage", gettext_noop("Bekijk welk systeem zich meldt"), "coverage.read", "coverage"),
    ("accountability:rules", gettext_noop("Bekijk welke regel helpt"), "rule.read", "rule"),
    ("signin:people", gettext_noop("Bekijk wie mag inloggen"), "person.read", "person"),
    ("questions:own_looks", gettext_noop("Bekijk uw eigen raadplegingen"), "own_looks.read", "own_looks"),
)  # fmt: skip
"""Where, in which words, and the rule that says who may go there; all may see their own looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """A place to go to."""

    label: str
    url: str


def next_steps(person: Person) -> tuple[NextStep, ...]:
    """Give the places this person may go to, those of the role first."""
    return tuple(
        NextStep(label=gettext(label), url=reverse(page))
        for page, label, action, kind in _STEPS
        if may(person, action, Thing(kind=kind)).allowed
    )
