# SPDX-License-Identifier: EUPL-1.2
"""What officers had erased of the acts on a case that is over goes from the database of the desk too.

Only acts on a thing whose last act says that it was wiped, and only those that the ledger has no more: an act
that is gone from the ledger for another reason stays here, and the check names it.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from rekenschap.audit.desk import not_in_ledger
from rekenschap.audit.register import WIPED
from rekenschap.house import House
from rekenschap_web.acts.bringing.told import facts_of
from rekenschap_web.acts.models import Act

_AT_ONCE = 5_000


def wiped_objects() -> frozenset[str]:
    """Name what was wiped, of which the ledger has the act that says so."""
    ended = Act.objects.filter(verb=WIPED, content__isnull=True, appended_at__isnull=False)
    return frozenset(ended.values_list("object", flat=True))


def drop_erased_acts(house: House) -> int:
    """Take away the acts that were erased from the ledger; gives how many went."""
    gone = [number for some in _candidates() for number in _erased(house, some)]
    with transaction.atomic():
        for first in range(0, len(gone), _AT_ONCE):
            Act.objects.filter(number__in=gone[first : first + _AT_ONCE]).delete()
    return len(gone)


def _candidates() -> list[list[Act]]:
    ended = Act.objects.filter(verb=WIPED, content__isnull=True, appended_at__isnull=False)
    rows = Act.objects.filter(object__in=ended.values("object"), appended_at__isnull=False)
    found = list(rows.exclude(verb=WIPED).order_by("number"))
    return [found[first : first + _AT_ONCE] for first in range(0, len(found), _AT_ONCE)]


def _erased(house: House, some: Sequence[Act]) -> list[int]:
    missing = not_in_ledger(house, [next(facts_of(act)) for act in some])
    return [some[place].number for place in missing]
