# SPDX-License-Identifier: EUPL-1.2
"""The only readers of mandates: frozen views, and whose page somebody is looking at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from rekenschap_citizen.mandates.models import Mandate

FOR = "for"
"""Under this name a session says on which mandate somebody looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateView:
    """A mandate as a page shows it, from one of its two sides."""

    number: int
    name: str
    bond: str
    made_at: datetime
    accepted_at: datetime | None
    until: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewed:
    """Whose page is shown: the own one, or that of who gave a mandate."""

    drawer: str
    name: str = ""
    number: int = 0


def given_by(drawer: str) -> tuple[MandateView, ...]:
    """Read the mandates a citizen gave that still run or wait."""
    rows = Mandate.objects.filter(giver=drawer, ended_at__isnull=True, until__gt=timezone.now())
    return tuple(_view(row, row.taker_name) for row in rows)


def given_to(drawer: str) -> tuple[MandateView, ...]:
    """Read the mandates a citizen has."""
    rows = Mandate.objects.filter(taker=drawer, ended_at__isnull=True, until__gt=timezone.now())
    return tuple(_view(row, row.giver_name) for row in rows)


def viewed(request: HttpRequest) -> Viewed:
    """Say whose page is shown; asked anew at every request, so that what was withdrawn is over at once."""
    own = str(getattr(request, "drawer", ""))
    number = request.session.get(FOR)
    if not own or not isinstance(number, int):
        return Viewed(drawer=own)
    row = Mandate.objects.filter(
        pk=number, taker=own, accepted_at__isnull=False, ended_at__isnull=True, until__gt=timezone.now()
    ).first()
    if row is None:
        return Viewed(drawer=own)
    return Viewed(drawer=row.giver, name=row.giver_name, number=row.pk)


def _view(row: Mandate, name: str) -> MandateView:
    return MandateView(
        number=row.pk, name=name, bond=row.bond, made_at=row.made_at, accepted_at=row.accepted_at,
        until=row.until, seen_at=row.seen_at,
    )  # fmt: skip
