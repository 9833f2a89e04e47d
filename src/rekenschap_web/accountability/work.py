# SPDX-License-Identifier: EUPL-1.2
"""What of the account waits for the FG: a report to look through and sign."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from rekenschap_web.accountability.queries import waiting_months
from rekenschap_web.evidence.reading.months import Month
from rekenschap_web.findings.work import WorkItem
from rekenschap_web.people.may import Thing, may
from rekenschap_web.people.models import Person


def work_for(person: Person, now: datetime) -> Iterable[WorkItem]:
    """Tell which reports this person must look through."""
    del now
    if not may(person, "month.sign", Thing(kind="month")).allowed:
        return
    for name in waiting_months():
        yield WorkItem(
            what=_("Kijk de steekproef van %(month)s na en teken af") % {"month": Month.named(name).label},
            url=reverse("accountability:month", args=[name]),
            minutes=40,
        )
