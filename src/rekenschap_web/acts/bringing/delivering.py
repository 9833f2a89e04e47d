# SPDX-License-Identifier: EUPL-1.2
"""From the outbox to the ledger, exactly once: first the ledger has it, then the outbox says so.

Broken off in between, a line is offered again, and the ledger sees that it has it already.
"""

from __future__ import annotations

from itertools import chain

from django.db import transaction
from django.utils import timezone

from rekenschap.audit.desk import append_desk_facts
from rekenschap.house import ORIGIN, House
from rekenschap_web.acts.bringing.told import facts_of
from rekenschap_web.acts.models import Act
from rekenschap_web.acts.sealing import check_seal

AT_ONCE = 500


def deliver(house: House, *, at_once: int = AT_ONCE) -> int:
    """Bring what waits to the ledger, oldest first; gives how many lines were brought.

    Raises WrongSignatureError for a line that the desk did not write,
    before anything of its batch is brought.
    """
    brought = 0
    while waiting := list(Act.objects.filter(appended_at__isnull=True).order_by("number")[:at_once]):
        for act in waiting:
            check_seal(act)
        ledger = house.appending(origin=ORIGIN)
        append_desk_facts(
            house, list(chain.from_iterable(map(facts_of, waiting))), ledger=ledger, now=timezone.now()
        )
        with transaction.atomic():
            Act.objects.filter(number__in=[act.number for act in waiting]).update(appended_at=timezone.now())
        brought += len(waiting)
    return brought
