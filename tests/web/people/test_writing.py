# SPDX-License-Identifier: EUPL-1.2
"""Whatever people write at the desk is kept, so no field of it takes a citizen service number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from rekenschap.casework.roles import Role
from rekenschap.model.bsn import bsns_in
from rekenschap_web.people.writing import WrittenField, holds_bsn, is_own_number
from rekenschap_web.settings.shared import INSTALLED_APPS

NOT_KEPT = {"LeakForm.listed": "is searched for, and not kept"}
FULL_WIDTH = "９９９９９００１９"


def _written() -> Iterator[tuple[str, forms.Field]]:
    """Every field of the desk in which somebody can write a line."""
    for room in (each for each in INSTALLED_APPS if each.startswith("rekenschap_web.")):
        if find_spec(f"{room}.forms") is None:
            continue
        for each in vars(import_module(f"{room}.forms")).values():
            if isinstance(each, type) and issubclass(each, forms.Form) and each.__module__.startswith(room):
                for name, field in each.base_fields.items():
                    if type(field) is forms.CharField or isinstance(field, WrittenField):
                        yield f"{each.__name__}.{name}", field


def test_every_field_for_words_is_one_that_refuses_a_bsn() -> None:
    found = dict(_written())
    assert len(found) > 15
    loose = {name for name, field in found.items() if not isinstance(field, WrittenField)}
    assert loose == set(NOT_KEPT)


@pytest.mark.parametrize("number", ["999990019", FULL_WIDTH, "9999.90.019", "999   990   019", "999_990_019"])
def test_a_field_for_words_refuses_a_bsn_however_it_is_written(number: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        WrittenField().clean(f"Het gaat over {number}, zei de balie.")
    assert "burgerservicenummer" in refused.value.messages[0]


def test_a_page_that_is_given_a_bsn_asks_to_leave_it_out(client_as: Callable[[Role], Client]) -> None:
    address = reverse("evidence:why")
    answer = client_as(Role.INTEGRITY_OFFICER).post(
        address, {"om": "investigation", "terug": "/", "words": f"Het gaat om {FULL_WIDTH}, zei de balie."}
    )
    assert answer.status_code == 422
    assert "Laat het burgerservicenummer weg" in answer.content.decode()


def test_a_number_of_the_desk_is_never_taken_for_a_bsn() -> None:
    numbers = [f"2026-{each:04}" for each in range(1, 200)] + [f"2026-0302-{each}" for each in range(1, 200)]
    assert any(bsns_in(number) for number in numbers)
    for number in numbers:
        assert WrittenField().clean(f"Hoort bij {number}.")
        assert is_own_number(number)


def test_a_bsn_in_the_groups_of_a_number_of_the_desk_is_still_one() -> None:
    assert holds_bsn("9999-9001-9") and not is_own_number("9999-9001-9")


def test_an_investigation_is_named_by_a_number_of_the_desk_or_not_at_all(
    client_as: Callable[[Role], Client],
) -> None:
    client = client_as(Role.INTEGRITY_OFFICER)
    asked = {"om": "investigation", "terug": "/", "words": "Nodig voor het onderzoek."}
    assert client.post(reverse("evidence:why"), {**asked, "onderzoek": "999990019"}).status_code == 403
    client.post(reverse("evidence:why"), {**asked, "onderzoek": "2026-0001"})
    assert [each["investigation"] for each in client.session["warrants"]] == ["2026-0001"]
