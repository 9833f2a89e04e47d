# SPDX-License-Identifier: EUPL-1.2
"""A warrant: who, why, for which investigation, until when."""

from datetime import UTC, datetime, timedelta

import pytest

from rekenschap.errors import NoWarrantError
from rekenschap.model.warrant import Because, Warrant, check_reason

NOW = datetime(2026, 5, 29, 9, 0, tzinfo=UTC)


def _warrant(**changed: object) -> Warrant:
    told: dict[str, object] = {
        "id": "w1",
        "person": "noor",
        "because": Because.TRIAGE,
        "until": NOW + timedelta(hours=8),
    }
    return Warrant(**(told | changed))  # type: ignore[arg-type]


def test_a_warrant_holds_until_its_last_moment_and_not_at_it() -> None:
    one = _warrant()
    one.check(one.until - timedelta(microseconds=1))
    with pytest.raises(NoWarrantError, match="has ended"):
        one.check(one.until)


def test_a_warrant_of_somebody_else_is_none() -> None:
    with pytest.raises(NoWarrantError, match="somebody else"):
        _warrant().check(NOW, person="bram")


def test_what_needs_a_warrant_of_its_own_is_not_covered_by_another() -> None:
    with pytest.raises(NoWarrantError, match="for something else"):
        _warrant().check(NOW, about="relations:2026-0001")
    _warrant(covers=frozenset({"relations:2026-0001"})).check(NOW, about="relations:2026-0001")


def test_an_investigation_is_named() -> None:
    with pytest.raises(NoWarrantError, match="the investigation"):
        _warrant(because=Because.INVESTIGATION)
    assert _warrant(because=Because.INVESTIGATION, investigation="2026-0001").reason == "onderzoek"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(NoWarrantError, match="time zone"):
        _warrant(until=datetime(2026, 5, 29))  # noqa: DTZ001


def test_a_reason_of_one_letter_says_nothing() -> None:
    with pytest.raises(NoWarrantError, match="at least 8 letters"):
        check_reason(Because.LEAK, "  x ")
    assert check_reason(Because.LEAK, " lijst   in de krant ") == "lijst in de krant"


def test_own_words_stand_behind_the_reason() -> None:
    assert _warrant(words="nieuwe bevinding").reason == "triage: nieuwe bevinding"
