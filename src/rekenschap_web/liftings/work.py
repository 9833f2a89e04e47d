# SPDX-License-Identifier: EUPL-1.2
"""What of the liftings waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from rekenschap.casework.roles import Role
from rekenschap_web.findings.work import WorkItem
from rekenschap_web.liftings.models import Lifting
from rekenschap_web.liftings.rules import decision_of
from rekenschap_web.people.models import Person


def work_for(person: Person, now: datetime) -> Iterator[WorkItem]:
    """Give the requests this person may decide on."""
    if not person.roles & {Role.SECOND_OFFICER, Role.INTEGRITY_OFFICER}:
        return
    for row in Lifting.objects.select_related("asked_by").filter(state="asked", until__gt=now):
        if decision_of(row, "approve", person).allowed:
            yield WorkItem(
                what=gettext("Mag deze naam worden getoond?"),
                url=reverse("liftings:detail", args=[row.number]),
                due=row.until,
                severity="middle",
                minutes=5,
                beneath=gettext("Naamopheffing %(number)s, voor %(what)s")
                % {"number": row.number, "what": row.belongs_to.partition(":")[2]},
                key=row.number,
            )
