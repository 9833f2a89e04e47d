# SPDX-License-Identifier: EUPL-1.2
"""What holds for every page: who may come in, what a browser may do, what a refusal says."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from rekenschap.casework.roles import Role

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def _directives(text: str) -> set[str]:
    return {each.strip() for each in text.split(";")}


def test_a_page_carries_the_policy_to_the_letter(client_as: Callable[[Role], Client]) -> None:
    answer = client_as(Role.STAFF).get("/waar-ben-ik-ingelogd/")
    assert answer.status_code == 200
    assert _directives(answer["Content-Security-Policy"]) == _directives(POLICY)


def test_no_page_is_kept_by_a_browser(client_as: Callable[[Role], Client]) -> None:
    answer = client_as(Role.STAFF).get("/waar-ben-ik-ingelogd/")
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(client: Client, db: None) -> None:
    answer = client.get("/waar-ben-ik-ingelogd/")
    assert (answer.status_code, answer["Location"]) == (302, "/inloggen/?next=/waar-ben-ik-ingelogd/")


def test_an_address_with_nothing_says_so_in_dutch(client_as: Callable[[Role], Client]) -> None:
    answer = client_as(Role.STAFF).get("/bestaat-niet/")
    assert answer.status_code == 404
    assert "Op dit adres staat niets." in answer.content.decode()


def test_what_is_larger_than_any_form_is_turned_away_before_it_is_read(
    client_as: Callable[[Role], Client], settings: Settings
) -> None:
    settings.MOST_SENT = 1024 * 1024
    sent = SimpleUploadedFile("groot.csv", b"x" * settings.MOST_SENT)
    answer = client_as(Role.INTEGRITY_OFFICER).post("/bron-van-een-lek/", {"file": sent})
    assert answer.status_code == 413
    assert "hoogstens 1 MB" in answer.content.decode()


def test_a_length_that_is_no_number_is_turned_away(client_as: Callable[[Role], Client]) -> None:
    answer = client_as(Role.STAFF).get("/waar-ben-ik-ingelogd/", CONTENT_LENGTH="veel")
    assert answer.status_code == 413


def test_a_form_with_thousands_of_fields_gets_a_page_and_not_a_fault(
    client_as: Callable[[Role], Client],
) -> None:
    fields = {f"veld{number}": "x" for number in range(3000)}
    answer = client_as(Role.INTEGRITY_OFFICER).post("/bron-van-een-lek/", fields)
    assert answer.status_code == 400
    assert "Er is niets bewaard" in answer.content.decode()
