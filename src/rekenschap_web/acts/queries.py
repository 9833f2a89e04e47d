# SPDX-License-Identifier: EUPL-1.2
"""Reading the trail: who did or saw what, in lines for a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from rekenschap_web.acts.models import Act
from rekenschap_web.people.may import Decision, Thing, may, require
from rekenschap_web.people.models import Person

SHOWN = 5
"""Lines in a footer; the whole trail has a page of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailLine:
    """One act: who, when, what and why; `in_ledger` says whether the ledger has it yet."""

    who: str
    when: datetime
    verb: str
    because: str
    investigation: str
    in_ledger: bool


def may_see_trail(object_name: str, person: Person) -> Decision:
    """Say whether somebody may see who looked at a thing."""
    kind, _, number = object_name.partition(":")
    return may(person, "trail.read", Thing(kind=kind, id=number))


def looks_settled_by(cause: str) -> tuple[int, ...]:
    """Give the looks that were settled with a cause, the last time it was settled."""
    settled = Act.objects.filter(kind="look", verb="settled", because__endswith=f" cause:{cause}")
    last = settled.order_by("-number").first()
    if last is None:
        return ()
    rows = settled.filter(acted_at=last.acted_at, look__isnull=False).order_by("look")
    return tuple(row.look for row in rows.only("look") if row.look is not None)


def trail_of(object_name: str, person: Person, *, most: int | None = None) -> tuple[TrailLine, ...]:
    """Give the acts on a thing, newest first; raises NotAllowedError for who may not see them."""
    kind, _, number = object_name.partition(":")
    require(person, "trail.read", Thing(kind=kind, id=number))
    found = Act.objects.filter(object=object_name).select_related("person").order_by("-number")
    return tuple(_line(act) for act in found[:most])


def waiting() -> int:
    """Count the acts that are not in the ledger yet."""
    return Act.objects.filter(appended_at__isnull=True).count()


def oldest_waiting() -> datetime | None:
    """Give when the oldest act that is not in the ledger yet was done."""
    found = Act.objects.filter(appended_at__isnull=True).order_by("number").first()
    return None if found is None else found.acted_at


def _line(act: Act) -> TrailLine:
    return TrailLine(
        who=act.person.name,
        when=localtime(act.acted_at),
        verb=act.verb,
        because=act.because,
        investigation=act.investigation,
        in_ledger=act.appended_at is not None,
    )
