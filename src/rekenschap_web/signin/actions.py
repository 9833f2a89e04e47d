# SPDX-License-Identifier: EUPL-1.2
"""What changes who may come in: each writes its row and its act in one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from rekenschap.casework.roles import Role
from rekenschap_web import acts
from rekenschap_web.people.may import Thing, require
from rekenschap_web.people.models import Person
from rekenschap_web.signin.models import SignedIn
from rekenschap_web.signin.provider.claims import Told
from rekenschap_web.signin.staying.sessions import ALARMING, Ended, end


@transaction.atomic
def end_unasked(row: SignedIn, because: Ended, *, at: datetime) -> None:
    """End a session that nobody asked to end; where no clock explains it, that is a fact."""
    if end(row, because, at=at) and because in ALARMING:
        _ended(row, because, by=acts.system_person())


@transaction.atomic
def end_session(row: SignedIn, *, by: Person) -> None:
    """End a session because its person or the operator wants that."""
    require(by, "session.end", Thing(kind="session", id=str(row.pk), opened_by=row.person.sub))
    because = Ended.BY_PERSON if row.person_id == by.pk else Ended.BY_OPERATOR
    if end(row, because, at=timezone.now()):
        _ended(row, because, by=by)


def _ended(row: SignedIn, because: Ended, *, by: Person) -> None:
    acts.record(
        by=by, verb="session_ended", kind="person", object=row.person.act_object, because=because.value
    )


@transaction.atomic
def told_by_provider(person: Person, told: Told) -> Person:
    """Write down what the provider says now of somebody; an act when it changes what they may do."""
    person.name, person.email = told.name, told.email
    before = _guarded(person)
    person.team, person.staff_id, person.roles = told.team, told.staff_id, told.roles
    if person._state.adding:
        person.sub = told.sub
        return acts.recorded(person, by=person, verb="came_in", because="provider")
    if before != _guarded(person):
        return acts.recorded(person, by=acts.system_person(), verb="changed_roles", because="provider")
    person.save()
    return person


def _guarded(person: Person) -> tuple[object, ...]:
    return tuple(getattr(person, name) for name in Person.GUARDED)


@transaction.atomic
def lock(person: Person, *, by: Person, because: str) -> None:
    """Lock an account: whoever has it is out at once, everywhere."""
    require(by, "person.lock", Thing(kind="person", id=str(person.pk), about=person.staff_id))
    person.is_locked = True
    acts.recorded(person, by=by, verb="locked", because=because)
    for row in SignedIn.objects.filter(person=person, ended_at=None):
        end(row, Ended.LOCKED, at=timezone.now())


@transaction.atomic
def unlock(person: Person, *, by: Person, because: str) -> None:
    """Let somebody in again."""
    require(by, "person.lock", Thing(kind="person", id=str(person.pk), about=person.staff_id))
    person.is_locked = False
    acts.recorded(person, by=by, verb="unlocked", because=because)


@transaction.atomic
def make_local(
    *, by: Person, email: str, name: str, roles: frozenset[Role], team: str = "", staff_id: str = ""
) -> Person:
    """Make an account here, for a body without a provider; its password is set apart from this."""
    person = Person(
        sub=f"local:{email.lower()}", name=name, email=email.lower(), team=team, staff_id=staff_id
    )
    person.roles = roles
    person.set_unusable_password()
    return acts.recorded(person, by=by, verb="made_account", because="local account")


@transaction.atomic
def stopped_guessing(person: Person) -> None:
    """Write down that signing in to an account was stopped for a while: too many wrong passwords."""
    acts.record(
        by=acts.system_person(), verb="sign_in_stopped", kind="person", object=person.act_object,
        because="too many wrong passwords",
    )  # fmt: skip
