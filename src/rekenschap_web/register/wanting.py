# SPDX-License-Identifier: EUPL-1.2
"""A proposed entry of the register as plain values, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from django.utils import timezone

from rekenschap.register import Version

TEXTS = ("name", "purpose", "legal_basis", "law", "retention_law", "owner", "on_behalf", "measures")
LISTS = ("people", "categories", "recipients", "transfers")
DAYS = ("retention_period", "looks_kept")
FIELDS = (*TEXTS, *LISTS, *DAYS, "confidentiality", "since", "ends")


def version_in(key: str, wanted: Mapping[str, object], *, now: datetime) -> Version:
    """Give the version that a proposal asks for, without a number; it begins now unless it says later."""
    since, ends = _moment(wanted.get("since")), _moment(wanted.get("ends"))
    return Version.of(key, 0, valid_from=max(since or now, now), told={**wanted, "valid_until": ends})


def wanted_of(version: Version) -> dict[str, object]:
    """Give what an entry says now, to begin a proposal with."""
    return {
        "confidentiality": version.confidentiality,
        **{name: getattr(version, name) for name in (*TEXTS, *DAYS)},
        **{name: list(getattr(version, name)) for name in LISTS},
    }


def _moment(told: object) -> datetime | None:
    """Give the first moment of a day, where the organisation is."""
    if not told:
        return None
    return timezone.make_aware(datetime.combine(date.fromisoformat(str(told)), time.min))
