# SPDX-License-Identifier: EUPL-1.2
"""Who is behind a pseudonym, to leave them a message; whoever asked never sees it."""

from __future__ import annotations

from rekenschap_web.people.models import Person
from rekenschap_web.people.pseudonyms import own_pseudonym


def person_behind(about: str, team: str) -> Person | None:
    """Find who can sign in as this member of staff, the own team first."""
    known = Person.objects.exclude(staff_id="").filter(is_locked=False)
    for rows in (known.filter(team=team), known.exclude(team=team)):
        for person in rows.iterator():
            if own_pseudonym(person) == about:
                return person
    return None
