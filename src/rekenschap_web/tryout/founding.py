# SPDX-License-Identifier: EUPL-1.2
"""Fills the database of the try-out provider: its people, and the desk, for which it signs them in."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client
from django.contrib.auth.hashers import make_password

from rekenschap_web.people.models import Person
from rekenschap_web.tryout.cast import CAST, Player, Resident

CLIENT = "rekenschap-desk"
CITIZEN_CLIENT = "rekenschap-citizen"


def found(*, word: str, secret: str, desk: str) -> None:
    """Make or renew the people, all with one password, and the desk at its address of this time."""
    password = make_password(word)
    for player in CAST:
        _person(player, password)
    _client(CLIENT, secret=secret, back=f"{desk}/inloggen/organisatie/terug/")


def found_citizens(people: Iterable[Resident], *, word: str, secret: str, page: str) -> None:
    """Make or renew the citizens, and the citizen page at its address of this time."""
    password = make_password(word)
    for each in people:
        person = Person.objects.filter(sub=each.word).first() or Person(sub=each.word)
        person.name, person.email, person.roles = each.name, each.email, frozenset()
        person.password = password
        person.save()
        _with_address(person, each.email)
    _client(CITIZEN_CLIENT, secret=secret, back=f"{page}/inloggen/terug/")


def _client(name: str, *, secret: str, back: str) -> None:
    client = Client.objects.filter(pk=name).first() or Client(id=name)
    client.name, client.skip_consent = "Rekenschap", True
    client.set_secret(secret)
    client.set_scopes(["openid", "profile", "email"])
    client.set_redirect_uris([back])
    client.save()


def _person(player: Player, password: str) -> None:
    person = Person.objects.filter(sub=player.word).first() or Person(sub=player.word)
    person.name, person.email, person.team = player.name, player.email, player.team
    person.staff_id, person.roles = player.staff_id, player.roles
    person.password = password
    person.save()
    _with_address(person, player.email)


def _with_address(person: Person, email: str) -> None:
    EmailAddress.objects.get_or_create(user=person, email=email, defaults={"verified": True, "primary": True})
