# SPDX-License-Identifier: EUPL-1.2
"""The register of processing activities, how looks stand to it, and what was erased: nothing of a person."""

from __future__ import annotations

from datetime import datetime
from threading import Lock

from django.utils import timezone

from rekenschap.audit.desk.people import reading
from rekenschap.audit.forgetting import drop_outdated
from rekenschap.audit.register import (
    DESK_ACTIVITY,
    WIPED,
    Line,
    OrderTold,
    Report,
    erasures_in,
    register_in,
    report_kept,
)
from rekenschap.errors import StoreError
from rekenschap.register import Register
from rekenschap_web.evidence import house

__all__ = [
    "DESK_ACTIVITY",
    "WIPED",
    "Line",
    "OrderTold",
    "Report",
    "drop_erased",
    "erasures",
    "register",
    "usage",
]

_known: dict[str, Register] = {}
_turn = Lock()


def register() -> Register:
    """Read the register as the ledger holds it now."""
    place = house.house()
    if not place.is_founded:
        return Register.of(())
    ledger = reading(place)
    name = f"{place.root}|{ledger.checkpoint.root.to_base64()}"
    with _turn:
        if name not in _known:
            _known.clear()
            _known[name] = register_in(ledger)
        return _known[name]


def usage(*, now: datetime | None = None) -> Report | None:
    """Say how looks and deliveries stand to the register, as of the newest derivation; None without one."""
    try:
        derived = house.derived()
    except StoreError:
        return None
    return report_kept(reading(house.house()), derived, register(), now=now or timezone.now())


def erasures() -> tuple[OrderTold, ...]:
    """Read what was ordered to go, to stay or to be forgotten."""
    place = house.house()
    return erasures_in(reading(place)) if place.is_founded else ()


def drop_erased() -> int:
    """Take away what was derived before the last erasure; gives how many derivations went."""
    place = house.house()
    return drop_outdated(place) if place.is_founded else 0
