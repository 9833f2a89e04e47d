# SPDX-License-Identifier: EUPL-1.2
"""The only writers of mandates."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from rekenschap.errors import RefusedError
from rekenschap_citizen.mandates.models import Mandate

TERMS = {"maand": timedelta(days=31), "halfjaar": timedelta(days=183), "jaar": timedelta(days=366)}
CODE_WORKS = timedelta(days=7)
MOST = 20
"""mandates of one citizen at a time"""
_ALPHABET = "abcdefghjkmnpqrstvwxyz"


def give(*, giver: str, giver_name: str, taker_name: str, term: str, now: datetime) -> str:
    """Make a mandate; gives the code that accepts it, which is kept nowhere."""
    if Mandate.objects.filter(giver=giver, ended_at__isnull=True, until__gt=now).count() >= MOST:
        raise _no("many")
    code = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
    Mandate.objects.create(
        giver=giver, giver_name=giver_name, taker_name=taker_name, code_digest=_digest(code), made_at=now,
        until=now + TERMS[term],
    )  # fmt: skip
    return code


@transaction.atomic
def accept(*, taker: str, code: str, now: datetime) -> None:
    """Accept a mandate by its code; raises RefusedError for a code that is wrong, old, used or one's own."""
    row = Mandate.objects.filter(code_digest=_digest(code)).first()
    if row is None or row.taker or row.ended_at is not None or now - row.made_at > CODE_WORKS:
        raise _no("code_wrong")
    if row.giver == taker:
        raise _no("own")
    row.taker, row.accepted_at = taker, now
    row.save(update_fields=["taker", "accepted_at"])


def change(*, giver: str, number: int, term: str, now: datetime) -> None:
    """Let it end at another moment; only the giver may."""
    Mandate.objects.filter(pk=number, giver=giver, ended_at__isnull=True).update(until=now + TERMS[term])


def end(*, drawer: str, number: int, now: datetime) -> None:
    """End it at once; the giver may, and so may the taker."""
    for side in ("giver", "taker"):
        Mandate.objects.filter(pk=number, ended_at__isnull=True, **{side: drawer}).update(ended_at=now)


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
