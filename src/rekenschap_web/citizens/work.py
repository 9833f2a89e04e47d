# SPDX-License-Identifier: EUPL-1.2
"""Which questions of citizens wait for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from rekenschap_web.citizens.queries import waiting
from rekenschap_web.citizens.withholding import withholdings
from rekenschap_web.findings.work import WorkItem
from rekenschap_web.people.may import Thing, may
from rekenschap_web.people.models import Person


def work_for(person: Person, now: datetime) -> Iterator[WorkItem]:
    """Give the questions that have no answer yet."""
    del now
    for decision in withholdings(person):
        if decision.may_approve and not decision.is_over:
            yield WorkItem(
                what=gettext("Mag een inwoner deze raadpleging nog niet zien?"),
                url=reverse("citizens:withholdings"),
                severity="middle",
                minutes=5,
                beneath=gettext("Besluit %(number)s") % {"number": decision.number},
            )
    if not may(person, "citizen_question.answer", Thing(kind="citizen_question")).allowed:
        return
    for each in waiting():
        yield WorkItem(
            what=gettext("Een inwoner vraagt: waarom keek u in mijn gegevens?"),
            url=reverse("citizens:detail", args=[each.number]),
            due=each.due,
            severity="middle",
            minutes=10,
            beneath=gettext("Vraag van een inwoner %(number)s") % {"number": each.number},
            key="",
        )
