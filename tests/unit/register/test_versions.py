# SPDX-License-Identifier: EUPL-1.2
"""Which version of an activity held when, and whether a look had a basis."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.register import Basis, Register, Version, changes, lacking

START = datetime(2026, 1, 1, tzinfo=UTC)
ONE = Version(
    key="VA-01", edition=1, name="Bijstand", purpose="bijstand verlenen", legal_basis="e",
    law="Participatiewet art. 11", valid_from=START,
)  # fmt: skip


def later(days: int, edition: int = 1, law: str = ONE.law, valid_until: datetime | None = None) -> Version:
    since = START + timedelta(days=days)
    return replace(ONE, valid_from=since, edition=edition, law=law, valid_until=valid_until)


def at(days: int) -> datetime:
    return START + timedelta(days=days)


REGISTER = Register.of(
    [later(100, edition=2, law="Participatiewet art. 12"), ONE, later(200, edition=3, valid_until=at(300))]
)


@pytest.mark.parametrize(
    ("days", "edition"), [(-1, None), (0, 1), (99, 1), (100, 2), (199, 2), (200, 3), (299, 3), (300, None)]
)
def test_what_held_at_a_moment_is_the_version_of_that_moment(days: int, edition: int | None) -> None:
    found = REGISTER.as_of("VA-01", at(days))
    assert (found.edition if found else None) == edition


def test_a_later_version_does_not_change_what_held_before_it() -> None:
    before = REGISTER.as_of("VA-01", at(50))
    more = Register.of([*REGISTER.versions, later(400, edition=4, law="andere wet")])
    assert more.as_of("VA-01", at(50)) == before


def test_of_two_that_begin_together_the_later_number_counts() -> None:
    again = Register.of([replace(ONE, edition=2, law="verbeterd"), ONE])
    held = again.as_of("VA-01", at(1))
    assert held is not None
    assert held.law == "verbeterd"


@pytest.mark.parametrize(
    ("key", "days", "basis"),
    [
        ("", 5, Basis.NONE),
        ("VA-99", 5, Basis.UNKNOWN),
        ("VA-01", -5, Basis.NOT_THEN),
        ("VA-01", 300, Basis.NOT_THEN),
        ("VA-01", 5, Basis.KNOWN),
    ],
)
def test_a_look_stands_to_the_register_in_one_of_five_ways(key: str, days: int, basis: Basis) -> None:
    assert REGISTER.basis(key, at(days)) is basis


def test_a_basis_that_was_written_down_after_the_look_is_called_so() -> None:
    known = Register.of([replace(ONE, recorded_at=at(10))])
    assert known.basis("VA-01", at(8)) is Basis.AFTERWARDS
    assert known.basis("VA-01", at(9)) is Basis.KNOWN
    assert known.basis("VA-01", at(8), known_at=at(9)) is Basis.KNOWN


def test_what_changed_is_named_and_when_it_holds_is_no_change() -> None:
    (change,) = changes(ONE, later(9, edition=2, law="Awb"))
    assert (change.field, change.before, change.after) == ("law", "Participatiewet art. 11", "Awb")


def test_what_the_law_asks_and_is_empty_is_named() -> None:
    assert lacking(replace(ONE, law=""))[0] == "law"
    assert "law" not in lacking(replace(ONE, law="", legal_basis="a"))
    whole = replace(
        ONE, people=("inwoners",), categories=("naam",), recipients=("UWV",), retention_period=10,
        owner="hoofd", measures="rechten",
    )  # fmt: skip
    assert lacking(whole) == ()


@given(st.lists(st.integers(0, 500), min_size=1, max_size=8, unique=True), st.integers(-10, 600))
def test_what_held_is_the_last_that_began(starts: list[int], day: int) -> None:
    """The definition, said another way."""
    made = [later(start, edition=number + 1) for number, start in enumerate(sorted(starts))]
    found = Register.of(reversed(made)).as_of("VA-01", at(day))
    begun = [start for start in starts if start <= day]
    assert (found.valid_from if found else None) == (at(max(begun)) if begun else None)
