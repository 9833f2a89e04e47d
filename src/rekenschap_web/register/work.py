# SPDX-License-Identifier: EUPL-1.2
"""Which proposals wait for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from rekenschap_web.findings.work import WorkItem
from rekenschap_web.people.may import may
from rekenschap_web.people.models import Person
from rekenschap_web.register.actions import thing_of
from rekenschap_web.register.queries import proposals


def work_for(person: Person, now: datetime) -> Iterator[WorkItem]:
    """Give the proposals that this person may decide about."""
    del now
    for each in proposals(only_open=True):
        if may(person, "register.approve", thing_of(each)).allowed:
            yield WorkItem(
                what=gettext("Mag dit zo in het register van verwerkingen?"),
                url=reverse("register:proposal", args=[each.number]),
                severity="low",
                minutes=5,
                beneath=gettext("Voorstel %(number)s") % {"number": each.number},
            )
