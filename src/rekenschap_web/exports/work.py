# SPDX-License-Identifier: EUPL-1.2
"""What of the exports waits for somebody: to judge what another asked, or to fetch what was approved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from rekenschap_web.exports.queries import exports, waiting_for
from rekenschap_web.findings.work import WorkItem
from rekenschap_web.people.models import Person


def work_for(person: Person, now: datetime) -> Iterable[WorkItem]:
    """Tell what waits for this person."""
    del now
    for each in waiting_for(person):
        yield WorkItem(
            what=_("Mag deze lijst naar buiten? %(title)s, %(rows)s regels")
            % {"title": each.title, "rows": each.rows},
            url=reverse("exports:detail", args=[each.number]),
            due=each.until,
            minutes=3,
            who=each.asked_by,
        )
    for each in exports(person):
        if each.is_mine and each.state == "approved":
            yield WorkItem(
                what=_("U mag deze lijst nu ophalen: %(title)s") % {"title": each.title},
                url=reverse("exports:detail", args=[each.number]),
                due=each.until,
                minutes=1,
            )
