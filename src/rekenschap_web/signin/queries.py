# SPDX-License-Identifier: EUPL-1.2
"""Where people are signed in, as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from rekenschap.casework.roles import Role
from rekenschap_web.people.models import Person
from rekenschap_web.people.names import role_names
from rekenschap_web.signin.accounts.local import is_local
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """Somebody who may sign in, as the operator sees it."""

    number: int
    name: str
    email: str
    roles: tuple[str, ...]
    team: str
    is_locked: bool
    is_local: bool
    sessions: int


def everybody() -> tuple[PersonView, ...]:
    """Give all people, by name; the one that stands for the system is nobody."""
    rows = Person.objects.exclude(sub__startswith="desk:").order_by("name", "pk")
    return tuple(shown(row) for row in rows)


def person_numbered(number: int) -> Person | None:
    """Find somebody."""
    return Person.objects.exclude(sub__startswith="desk:").filter(pk=number).first()


def shown(row: Person) -> PersonView:
    """Give one person as the operator sees it."""
    return PersonView(
        number=row.pk,
        name=row.name,
        email=row.email,
        roles=role_names(row.roles - {Role.STAFF}) or role_names(row.roles),
        team=row.team,
        is_locked=row.is_locked,
        is_local=is_local(row),
        sessions=len(sessions_of(row, here=None)),
    )
