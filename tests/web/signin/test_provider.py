# SPDX-License-Identifier: EUPL-1.2
"""Signing in by OpenID Connect, against a provider that really runs: what it says is what somebody may do."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings

from rekenschap.casework.roles import Role
from rekenschap.config import Secret
from rekenschap_web import acts
from rekenschap_web.acts.models import Act
from rekenschap_web.people.models import Person
from rekenschap_web.settings.configured import with_tryout
from rekenschap_web.settings.placed import providers_of
from rekenschap_web.signin import actions
from rekenschap_web.signin.models import SignedIn
from rekenschap_web.tryout.cast import CAST, Player, player_of
from tests.web.signin.provider import Browser, Provider, tryout_provider

pytestmark = pytest.mark.django_db

DESK = "http://testserver"
BACK = f"{DESK}/inloggen/organisatie/terug/"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with tryout_provider(tmp_path_factory.mktemp("house"), desk=DESK) as running:
        yield running


@pytest.fixture(autouse=True)
def desk_with(provider: Provider) -> Iterator[None]:
    config = with_tryout(
        replace(settings.DESK, oidc=None),
        desk=DESK,
        issuer=provider.address,
        secret=Secret(reference=f"file:{provider.secret}"),
    )
    with override_settings(DESK=config, SOCIALACCOUNT_PROVIDERS=providers_of(config)):
        yield


def sign_in(client: Client, provider: Provider, player: Player, *, word: str = "") -> str:
    """Go from the desk to the provider, sign in there, and give the address the browser is sent back to."""
    onward = client.get("/inloggen/organisatie/")
    assert onward.status_code == 302, onward.content.decode()
    browser = Browser()
    page = browser.get(onward["Location"])
    answer = browser.send(page, login=player.email, password=word or provider.word, until=BACK)
    return answer.headers.get("Location", "")


def test_the_sign_in_page_leads_to_the_provider_and_back_to_where_somebody_was(provider: Provider) -> None:
    page = Client().get("/inloggen/?next=/werklijst/").content.decode()
    assert 'href="/inloggen/organisatie/?next=/werklijst/"' in page
    assert 'type="password"' in page, "this desk has accounts of its own too"


@pytest.mark.parametrize("player", CAST, ids=lambda player: player.role.value)
def test_everybody_of_the_town_comes_in_as_what_they_are(provider: Provider, player: Player) -> None:
    client = Client()
    answer = client.get(sign_in(client, provider, player))
    assert answer.status_code == 302
    assert client.get("/waar-ben-ik-ingelogd/").status_code == 200
    person = Person.objects.get(sub=player.word)
    assert (person.name, person.email, person.team) == (player.name, player.email, player.team)
    assert (person.roles, person.staff_id) == (player.roles, player.staff_id)
    assert Act.objects.filter(verb="came_in", object=person.act_object).count() == 1


def test_the_provider_is_asked_with_proof_that_the_answer_is_ours(provider: Provider) -> None:
    asked = parse_qs(urlsplit(Client().get("/inloggen/organisatie/")["Location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [BACK]
    assert len(asked["state"][0]) >= 16


def test_a_wrong_password_lets_nobody_in(provider: Provider) -> None:
    client = Client()
    assert sign_in(client, provider, player_of(Role.FG), word="verkeerd") == ""
    assert client.get("/waar-ben-ik-ingelogd/").status_code == 302


def test_an_answer_that_another_browser_asked_for_is_refused(provider: Provider) -> None:
    """Somebody sends you the end of their own sign-in: you must not come in as them (RFC 6749, 10.12)."""
    theirs = sign_in(Client(), provider, player_of(Role.INTEGRITY_OFFICER))
    mine = Client()
    mine.get(theirs)
    assert mine.get("/waar-ben-ik-ingelogd/").status_code == 302
    assert not Person.objects.filter(sub="integriteit").exists()


def test_an_answer_works_once(provider: Provider) -> None:
    client = Client()
    back = sign_in(client, provider, player_of(Role.FG))
    client.get(back)
    client.post("/uitloggen/")
    client.get(back)
    assert client.get("/waar-ben-ik-ingelogd/").status_code == 302


def test_a_role_that_was_taken_away_is_gone_at_the_next_sign_in(provider: Provider) -> None:
    client, player = Client(), player_of(Role.CISO)
    with transaction.atomic():
        person = Person(sub=player.word, name="Oude naam", email="oud@veldhaven.example", staff_id="mw-9")
        person.roles = frozenset({Role.INTEGRITY_OFFICER})
        acts.recorded(person, by=person, verb="came_in")
    client.get(sign_in(client, provider, player))
    person.refresh_from_db()
    assert (person.roles, person.staff_id, person.name) == (player.roles, player.staff_id, player.name)
    assert Act.objects.filter(verb="changed_roles", object=person.act_object).count() == 1


def test_a_locked_account_does_not_come_in_although_the_provider_says_so(provider: Provider) -> None:
    client, player = Client(), player_of(Role.FG)
    client.get(sign_in(client, provider, player))
    client.post("/uitloggen/")
    with transaction.atomic():
        actions.lock(Person.objects.get(sub="fg"), by=_operator(), because="laptop kwijt")
    answer = client.get(sign_in(client, provider, player), follow=True)
    assert answer.status_code == 403
    assert "geblokkeerd" in answer.content.decode()
    assert client.get("/waar-ben-ik-ingelogd/").status_code == 302


def test_two_people_with_one_mail_address_are_not_one_person(provider: Provider) -> None:
    player = player_of(Role.FG)
    with transaction.atomic():
        other = Person(sub="local:somebody", name="Iemand anders", email=player.email)
        acts.recorded(other, by=other, verb="came_in")
    client = Client()
    answer = client.get(sign_in(client, provider, player))
    assert answer.status_code == 403
    assert client.get("/waar-ben-ik-ingelogd/").status_code == 302


def test_coming_in_makes_a_session_of_its_own(provider: Provider) -> None:
    """The session from before signing in is not the one after it (session fixation)."""
    client = Client()
    back = sign_in(client, provider, player_of(Role.FG))
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.get(back)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie.value != before
    assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")
    assert SignedIn.objects.filter(ended_at=None).count() == 1


def test_no_token_and_no_claim_of_the_provider_is_kept(provider: Provider) -> None:
    from allauth.socialaccount.models import SocialAccount, SocialToken

    client = Client()
    client.get(sign_in(client, provider, player_of(Role.FG)))
    client.post("/uitloggen/")
    client.get(sign_in(client, provider, player_of(Role.FG)))
    assert not SocialToken.objects.exists()
    assert [each.extra_data for each in SocialAccount.objects.all()] == [{}]


def test_the_provider_keeps_its_password_and_its_keys_for_the_owner_alone(provider: Provider) -> None:
    room = provider.secret.parent
    for name in ("tryout-password", "tryout-key.pem", "tryout-client-secret", "tryout-secret-key"):
        assert (room / name).stat().st_mode & 0o077 == 0, name
    with sqlite3.connect(room / "tryout.sqlite") as database:
        kept = {row[0] for row in database.execute("select password from people_person")}
    assert kept and all(each.startswith("scrypt$") for each in kept)


def _operator() -> Person:
    with transaction.atomic():
        one = Person(sub="beheer", name="Daan Visser", email="beheer@veldhaven.example")
        one.roles = frozenset({Role.OPERATOR})
        return acts.recorded(one, by=one, verb="came_in")
