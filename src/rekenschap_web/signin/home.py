# SPDX-License-Identifier: EUPL-1.2
"""Where the work of each role begins."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from rekenschap.casework.roles import Role
from rekenschap_web.people.models import Person

_BEGINS = (
    (frozenset({Role.INTEGRITY_OFFICER, Role.SECOND_OFFICER, Role.TEAM_MANAGER}), "findings:list"),
    (frozenset({Role.FG, Role.CISO, Role.AUDITOR}), "accountability:overview"),
    (frozenset({Role.STAFF}), "questions:own_looks"),
)


def home_of(person: Person) -> str:
    """Give the address of the first page of this person; where one is signed in when there is none yet."""
    for roles, page in _BEGINS:
        if roles & person.roles:
            try:
                return reverse(page)
            except NoReverseMatch:
                continue
    return reverse("signin:sessions")
