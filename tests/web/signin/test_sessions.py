# SPDX-License-Identifier: EUPL-1.2
"""Sessions end when they should, work in one browser only, and can be ended from elsewhere."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from rekenschap.casework.roles import Role
from rekenschap_web.acts.models import Act
from rekenschap_web.people.models import Person
from rekenschap_web.signin import actions
from rekenschap_web.signin.models import SignedIn
from rekenschap_web.signin.staying.sessions import GRACE, cookie_name

PAGE = "/waar-ben-ik-ingelogd/"


def _shift(**by: timedelta) -> None:
    """Let time go by for every session, by moving what was noted backwards."""
    for row in SignedIn.objects.all():
        for name, span in by.items():
            setattr(row, name, getattr(row, name) - span)
        row.save()


def _is_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


@pytest.fixture
def here(client_as: Callable[[Role], Client]) -> Client:
    client = client_as(Role.STAFF)
    assert _is_in(client)
    return client


def test_a_session_ends_after_half_an_hour_without_a_page(here: Client) -> None:
    _shift(seen_at=timedelta(minutes=29))
    assert _is_in(here)
    _shift(seen_at=timedelta(minutes=31))
    assert not _is_in(here)
    assert SignedIn.objects.get().ended_because == "idle"


def test_a_session_ends_after_eight_hours_however_busy(here: Client) -> None:
    _shift(began_at=timedelta(hours=7, minutes=59))
    assert _is_in(here)
    _shift(began_at=timedelta(minutes=2))
    assert not _is_in(here)
    assert SignedIn.objects.get().ended_because == "whole"


def test_a_cookie_in_another_browser_ends_the_session_and_is_a_fact(here: Client) -> None:
    answer = here.get(PAGE, headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    assert answer.status_code == 302
    assert not _is_in(here)
    act = Act.objects.filter(verb="session_ended").get()
    assert (act.because, act.object) == ("other_browser", f"person:{SignedIn.objects.get().person_id}")


def test_the_key_changes_and_the_one_before_works_for_a_minute_only(here: Client) -> None:
    before = here.cookies[cookie_name()].value
    _shift(key_at=settings.SESSION_KEY_CHANGES + timedelta(seconds=1))
    assert _is_in(here)
    after = here.cookies[cookie_name()].value
    assert after != before
    here.cookies[cookie_name()] = before
    assert _is_in(here), "a page asked for at the same time may still show the key of just before"
    _shift(key_at=GRACE + timedelta(seconds=1))
    here.cookies[cookie_name()] = before
    assert not _is_in(here)


def test_a_copied_cookie_is_found_out_and_ends_both(here: Client) -> None:
    """Somebody copies all cookies; the one who goes on with the older key ends the session for both."""
    thief = Client()
    thief.cookies = SimpleCookie({name: each.value for name, each in here.cookies.items()})
    _shift(key_at=settings.SESSION_KEY_CHANGES + timedelta(seconds=1))
    assert _is_in(here)
    _shift(key_at=GRACE + timedelta(seconds=1))
    assert not _is_in(thief)
    assert not _is_in(here)
    assert Act.objects.filter(verb="session_ended", because="old_key").count() == 1


def test_a_session_without_a_key_is_none(here: Client) -> None:
    del here.cookies[cookie_name()]
    assert not _is_in(here)


def test_the_key_is_out_of_reach_of_scripts_and_other_sites(here: Client) -> None:
    cookie = here.cookies[cookie_name()]
    assert (bool(cookie["httponly"]), cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


def test_no_key_stands_in_the_database(here: Client) -> None:
    row = SignedIn.objects.get()
    kept = {row.session_digest, row.key_digest, row.key_before, row.browser_digest}
    shown = {each.value for each in here.cookies.values()}
    assert not kept & shown


def test_the_page_shows_each_browser_and_ends_the_other(
    here: Client, client_as: Callable[[Role], Client]
) -> None:
    there = client_as(Role.STAFF)
    assert _is_in(there)
    page = here.get(PAGE).content.decode()
    assert "U bent op 2 plaatsen ingelogd." in page
    other = SignedIn.objects.order_by("-pk").first()
    assert other is not None
    here.post(f"{PAGE}{other.pk}/")
    assert not _is_in(there)
    assert _is_in(here)
    assert Act.objects.filter(verb="session_ended", because="by_person").count() == 1


def test_nobody_ends_the_session_of_another_but_the_operator(
    here: Client, client_as: Callable[[Role], Client]
) -> None:
    number = SignedIn.objects.get().pk
    refused = client_as(Role.FG).post(f"{PAGE}{number}/")
    assert refused.status_code == 403
    assert _is_in(here)
    client_as(Role.OPERATOR).post(f"{PAGE}{number}/")
    assert not _is_in(here)
    assert Act.objects.filter(because="by_operator").count() == 1


def test_locking_an_account_ends_its_sessions_at_once_and_is_a_fact(
    here: Client, people: Mapping[Role, Person]
) -> None:
    actions.lock(people[Role.STAFF], by=people[Role.OPERATOR], because="laptop kwijt")
    assert not _is_in(here)
    act = Act.objects.filter(verb="locked").get()
    assert (act.object, act.because) == (f"person:{people[Role.STAFF].pk}", "laptop kwijt")


def test_signing_out_ends_the_session(here: Client) -> None:
    here.post("/uitloggen/")
    assert not _is_in(here)
    assert SignedIn.objects.get().ended_because == "signed_out"


def test_a_session_that_was_cleared_from_the_table_is_over(here: Client) -> None:
    SignedIn.objects.update(ended_at=timezone.now(), ended_because="by_operator")
    assert not _is_in(here)
