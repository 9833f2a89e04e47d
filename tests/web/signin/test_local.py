# SPDX-License-Identifier: EUPL-1.2
"""Accounts of our own: a link to choose a password, a second factor that cannot be skipped, and limits."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings

from rekenschap.casework.roles import Role
from rekenschap_web.acts.models import Act
from rekenschap_web.people.models import Person
from rekenschap_web.signin.accounts import local
from rekenschap_web.signin.models import SignedIn
from tests.web.signin.passkey import Passkey

pytestmark = pytest.mark.django_db

HOST = "desk.veldhaven.example"
EMAIL, WORDS = "anna@veldhaven.example", "drie blauwe fietsen in de regen"
PAGE = "/waar-ben-ik-ingelogd/"


@pytest.fixture(autouse=True)
def a_desk_of_its_own() -> Iterator[None]:
    config = replace(settings.DESK, public_url=f"https://{HOST}", local_accounts=True, oidc=None)
    with override_settings(DESK=config, ALLOWED_HOSTS=[HOST]):
        yield


@pytest.fixture
def browser() -> Client:
    return Client(SERVER_NAME=HOST)


def added(*roles: Role) -> Person:
    return local.add(email=EMAIL, name="Anna Visser", roles=frozenset({Role.STAFF, *roles}))


def choose_password(browser: Client, person: Person, words: str = WORDS) -> str:
    """Follow the link and choose; gives the page that follows."""
    form = browser.get(local.link_for(person), follow=True)
    address = form.redirect_chain[-1][0] if form.redirect_chain else form.request["PATH_INFO"]
    answer = browser.post(address, {"password1": words, "password2": words}, follow=True)
    return answer.content.decode()


def sign_in(browser: Client, words: str = WORDS) -> int:
    return browser.post("/inloggen/", {"login": EMAIL, "password": words}).status_code


def is_in(browser: Client) -> bool:
    return browser.get(PAGE).status_code == 200


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def confirm(browser: Client, words: str = WORDS) -> None:
    """Say once more who you are, which every change of a way in asks."""
    browser.post("/opnieuw-inloggen/", {"password": words})


def set_up_app(browser: Client) -> str:
    """Set up an app with codes; gives its secret."""
    confirm(browser)
    page = browser.get("/tweede-stap/app/").content.decode()
    found = re.search(r"<code>([A-Z2-7]+=*)</code>", page)
    assert found, page
    assert browser.post("/tweede-stap/app/", {"code": code_of(found[1])}).status_code == 302
    return found[1]


def test_an_account_is_a_fact_and_has_no_password_until_its_person_chooses_one(browser: Client) -> None:
    person = added(Role.INTEGRITY_OFFICER)
    assert Act.objects.filter(verb="made_account", object=person.act_object).count() == 1
    assert not person.has_usable_password()
    assert "Ja, uw wachtwoord is opgeslagen." in choose_password(browser, person)
    person.refresh_from_db()
    assert person.check_password(WORDS)


def test_a_link_works_once(browser: Client) -> None:
    person = added()
    link = local.link_for(person)
    choose_password(browser, person)
    assert "gebruikt of verlopen" in Client(SERVER_NAME=HOST).get(link, follow=True).content.decode()


def test_a_link_is_of_no_use_after_three_days(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    link = local.link_for(added())
    with override_settings(PASSWORD_RESET_TIMEOUT=-1):
        assert "gebruikt of verlopen" in browser.get(link, follow=True).content.decode()


@pytest.mark.parametrize("words", ["kort", "anna@veldhaven.example", "password1234", "VeldhavenRekenschap1"])
def test_a_weak_password_is_refused(browser: Client, words: str) -> None:
    person = added()
    page = choose_password(browser, person, words)
    person.refresh_from_db()
    assert not person.has_usable_password()
    assert "opgeslagen" not in page


def test_a_desk_role_gets_nowhere_without_a_second_factor(browser: Client) -> None:
    choose_password(browser, added(Role.FG))
    sign_in(browser)
    for page in ("/", "/werklijst/", "/verantwoording/", "/mijn-raadplegingen/"):
        answer = browser.get(page)
        assert answer.status_code in (302, 403, 404), page
        assert answer.get("Location", "/tweede-stap/") == "/tweede-stap/", page
    assert "nog geen tweede stap" in browser.get("/tweede-stap/").content.decode()


def test_a_member_of_staff_may_do_without(browser: Client) -> None:
    choose_password(browser, added())
    sign_in(browser)
    assert browser.get("/").headers["Location"] != "/tweede-stap/"


def test_a_password_and_a_code_bring_somebody_in(browser: Client) -> None:
    choose_password(browser, added(Role.FG))
    sign_in(browser)
    secret = set_up_app(browser)
    assert browser.get("/").headers["Location"] != "/tweede-stap/"
    browser.post("/uitloggen/")
    sign_in(browser)
    assert not is_in(browser), "a password alone is half a sign-in"
    cache.clear()  # the same code within its half minute counts as used
    browser.post("/inloggen/tweede-stap/", {"code": "000000"})
    assert not is_in(browser)
    cache.clear()
    browser.post("/inloggen/tweede-stap/", {"code": code_of(secret)})
    assert is_in(browser)


def test_a_code_works_once(browser: Client) -> None:
    choose_password(browser, added(Role.FG))
    sign_in(browser)
    secret = set_up_app(browser)
    browser.post("/uitloggen/")
    sign_in(browser)
    code = code_of(secret)
    browser.post("/inloggen/tweede-stap/", {"code": code})
    assert is_in(browser)
    browser.post("/uitloggen/")
    sign_in(browser)
    browser.post("/inloggen/tweede-stap/", {"code": code})
    assert not is_in(browser), "whoever read the code along has nothing on it"


def test_the_secret_of_an_app_is_not_readable_in_the_database(browser: Client) -> None:
    choose_password(browser, added(Role.FG))
    sign_in(browser)
    secret = set_up_app(browser)
    kept = json.dumps([each.data for each in Authenticator.objects.all()])
    assert secret not in kept


def test_a_passkey_is_added_and_brings_somebody_in_without_a_password(browser: Client) -> None:
    choose_password(browser, added(Role.FG))
    sign_in(browser)
    key = Passkey(origin=f"https://{HOST}", host=HOST)
    confirm(browser)
    page = browser.get("/tweede-stap/sleutels/nieuw/").content.decode()
    options = json.loads(re.search(r'<script id="js_data"[^>]*>(.*?)</script>', page)[1])["creation_options"]
    added_key = {"name": "mijn telefoon", "passwordless": "on", "credential": key.made(options)}
    assert browser.post("/tweede-stap/sleutels/nieuw/", added_key).status_code == 302
    assert "mijn telefoon" in browser.get("/tweede-stap/sleutels/").content.decode()
    browser.post("/uitloggen/")
    asked = browser.get("/inloggen/met-sleutel/", headers={"x-requested-with": "XMLHttpRequest"}).json()
    browser.post("/inloggen/met-sleutel/", {"credential": key.shown(asked["request_options"])})
    assert is_in(browser)
    assert SignedIn.objects.filter(ended_at=None).count() == 1


def test_a_passkey_of_another_site_does_not_come_in(browser: Client) -> None:
    choose_password(browser, added(Role.FG))
    sign_in(browser)
    key = Passkey(origin="https://desk.veldhaven.example.evil.example", host=HOST)
    confirm(browser)
    page = browser.get("/tweede-stap/sleutels/nieuw/").content.decode()
    options = json.loads(re.search(r'<script id="js_data"[^>]*>(.*?)</script>', page)[1])["creation_options"]
    browser.post("/tweede-stap/sleutels/nieuw/", {"name": "x", "credential": key.made(options)})
    assert not Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists()


def test_guessing_is_stopped_at_the_fifth_try_and_is_a_fact(browser: Client) -> None:
    person = added(Role.FG)
    choose_password(browser, person)
    for number in range(5):
        sign_in(browser, f"geraden {number}")
    browser.post("/inloggen/", {"login": EMAIL, "password": WORDS})
    assert not is_in(browser), "the right password comes too late"
    assert Act.objects.filter(verb="sign_in_stopped", object=person.act_object).count() == 1


def test_who_asks_too_often_from_one_place_must_wait(browser: Client) -> None:
    answers = [
        browser.post("/inloggen/", {"login": f"x{n}@veldhaven.example", "password": "x"}).status_code
        for n in range(40)
    ]
    assert 429 in answers


def test_a_wrong_password_and_a_stranger_look_the_same(browser: Client) -> None:
    choose_password(browser, added())
    known = browser.post("/inloggen/", {"login": EMAIL, "password": "verkeerd"}).content.decode()
    strange = browser.post("/inloggen/", {"login": "niemand@veldhaven.example", "password": "verkeerd"})
    wrong = r'role="alert".*?</div>'
    one, other = re.search(wrong, known, re.DOTALL), re.search(wrong, strange.content.decode(), re.DOTALL)
    assert one and other and one[0] == other[0]


def test_no_password_is_tried_where_the_organisation_signs_people_in(browser: Client) -> None:
    choose_password(browser, added())
    with override_settings(DESK=replace(settings.DESK, local_accounts=False)):
        sign_in(browser)
        assert not is_in(browser)


@pytest.mark.parametrize("page", ["app/", "sleutels/nieuw/"])
def test_changing_a_way_in_asks_who_you_are_again(browser: Client, page: str) -> None:
    choose_password(browser, added())
    sign_in(browser)
    assert browser.get(f"/tweede-stap/{page}")["Location"].startswith("/opnieuw-inloggen/")
    confirm(browser, "verkeerd")
    assert browser.get(f"/tweede-stap/{page}").status_code == 302
    confirm(browser)
    assert browser.get(f"/tweede-stap/{page}").status_code == 200


def test_a_form_from_another_site_is_refused_with_a_page(browser: Client) -> None:
    strict = Client(enforce_csrf_checks=True, SERVER_NAME=HOST)
    answer = strict.post("/inloggen/", {"login": EMAIL, "password": WORDS})
    assert answer.status_code == 403
    assert "Dit formulier hoort niet bij deze browser" in answer.content.decode()


def test_a_new_password_ends_every_other_session(browser: Client) -> None:
    choose_password(browser, added())
    other = Client(SERVER_NAME=HOST)
    sign_in(browser)
    sign_in(other)
    assert is_in(other)
    fresh = "vier groene boten op het meer"
    browser.post("/wachtwoord/", {"oldpassword": WORDS, "password1": fresh, "password2": fresh})
    assert is_in(browser)
    assert not is_in(other)


def test_signing_out_tells_the_browser_to_forget(browser: Client) -> None:
    choose_password(browser, added())
    sign_in(browser)
    assert "storage" in browser.post("/uitloggen/")["Clear-Site-Data"]


def test_there_is_no_way_to_make_an_account_oneself(browser: Client) -> None:
    for path in ("/accounts/signup/", "/inloggen/nieuw/", "/signup/", "/aanmelden/"):
        assert browser.get(path).status_code in (404, 302)
    from django.urls import NoReverseMatch, reverse

    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
