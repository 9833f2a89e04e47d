# SPDX-License-Identifier: EUPL-1.2
"""A refusal is a fact, whoever refuses; the claims of a provider are compared before they are believed."""

from collections.abc import Callable, Mapping

import pytest
from django.test import Client

from rekenschap.casework.roles import Role
from rekenschap.config import Secret
from rekenschap_web.acts.models import Act
from rekenschap_web.people.models import Person
from rekenschap_web.settings.configured import Oidc
from rekenschap_web.signin.provider.claims import fault_in

OURS = Oidc(issuer="https://in.veldhaven.example", client_id="desk", client_secret=Secret(reference="env:X"))
TOKEN = {"iss": "https://in.veldhaven.example/", "aud": "desk", "sub": "a"}


def test_who_opens_a_page_of_another_role_is_refused_and_that_is_a_fact(
    client_as: Callable[[Role], Client], people: Mapping[Role, Person]
) -> None:
    assert client_as(Role.STAFF).get("/mensen/").status_code == 403
    act = Act.objects.get(verb="turned_away")
    assert (act.person, act.object, act.because) == (
        people[Role.STAFF], "page:signin:people", "matrix signin:people",
    )  # fmt: skip


def test_the_same_refusal_within_a_minute_is_one_fact(client_as: Callable[[Role], Client]) -> None:
    client = client_as(Role.STAFF)
    for _ in range(3):
        client.get("/mensen/")
    assert Act.objects.filter(verb="turned_away").count() == 1


def test_who_is_not_signed_in_leaves_no_fact(client: Client, db: None) -> None:
    client.get("/mensen/")
    assert not Act.objects.exists()


def test_claims_of_our_own_provider_for_us_about_one_person_are_believed() -> None:
    assert fault_in({"id_token": TOKEN, "userinfo": {"sub": "a"}}, OURS) == ""
    assert fault_in({"id_token": {**TOKEN, "aud": ["other", "desk"]}}, OURS) == ""


@pytest.mark.parametrize(
    ("token", "userinfo", "fault"),
    [
        ({**TOKEN, "iss": "https://in.veldhaven.example.evil.example"}, {"sub": "a"}, "issuer"),
        ({**TOKEN, "aud": "another program"}, {"sub": "a"}, "audience"),
        ({**TOKEN, "aud": None}, {"sub": "a"}, "audience"),
        (TOKEN, {"sub": "b"}, "subject"),
        ({**TOKEN, "sub": ""}, {"sub": ""}, "subject"),
        ({}, {"sub": "a"}, "issuer"),
    ],
)
def test_claims_that_do_not_fit_are_not(
    token: dict[str, object], userinfo: dict[str, object], fault: str
) -> None:
    assert fault_in({"id_token": token, "userinfo": userinfo}, OURS) == fault
