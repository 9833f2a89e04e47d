# SPDX-License-Identifier: EUPL-1.2
"""Where people are signed in, as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from rekenschap_web.people.models import Person
from rekenschap_web.signin.models import SignedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """One browser in which somebody is signed in."""

    number: int
    browser: str
    began_at: datetime
    seen_at: datetime
    until: datetime
    is_here: bool


def sessions_of(person: Person, *, here: int | None, now: datetime | None = None) -> tuple[SessionView, ...]:
    """Give the sessions of a person that are still good, the latest first."""
    now = now or timezone.now()
    idle: timedelta = settings.SESSION_IDLE
    rows = SignedIn.objects.filter(
        person=person, ended_at=None, seen_at__gte=now - idle, began_at__gte=now - settings.SESSION_WHOLE
    ).order_by("-seen_at")
    return tuple(
        SessionView(
            number=row.pk,
            browser=row.browser,
            began_at=row.began_at,
            seen_at=row.seen_at,
            until=min(row.seen_at + idle, row.began_at + settings.SESSION_WHOLE),
            is_here=row.pk == here,
        )
        for row in rows
    )


def row_numbered(number: int) -> SignedIn | None:
    """Find a session that has not ended."""
    return SignedIn.objects.filter(pk=number, ended_at=None).select_related("person").first()
