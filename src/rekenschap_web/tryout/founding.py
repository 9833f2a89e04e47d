# SPDX-License-Identifier: EUPL-1.2
"""Fills the database of the try-out provider: its people, and the desk, for which it signs them in."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client
from django.contrib.auth.hashers import make_password

from rekenschap_web.people.models import Person
from rekenschap_web.tryout.cast import CAST, Player

CLIENT = "rekenschap-desk"


def found(*, word: str, secret: str, desk: str) -> None:
    """Make or renew the people, all with one password, and the desk at its address of this time."""
    password = make_password(word)
    for player in CAST:
        _person(player, password)
    client = Client.objects.filter(pk=CLIENT).first() or Client(id=CLIENT)
    client.name, client.skip_consent = "Rekenschap", True
    client.set_secret(secret)
    client.set_scopes(["openid", "profile", "email"])
    client.set_redirect_uris([f"{desk}/inloggen/organisatie/terug/"])
    client.save()


def _person(player: Player, password: str) -> None:
    person = Person.objects.filter(sub=player.word).first() or Person(sub=player.word)
    person.name, person.email, person.team = player.name, player.email, player.team
    person.staff_id, person.roles = player.staff_id, player.roles
    person.password = password
    person.save()
    EmailAddress.objects.get_or_create(
        user=person, email=player.email, defaults={"verified": True, "primary": True}
    )
