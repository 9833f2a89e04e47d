# SPDX-License-Identifier: EUPL-1.2
"""The only writers of mandates."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction

from rekenschap.citizen.mandating import Bond, MandateStep, Step
from rekenschap.errors import RefusedError, StoreError
from rekenschap_citizen.mandates.models import Mandate
from rekenschap_citizen.place import box

TERMS = {"maand": timedelta(days=31), "halfjaar": timedelta(days=183), "jaar": timedelta(days=366)}
CODE_WORKS = timedelta(days=7)
MOST = 20
"""mandates of one citizen at a time"""
_ALPHABET = "abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What giver and taker call each other, and as what the taker looks along."""

    giver: str
    taker: str
    bond: Bond


@transaction.atomic
def give(*, giver: str, called: Called, term: str, now: datetime) -> str:
    """Make a mandate; gives the code that accepts it, which is kept nowhere."""
    if Mandate.objects.filter(giver=giver, ended_at__isnull=True, until__gt=now).count() >= MOST:
        raise _no("many")
    code = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
    row = Mandate.objects.create(
        name=box.drawn(), bond=called.bond, giver=giver, giver_name=called.giver, taker_name=called.taker,
        code_digest=_digest(code), made_at=now, until=now + TERMS[term],
    )  # fmt: skip
    _tell(row, Step.GIVEN, now)
    return code


@transaction.atomic
def accept(*, taker: str, code: str, now: datetime) -> None:
    """Accept a mandate by its code; raises RefusedError for a code that is wrong, old, used or one's own."""
    row = Mandate.objects.select_for_update().filter(code_digest=_digest(code)).first()
    if row is None or row.taker or row.ended_at is not None or now - row.made_at > CODE_WORKS:
        raise _no("code_wrong")
    if row.giver == taker:
        raise _no("own")
    row.taker, row.accepted_at = taker, now
    row.save(update_fields=["taker", "accepted_at"])
    _tell(row, Step.ACCEPTED, now)


@transaction.atomic
def change(*, giver: str, number: int, term: str, now: datetime) -> None:
    """Let it end at another moment; only the giver may."""
    row = Mandate.objects.select_for_update().filter(pk=number, giver=giver, ended_at__isnull=True).first()
    if row is not None:
        row.until = now + TERMS[term]
        row.save(update_fields=["until"])
        _tell(row, Step.CHANGED, now)


@transaction.atomic
def end(*, drawer: str, number: int, now: datetime) -> None:
    """End it at once; the giver may, and so may the taker."""
    row = Mandate.objects.select_for_update().filter(pk=number, ended_at__isnull=True).first()
    if row is not None and drawer in (row.giver, row.taker):
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        _tell(row, Step.WITHDRAWN if drawer == row.giver else Step.RETURNED, now)


def _tell(row: Mandate, step: Step, now: datetime) -> None:
    """Leave the step for the ledger; when that fails nothing of it has happened."""
    told = MandateStep(
        id=box.drawn(), mandate=row.name, step=step, bond=Bond(row.bond), giver=row.giver, taker=row.taker,
        until=row.until, at=now,
    )  # fmt: skip
    try:
        box.leave_step(Path(settings.CITIZEN_PLACE), told)
    except OSError:
        raise StoreError(
            expected="room for a step with a mandate", found="none", remedy="free the disk", retryable=True
        ) from None


def seen(*, number: int, now: datetime) -> None:
    """Note that the taker looked, for the giver to read."""
    Mandate.objects.filter(pk=number).update(seen_at=now)


def _digest(code: str) -> str:
    letters = "".join(each for each in code.lower() if each.isalpha())
    return sha256(letters.encode()).hexdigest()


def _no(rule: str) -> RefusedError:
    return RefusedError(
        expected="a mandate that may be", found="another", remedy="ask for a new code", rule=f"mandate.{rule}"
    )
