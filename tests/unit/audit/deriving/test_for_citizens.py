# SPDX-License-Identifier: EUPL-1.2
"""What of a look citizens may ever know: the kind of work, never of whom, never another person's zaak."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pytest

from rekenschap.audit.deriving.for_citizens import DESK, for_citizens, looks_for_citizens

ME, OTHER, ZAAK, THEIRS, STAFF = 11, 22, 901, 902, 55
HAPPENED = 1_790_000_000_000_000
LOOK = {
    "look": 1, "staff": STAFF, "subject": ME, "zaak": None, "looked_at": HAPPENED, "register": "brp",
    "fields": "naam,adres", "team": "burgerzaken", "employment": "employee", "best_ground": None,
    "explained": True,
}  # fmt: skip
TEXTS = ("register", "fields", "team", "employment", "best_ground")


def table(rows: list[dict[str, object]], **kinds: pa.DataType) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=pa.schema(list(kinds.items())))


def facts(**more: list[dict[str, object]]) -> Mapping[str, pa.Table]:
    whole, text = pa.int64(), pa.string()
    return {
        "consultation": table(
            [{"entry": 1, "recorded_at": HAPPENED + 9, "processing_activity": more.get("activity")}],  # type: ignore[dict-item]
            entry=whole, recorded_at=whole, processing_activity=text,
        ),
        "zaak": table(
            [
                {"entry": 71, "zaak": ZAAK, "subject": ME, "zaaktype": "reisdocument",
                 "processing_activity": "VA-01"},
                {"entry": 72, "zaak": THEIRS, "subject": OTHER, "zaaktype": "bijstand",
                 "processing_activity": "VA-04"},
            ],
            entry=whole, zaak=whole, subject=whole, zaaktype=text, processing_activity=text,
        ),
        "contact": table(
            [
                {"entry": 81, "kind": "call", "subject": ME, "zaak": None},
                {"entry": 82, "kind": "call", "subject": OTHER, "zaak": None},
            ],
            entry=whole, kind=text, subject=whole, zaak=whole,
        ),
        "task": table([{"entry": 91, "subject": None, "zaak": ZAAK}], entry=whole, subject=whole, zaak=whole),
        "assignment": table([{"entry": 95, "zaak": THEIRS}], entry=whole, zaak=whole),
    }  # fmt: skip


def row(look: Mapping[str, object], work: int | None = None, **more: object) -> dict[str, object]:
    """Give what citizens may know of one look that one ground explains by one piece of work."""
    looks = pa.Table.from_pylist([{**LOOK, **look}])
    for name in TEXTS:
        looks = looks.set_column(
            looks.schema.get_field_index(name), name, looks.column(name).cast(pa.string())
        )
    looks = looks.set_column(
        looks.schema.get_field_index("zaak"), "zaak", looks.column("zaak").cast(pa.int64())
    )
    ground = look.get("best_ground")
    held = [{"look": 1, "ground": ground, "work_entry": work}] if work is not None else []
    explanation = table(held, look=pa.int64(), ground=pa.string(), work_entry=pa.int64())
    (found,) = looks_for_citizens(facts(**more), looks, explanation).to_pylist()  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("ground", "work", "why", "about"),
    [
        ("registered_handler", 71, "zaak", "reisdocument"),
        ("task", 91, "zaak", "reisdocument"),
        ("assignment", 95, "zaak_of_other", ""),
        ("contact", 81, "call", ""),
        ("contact", 82, "work", ""),
        ("oversight", None, "oversight", ""),
        ("stated_confirmed", None, "stated", ""),
        ("a_ground_of_later", None, "work", ""),
    ],
)
def test_the_best_work_gives_the_sentence(ground: str, work: int | None, why: str, about: str) -> None:
    found = row({"best_ground": ground}, work)
    assert (found["why"], found["about"], found["explained"]) == (why, about, True)


def test_the_zaak_that_was_named_counts_when_the_work_names_none() -> None:
    found = row({"best_ground": "own_file", "zaak": ZAAK})
    assert (found["why"], found["about"]) == ("zaak", "reisdocument")


def test_what_nothing_explains_is_unknown_and_tells_of_no_zaak() -> None:
    found = row({"explained": False, "zaak": ZAAK})
    assert (found["why"], found["about"], found["explained"]) == ("unknown", "", False)


def test_a_system_that_looked_is_no_riddle_but_a_person_with_its_excuse_is() -> None:
    excuse = {"explained": False, "best_ground": "system_process"}
    assert row(excuse | {"employment": "system"})["why"] == "system"
    assert row(excuse | {"employment": "employee"})["why"] == "unknown"


def test_a_look_of_the_desk_is_a_check() -> None:
    assert row({"register": DESK, "zaak": ZAAK})["why"] == "our_check"


def test_the_activity_is_that_of_the_look_else_that_of_the_zaak() -> None:
    assert row({"zaak": ZAAK})["activity"] == "VA-01"
    assert row({"zaak": ZAAK}, activity="VA-09")["activity"] == "VA-09"
    assert row({})["activity"] == ""


def test_no_column_holds_staff() -> None:
    found = row({"best_ground": "registered_handler"}, 71)
    assert set(found) == {
        "subject", "look", "looked_at", "known_at", "register", "fields", "team", "activity", "why", "about",
        "explained",
    }  # fmt: skip
    assert STAFF not in found.values()


def test_departments_with_few_people_are_not_named() -> None:
    staff = [{"staff": each, "team": "groot"} for each in (1, 2, 3)] + [
        {"staff": each, "team": "klein"} for each in (4, 4, 5)
    ]
    nothing = pa.table({"kind": pa.array([], pa.string())})
    told = {"staff": pa.Table.from_pylist(staff), "shielding": nothing, "processing_activity": nothing}
    assert for_citizens(told).departments == ("groot",)


def test_of_two_versions_that_begin_together_the_later_number_counts() -> None:
    version = {
        "processing_activity": "VA-01", "name": "x", "purpose": "y", "legal_basis": "e", "law": "oud",
        "confidentiality": "open", "valid_from": 0, "valid_until": None,
    }  # fmt: skip
    rows = [version | {"edition": 2, "law": "nieuw", "on_behalf": "het Rijk"}, version | {"edition": 1}]
    staff = pa.table({"staff": pa.array([], pa.int64()), "team": pa.array([], pa.string())})
    nothing = pa.table({"kind": pa.array([], pa.string())})
    told = {"staff": staff, "shielding": nothing, "processing_activity": pa.Table.from_pylist(rows)}
    (found,) = for_citizens(told).register
    assert (found.law, found.on_behalf) == ("nieuw", "het Rijk")
