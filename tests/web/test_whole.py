# SPDX-License-Identifier: EUPL-1.2
"""What changes something is one transaction; a page that is read holds nobody up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_GET

from rekenschap.casework.roles import Role
from rekenschap_web import urls_desk
from rekenschap_web.people.models import Person
from rekenschap_web.whole import whole
from tests.web.real_house import founded, run

_UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def _inside(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(connection.in_atomic_block))


_inside.__module__ = "rekenschap_web.somewhere"


def _of_others(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(connection.in_atomic_block))


_of_others.__module__ = "allauth.somewhere"


def _answer(view: object, method: str) -> str:
    address = path("x/", view)
    whole([address])
    return address.callback(RequestFactory().generic(method, "/x/")).content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", _UNSAFE)
def test_what_changes_something_is_one_transaction(method: str) -> None:
    assert _answer(_inside, method) == "True"


@pytest.mark.django_db(transaction=True)
def test_a_page_that_is_read_is_none() -> None:
    assert _answer(_inside, "GET") == "False"


@pytest.mark.django_db(transaction=True)
def test_a_page_of_others_is_one_however_it_is_asked_for() -> None:
    assert _answer(_of_others, "GET") == "True"


@pytest.mark.django_db(transaction=True)
def test_what_breaks_off_leaves_nothing(people: Mapping[Role, Person]) -> None:
    one = people[Role.FG]

    def breaks_off(request: HttpRequest) -> HttpResponse:
        Person.objects.filter(pk=one.pk).update(name="Anders")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        _answer(breaks_off, "POST")
    one.refresh_from_db()
    assert one.name != "Anders"


@pytest.mark.django_db(transaction=True)
def test_what_a_view_says_of_itself_stays() -> None:
    address = path("x/", require_GET(_inside))
    whole([address])
    assert address.callback(RequestFactory().post("/x/")).status_code == 405


def test_every_address_of_the_desk_is_made_whole() -> None:
    bare = [
        str(each.pattern) for each in _addresses(urls_desk.urlpatterns)
        if not each.callback.__code__.co_filename.endswith("whole.py")
        and not getattr(each.callback, "_non_atomic_requests", ())
    ]  # fmt: skip
    assert bare == []


def _addresses(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _addresses(each.url_patterns)
        else:
            yield each


_READS_BESIDE_A_WRITER = """
import django, sqlite3
django.setup()
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from rekenschap_web import acts
from rekenschap_web.people.models import Person
from rekenschap_web.tryout.cast import CAST
settings.ALLOWED_HOSTS = ["*"]
player = next(each for each in CAST if "integrity_officer" in each.roles)
one = Person(sub="reader", name="Reader", email="reader@veldhaven.example", team=player.team)
one.roles = player.roles
one.set_unusable_password()
acts.recorded(one, by=one, verb="came_in")
client = Client()
client.force_login(one, backend="allauth.account.auth_backends.AuthenticationBackend")
page = reverse("investigations:list")
print(client.get(page).status_code)
connection.cursor().execute("PRAGMA busy_timeout = 200")
other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
other.execute("BEGIN IMMEDIATE")
print(client.get(page).status_code)
"""


@pytest.mark.slow
def test_a_page_is_read_while_somebody_else_writes(tmp_path: Path) -> None:
    assert run(founded(tmp_path / "house"), "-c", _READS_BESIDE_A_WRITER).split() == ["200", "200"]
