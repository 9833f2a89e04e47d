# SPDX-License-Identifier: EUPL-1.2
"""Every role at every address with every method: nothing is reached that `matrix.toml` does not name."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from rekenschap.casework.roles import Role
from rekenschap_web.people import matrix

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
LINES = sorted(matrix.lines())
ENDING = ("account_logout", "signin:end_session", "account_reset_password_from_key")
"""Addresses that may end the session that asks."""


def _names(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            inside = f"{before}{each.namespace}:" if each.namespace else before
            yield from _names(each.url_patterns, inside)
        else:
            yield f"{before}{each.name or each.pattern}"


def _address(name: str) -> str:
    line = matrix.line_of(name)
    assert line is not None
    return reverse(name, kwargs=dict(line.example))


def _asked(client: Client, method: str, name: str) -> HttpResponse:
    client.raise_request_exception = False
    return client.generic(method, _address(name))


def test_every_address_stands_in_the_matrix_and_the_matrix_names_nothing_else() -> None:
    addresses = set(_names(get_resolver().url_patterns))
    assert addresses - set(LINES) == set(), "no line in matrix.toml: nobody can open these"
    assert set(LINES) - addresses == set(), "no such address"


@pytest.mark.parametrize("name", LINES)
def test_an_address_leads_to_its_own_page(name: str) -> None:
    """An address that another pattern takes first would be judged by the line of that other one."""
    assert resolve(_address(name)).view_name == name


@pytest.mark.parametrize("name", LINES)
def test_who_is_not_signed_in_gets_no_further_than_the_sign_in(name: str, client: Client, db: None) -> None:
    line = matrix.line_of(name)
    assert line is not None
    for method in METHODS:
        if line.has(method) and line.is_open(method):
            continue
        answer = _asked(client, method, name)
        if line.has(method):
            assert answer.status_code == 302, (method, name)
            assert answer["Location"].startswith("/inloggen/?next="), (method, name)
        else:
            assert answer.status_code == 405, (method, name)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_the_matrix_names_and_nothing_else(
    role: Role, client_as: Callable[[Role], Client], town_house: Path
) -> None:
    client = client_as(role)
    for name in LINES:
        line = matrix.line_of(name)
        assert line is not None
        for method in METHODS:
            answer = _asked(client, method, name)
            if name in ENDING:
                client = client_as(role)
            here = (role.value, method, name, answer.status_code)
            if not line.has(method):
                assert answer.status_code == 405, here
            elif line.is_open(method) or line.roles(method) & {role, Role.STAFF}:
                assert answer.headers.get("X-Refused-By", "") != f"matrix {name}", here
                assert answer.status_code < 500, here
            else:
                assert answer.status_code == 403, here
                assert answer["X-Refused-By"] == f"matrix {name}", here


def test_an_address_that_is_in_no_line_is_refused(
    client_as: Callable[[Role], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    without = {name: line for name, line in matrix.lines().items() if name != "signin:sessions"}
    monkeypatch.setattr(matrix, "lines", lambda: without)
    answer = client_as(Role.STAFF).get("/waar-ben-ik-ingelogd/")
    assert (answer.status_code, answer["X-Refused-By"]) == (403, "matrix")


def test_a_refusal_says_for_whom_the_page_is(client_as: Callable[[Role], Client]) -> None:
    answer = client_as(Role.STAFF).get("/mensen/")
    assert answer.status_code == 403
    assert "Deze pagina is voor: beheerder." in answer.content.decode()
