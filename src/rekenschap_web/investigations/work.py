# SPDX-License-Identifier: EUPL-1.2
"""What of the investigations waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from rekenschap.casework.roles import Role
from rekenschap_web.findings.work import WorkItem
from rekenschap_web.investigations.queries import investigations, replies_wanted
from rekenschap_web.people.models import Person

_OFFICERS = {Role.INTEGRITY_OFFICER, Role.SECOND_OFFICER}


def work_for(person: Person, now: datetime) -> Iterator[WorkItem]:
    """Give the replies this person may give, and the investigations that wait for this officer."""
    del now
    for reply in replies_wanted(person):
        yield WorkItem(
            what=gettext("Wilt u reageren op een onderzoek?"),
            url=reverse("investigations:reply", args=[reply.number]),
            due=reply.due,
            severity="high",
            minutes=15,
            beneath=gettext("Onderzoek %(number)s") % {"number": reply.number},
            key=reply.number,
        )
    if not person.roles & _OFFICERS:
        return
    for view in investigations(person, open_only=True):
        closing = view.decisions["close"].allowed
        if closing or (Role.INTEGRITY_OFFICER in person.roles and view.state != "closing"):
            what = (
                gettext("Mag dit onderzoek dicht?") if closing else gettext("Onderzoek %(number)s: %(who)s")
            )
            yield WorkItem(
                what=what % {"number": view.number, "who": view.short} if not closing else what,
                url=reverse("investigations:detail", args=[view.number]),
                due=view.due,
                severity="high",
                minutes=20,
                beneath=f"{view.number} · {view.state_nl}",
                key=view.number,
            )
