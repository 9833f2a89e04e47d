# SPDX-License-Identifier: EUPL-1.2
"""Work that lies in another bucket, or in none, explains a look all the same."""

from pathlib import Path

import pyarrow as pa
import pytest

from rekenschap.audit.bulk import shelve, sift_year, year
from rekenschap.explain import grounds_of_the_house
from tests.unit.explain.town import BEGIN, DAY, MINUTE, table

GROUNDS = grounds_of_the_house()
STAFF, ZAAK, PARTNER, OTHER = 77, 900, 1, 2
"""Two people who live together, whose tokens end differently: they lie in two buckets."""


def facts(*, subject_of_zaak: int | None) -> dict[str, pa.Table]:
    """A look at each of the two, for the zaak that was assigned to who looked."""
    looked = {
        "looked_at": [BEGIN + DAY] * 2,
        "staff": [STAFF] * 2,
        "subject": [PARTNER, OTHER],
        "zaak": [ZAAK] * 2,
    }
    together = {"subject": [PARTNER], "other_subject": [OTHER], "valid_from": [BEGIN - DAY]}
    return {
        "consultation": table("consultation", 0, looked),
        "zaak": table("zaak", 10, {"zaak": [ZAAK], "subject": [subject_of_zaak], "registered_at": [BEGIN]}),
        "assignment": table(
            "assignment", 20, {"zaak": [ZAAK], "kind": ["handler"], "staff": [STAFF], "valid_from": [BEGIN]}
        ),
        "relation": table("relation", 30, {"kind": ["household"], **together}),
    }


def left_of(told: dict[str, pa.Table], place: Path) -> list[int]:
    shelve(told, place)
    return sift_year(place, GROUNDS, threads=1, at_once=1).left.column("look").to_pylist()


def test_work_for_the_household_is_found_in_another_bucket(tmp_path: Path):
    assert left_of(facts(subject_of_zaak=OTHER), tmp_path) == []


def test_a_ground_that_reaches_further_must_not_be_asked_in_buckets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(year, "IN_BUCKETS", year.IN_BUCKETS | {"household_of_zaak"})
    assert left_of(facts(subject_of_zaak=OTHER), tmp_path) == [0]


def test_a_zaak_of_nobody_is_found_by_the_number_that_was_given(tmp_path: Path):
    assert left_of(facts(subject_of_zaak=None), tmp_path) == []


def test_without_the_assignment_the_look_is_left(tmp_path: Path):
    told = facts(subject_of_zaak=OTHER)
    told["assignment"] = told["assignment"].slice(0, 0)
    assert sorted(left_of(told, tmp_path)) == [0, 1]


def test_a_look_long_after_is_left(tmp_path: Path):
    told = facts(subject_of_zaak=PARTNER)
    late = {"looked_at": [BEGIN + 60 * DAY + MINUTE], "staff": [STAFF], "subject": [PARTNER]}
    told["consultation"] = table("consultation", 0, late)
    told["assignment"] = told["assignment"].set_column(
        told["assignment"].column_names.index("valid_until"), "valid_until", pa.array([BEGIN + 2 * DAY])
    )
    assert left_of(told, tmp_path) == [0]
