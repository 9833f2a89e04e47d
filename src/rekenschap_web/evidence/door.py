# SPDX-License-Identifier: EUPL-1.2
"""Every use of a warrant: checked, and written down as an act before anything is shown."""

from __future__ import annotations

from contextvars import ContextVar

from django.core.signals import request_started
from django.db import transaction
from django.utils import timezone

from rekenschap.model.ids import Pseudonym
from rekenschap.model.warrant import Because, Warrant
from rekenschap_web import acts
from rekenschap_web.evidence.house import derived
from rekenschap_web.people.models import Person

_used: ContextVar[set[tuple[str, str, str]] | None] = ContextVar("uses in this request", default=None)


def used(
    warrant: Warrant,
    object_name: str,
    *,
    about: Pseudonym | None = None,
    look: int | None = None,
    fields: str = "",
    verb: str = "consulted",
    gate: str = "",
) -> Person:
    """Check a warrant and write its use down; gives the person who reads.

    Once per request, object and verb. `about` is whose data it is: for them it becomes a consultation in the
    register of the desk too. `gate` is asked of a warrant that must have been made for exactly this.
    """
    warrant.check(timezone.now(), about=gate)
    person = Person.objects.get(sub=warrant.person)
    known = _used.get()
    use = warrant.id, object_name, verb
    if known is None or use not in known:
        work = _looked(warrant, object_name, about, look, fields)
        with transaction.atomic():
            acts.record(
                by=person, verb=verb, kind=object_name.partition(":")[0], object=object_name,
                because=warrant.reason, warrant=warrant, work=work,
            )  # fmt: skip
        if known is not None:
            known.add(use)
    return person


def watch_requests() -> None:
    """Begin every request with no use of any warrant."""
    request_started.connect(_begin, dispatch_uid="evidence.door")


def _begin(**given: object) -> None:
    del given
    _used.set(set())


def _looked(
    warrant: Warrant, object_name: str, about: Pseudonym | None, look: int | None, fields: str
) -> tuple[acts.Looked, ...]:
    """Make a consultation of it; the own looks of a person are nobody else's data."""
    if about is None or warrant.because is Because.OWN_LOOKS:
        return ()
    if about.domain == "subject" and look is None:
        look = derived().look_at(about.hi)
        if look is None:  # nobody ever looked: there is no token of this person, and no data either
            return ()
    zaak = f"investigation:{warrant.investigation}" if warrant.investigation else object_name
    return (acts.Looked(about=acts.About(who=about, look=look), fields=fields, zaak=zaak),)
