# SPDX-License-Identifier: EUPL-1.2
"""The only writer of searches: asks the rule, searches under the warrant, keeps the answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from rekenschap.model.warrant import Warrant
from rekenschap_web import acts
from rekenschap_web.evidence import desk
from rekenschap_web.evidence.reading.leaking import search
from rekenschap_web.leaks.models import LeakSearch
from rekenschap_web.people.may import Thing, require
from rekenschap_web.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A list as it was pasted or uploaded, and the days on which somebody may have looked."""

    text: str
    first: date
    last: date


@transaction.atomic
def search_source(*, by: Person, wanted: Wanted, warrant: Warrant) -> str:
    """Search, keep the answer in the investigation of the warrant, and give its number."""
    require(by, "leak.search", Thing(kind="leak"))
    number = _next_number(timezone.now().year)
    found = search(wanted.text, first=wanted.first, last=wanted.last, warrant=warrant, named=f"leak:{number}")
    rests_on = desk.checkpoint()
    row = LeakSearch(
        number=number,
        investigation=warrant.investigation or "",
        because=warrant.words,
        first_on=wanted.first,
        last_on=wanted.last,
        lines=found.lines,
        standing=found.standing.value,
        asked_by=by,
        asked_at=timezone.now(),
        size=rests_on.size,
        root=rests_on.root,
        told={
            "together": found.together,
            "never_seen": found.never_seen,
            "no_reason": found.no_reason,
            "with_right": found.with_right,
            "equal": found.equal,
            "shared": found.shared,
            "nl": found.sentences.nl,
            "en": found.sentences.en,
            "likeness": asdict(found.likeness) if found.likeness else None,
        },
        ranking=[
            {
                "staff": f"{each.staff.domain}:{each.staff.hi}",
                "unexplained": each.unexplained,
                "explained": each.explained,
                "expected": each.expected,
                "one_in": each.one_in,
                "ln_corrected": each.log_corrected,
                "own_work": each.own_work,
                "stands_out": each.stands_out,
                "met": list(each.met),
            }
            for each in found.ranking
        ],
    )
    acts.recorded(row, by=by, verb="kept", because=warrant.reason, warrant=warrant)
    return number


def _next_number(year: int) -> str:
    last = (
        LeakSearch.objects.select_for_update().filter(number__startswith=f"{year}-").order_by("-pk").first()
    )
    return f"{year}-{int(last.number.partition('-')[2]) + 1 if last else 1:04}"
