# SPDX-License-Identifier: EUPL-1.2
"""A live desk and Debian's Chromium; the tests are skipped plainly where there is no browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

import pytest

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the test

from django.test import Client
from django.utils import timezone

from rekenschap.audit.desk.people import reading
from rekenschap.casework.roles import Role
from rekenschap_web.acts.bringing.delivering import deliver
from rekenschap_web.acts.system import system_person
from rekenschap_web.evidence import house
from rekenschap_web.evidence.desk import checkpoint
from rekenschap_web.evidence.reading.shaping import finding_view
from rekenschap_web.findings.actions import take_over
from rekenschap_web.findings.models import FindingRecord
from rekenschap_web.people.models import Person
from rekenschap_web.signin.models import SignedIn
from rekenschap_web.signin.staying.sessions import digest_of
from tests.browsers import CHROMIUM, WATCH
from tests.web.browser import WIDE, Desk, Town


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers are slow, and not everywhere."""
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.slow)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="needs a browser (Debian package chromium)"))


@pytest.fixture
def town(live_server: object, town_house: object, people: Mapping[Role, Person]) -> Town:
    """The town as the worker leaves it on its first morning."""
    house.forget()
    found = [finding_view(each) for each in house.derived().findings]
    take_over(by=system_person(), findings=found, checkpoint=checkpoint(), now=timezone.now())
    numbers = tuple(FindingRecord.objects.order_by("pk").values_list("number", flat=True))
    return Town(url=str(live_server), people=people, numbers=numbers)


@pytest.fixture
def evening(town: Town) -> Callable[[], list[dict[str, object]]]:
    """Let the worker bring what was done to the ledger; gives all acts as the ledger holds them."""

    def brought() -> list[dict[str, object]]:
        deliver(house.house())
        return reading(house.house()).facts("act").table.to_pylist()

    return brought


@pytest.fixture
def desk_as(chromium: object, town: Town) -> Iterator[Callable[..., Desk]]:
    """Give a browser in which the person of a role is signed in."""
    contexts = []

    def signed_in(
        role: Role | None, *, javascript: bool = True, width: int = WIDE, language: str = "nl"
    ) -> Desk:
        context = chromium.new_context(  # type: ignore[attr-defined]
            java_script_enabled=javascript, viewport={"width": width, "height": 900}, locale=language
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        person = town.people[role] if role is not None else None
        if person is not None:
            context.add_cookies([_cookie(town, person, page.evaluate("navigator.userAgent"))])
        context.add_init_script(WATCH)
        return Desk(page, town.url, person)

    yield signed_in
    for context in contexts:
        context.close()


def _cookie(town: Town, person: Person, agent: str) -> dict[str, str]:
    """Sign somebody in and bind the session to this browser, as signing in with it would."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    row = SignedIn.objects.filter(person=person).order_by("-pk").first()
    assert row is not None
    SignedIn.objects.filter(pk=row.pk).update(browser_digest=digest_of(agent))
    from django.conf import settings

    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": town.url}
