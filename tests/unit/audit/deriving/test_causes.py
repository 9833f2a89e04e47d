# SPDX-License-Identifier: EUPL-1.2
"""Causes: a source that fell silent is named; what one person did is never a cause."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from rekenschap.audit.deriving.causes import Caused, causes_of
from rekenschap.audit.deriving.sought import Traffic

MONDAY = 20_516  # 2026-03-04 was a Wednesday; counted from a Monday
PEOPLE, DAYS = 10, 30


def _looks(*, bare: set[tuple[int, int]]) -> pa.Table:
    """Ten people with ten looks on each working day; those of `bare` (person, day) are unexplained."""
    rows = [
        (person, MONDAY + day)
        for day in range(DAYS)
        if (MONDAY + day + 3) % 7 < 5
        for person in range(PEOPLE)
        for _ in range(10)
    ]
    staff, day = (np.array(each, dtype=np.int64) for each in zip(*rows, strict=True))
    explained = np.array([(int(p), int(d) - MONDAY) not in bare for p, d in rows])
    explained[::37] = False  # a little is always unexplained
    return pa.table({
        "look": pa.array(np.arange(len(rows), dtype=np.int64)), "staff": pa.array(staff),
        "team": pa.array(["kcc"] * len(rows)), "employment": pa.array(["employee"] * len(rows)),
        "register": pa.array(["brp"] * len(rows)), "happened_day": pa.array(day),
        "explained": pa.array(explained),
    })  # fmt: skip


def _causes(looks: pa.Table, *, silent: set[int]) -> Caused:
    told = looks.filter(looks.column("explained"))
    explanation = pa.table({
        "look": told.column("look"), "work_source": pa.array(["telefonie"] * len(told)),
    })  # fmt: skip
    days = np.array([MONDAY + day for day in range(DAYS) if day not in silent], dtype=np.int64)
    traffic = Traffic(days={("contact", "telefonie"): (days, np.full(len(days), 50, dtype=np.int64))})
    return causes_of(looks, explanation, traffic=traffic, findings=[])


def _a_day() -> int:
    return next(day for day in range(14, DAYS) if (MONDAY + day + 3) % 7 == 1)


def test_a_source_that_told_nothing_for_two_days_is_the_cause() -> None:
    day = _a_day()
    found = _causes(
        _looks(bare={(p, d) for p in range(PEOPLE) for d in (day, day + 1)}), silent={day, day + 1}
    )
    assert [(each.kind, each.source) for each in found.causes] == [("source", "telefonie")]
    assert found.causes[0].looks == len(found.looks) == 200
    assert found.causes[0].staff == PEOPLE


def test_what_one_person_did_is_no_cause() -> None:
    found = _causes(_looks(bare={(3, _a_day()), (3, _a_day() + 1)}), silent=set())
    assert found.causes == ()


def test_one_person_with_far_more_is_left_out_of_a_cause() -> None:
    day = _a_day()
    looks = _looks(bare={(p, day) for p in range(PEOPLE)})
    more = looks.filter(
        pa.array((np.asarray(looks.column("staff")) == 3) & ~np.asarray(looks.column("explained")))
    )
    many = pa.concat_tables([looks, *[more] * 6])
    many = many.set_column(0, "look", pa.array(np.arange(len(many), dtype=np.int64)))
    found = _causes(many, silent=set())
    staff = set(found.looks.column("staff").to_pylist())
    assert found.causes
    assert 3 not in staff
    assert len(staff) == PEOPLE - 1


def test_a_team_apart_without_a_silent_source_is_named_as_a_team() -> None:
    found = _causes(_looks(bare={(p, _a_day()) for p in range(PEOPLE)}), silent=set())
    assert [each.kind for each in found.causes] == ["team"]


def test_an_ordinary_month_has_no_cause() -> None:
    assert _causes(_looks(bare=set()), silent=set()).causes == ()
