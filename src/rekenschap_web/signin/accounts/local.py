# SPDX-License-Identifier: EUPL-1.2
"""Accounts of our own, for bodies without a provider: with a password and a second factor."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from rekenschap.casework.roles import Role
from rekenschap_web import acts
from rekenschap_web.people.models import Person
from rekenschap_web.signin import actions

PREFIX = "local:"
_STOPS_AT = 5
_SPAN = 300


def is_local(person: Person) -> bool:
    """Say whether this account is our own."""
    return person.sub.startswith(PREFIX)


def needs_second_factor(person: Person) -> bool:
    """Say whether a password alone is not enough: for every role at the desk."""
    return is_local(person) and bool(person.roles - {Role.STAFF})


@transaction.atomic
def add(*, email: str, name: str, roles: frozenset[Role], team: str = "", staff_id: str = "") -> Person:
    """Make an account, or give the one with this address these roles; a fact either way."""
    found = Person.objects.filter(sub=f"{PREFIX}{email.lower()}").first()
    if found is None:
        person = actions.make_local(
            by=acts.system_person(), email=email, name=name, roles=roles, team=team, staff_id=staff_id
        )
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        return person
    found.name, found.team, found.staff_id, found.roles = name, team, staff_id, roles
    return acts.recorded(found, by=acts.system_person(), verb="changed_roles", because="local account")


def link_for(person: Person) -> str:
    """Give the path of a link with which this person chooses a password, once and for a few days."""
    key = default_token_generator.make_token(person)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(person), key])


def failed(email: str) -> None:
    """Count a wrong password; at the fifth in five minutes guessing is stopped, and that is a fact."""
    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        return
    key = f"signin:failed:{person.pk}"
    cache.add(key, 0, _SPAN)
    if cache.incr(key) == _STOPS_AT:
        actions.stopped_guessing(person)
