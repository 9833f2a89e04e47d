# SPDX-License-Identifier: EUPL-1.2
"""Proofs, names behind a pseudonym, and pseudonyms of what somebody names."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from rekenschap.audit.deriving import Part
from rekenschap.audit.desk.people import original_of, pseudonyms_of, reading
from rekenschap.errors import RefusedError
from rekenschap.ledger.prove import prove
from rekenschap.model.ids import Pseudonym
from rekenschap.model.warrant import Warrant
from rekenschap_web.evidence.door import used
from rekenschap_web.evidence.house import derived, house
from rekenschap_web.evidence.lifting import check_live
from rekenschap_web.evidence.reading.looks import EVERYTHING


def proof(entry: int, *, warrant: Warrant, named: str = "") -> bytes:
    """Give the proof file of one entry; it carries the row itself."""
    used(warrant, named or f"entry:{entry}", fields="bewijs", verb="proved")
    return prove(reading(house()), entry).encode("utf-8")


def name_of(pseudonym: Pseudonym, *, warrant: Warrant, lifting_id: str) -> str:
    """Open the seal on a name; refuses without a lifting that two people agreed on and that still holds."""
    person = used(
        warrant,
        f"lifting:{lifting_id}",
        about=pseudonym,
        look=_a_look(pseudonym),
        fields="naam",
        verb="unsealed",
    )
    check_live(lifting_id, pseudonym=pseudonym, person=person, now=timezone.now())
    entry = _a_look(pseudonym)
    if entry is None:
        raise RefusedError(
            expected="a person with a look in the ledger", found="none", remedy="derive again", rule="lifting"
        )
    return original_of(house(), entry, pseudonym)


def pseudonyms_for(
    texts: Sequence[str], domain: str, *, warrant: Warrant, named: str = "leak:list"
) -> tuple[Pseudonym, ...]:
    """Give the pseudonym of each identifier (BSN, staff number), in their order."""
    used(warrant, named, fields="pseudoniemen")
    return pseudonyms_of(house(), texts, domain)


def _a_look(who: Pseudonym) -> int | None:
    told = derived()
    if who.domain == "subject":
        return told.look_at(who.hi)
    found = told.looks_of(who.hi, EVERYTHING, Part(most=1)).column("look").to_pylist()
    return found[0] if found else None
