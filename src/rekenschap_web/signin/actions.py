# SPDX-License-Identifier: EUPL-1.2
"""What changes who may come in: each writes its row and its act in one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from rekenschap_web.people.models import Person
from rekenschap_web.signin.claims import Told
from rekenschap_web.signin.models import SignedIn
from rekenschap_web.signin.sessions import Ended, end


@transaction.atomic
def end_unasked(row: SignedIn, because: Ended, *, at: datetime) -> None:
    """End a session that nobody asked to end; where no clock explains it, that is an act."""
    end(row, because, at=at)


@transaction.atomic
def told_by_provider(person: Person, told: Told) -> None:
    """Write down what the provider says now about somebody we knew."""
    person.name, person.email = told.name, told.email
    person.team, person.staff_id, person.roles = told.team, told.staff_id, told.roles
    person.save()


@transaction.atomic
def end_session(row: SignedIn, *, by: Person) -> None:
    """End a session because its person or the operator wants that."""
    from django.utils import timezone

    end(row, Ended.BY_PERSON if row.person_id == by.pk else Ended.BY_OPERATOR, at=timezone.now())
