# SPDX-License-Identifier: EUPL-1.2
"""The person that stands for the system itself in acts nobody did by hand; nobody can sign in as it."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.db import transaction

from rekenschap_web.acts.actions import recorded
from rekenschap_web.people.models import Person

SUB = "desk:system"


def system_person() -> Person:
    """Give the person that stands for the system, and make it when it is not there yet."""
    found = Person.objects.filter(sub=SUB).first()
    if found is not None:
        return found
    with transaction.atomic():
        one = Person(sub=SUB, name="Rekenschap", email="rekenschap@desk.invalid", is_locked=True)
        one.password = make_password(None)
        return recorded(one, by=one, verb="began")
