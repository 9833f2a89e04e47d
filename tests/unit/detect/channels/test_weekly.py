# SPDX-License-Identifier: EUPL-1.2
"""What the weekly run puts forward in an invented town: who, when, for which looks, and how calibrated."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from scipy.stats import kstest

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.detect import alerts, p_values, within
from rekenschap.detect.channels import ALERTS
from rekenschap.model.relations import CONSULTATION, RELATION
from rekenschap.sql.derived import EXPLANATION, LOOK, VERDICT, derived_schema
from rekenschap.sql.workspace import bind_all
from rekenschap.tables import work_schema
from tests.unit.detect.little_town import FIRST_DAY, table, token, town

MONDAY = FIRST_DAY + (-(FIRST_DAY + 3)) % 7
WEEKS = {"first_week": MONDAY, "last_week": MONDAY + 11 * 7}
NEW = 50_000
"""Subjects nobody in the town works for."""


@pytest.fixture(scope="module")
def honest():
    return town(1)


def bound(there, **others) -> DuckDbEngine:
    engine = DuckDbEngine(threads=2)
    look, verdict = there.tables()
    weak = pc.filter(verdict["look"], verdict["weak_only"])
    explanation = table(
        {"look": weak, "ground": ["own_file"] * len(weak), "weight": ["weak"] * len(weak)}, EXPLANATION
    )
    bind_all(engine, {"look": look, "verdict": verdict, "explanation": explanation, **others})
    return engine


def asked(there, what=alerts, others=None, **more) -> pa.Table:
    engine = bound(there, **(others or {}))
    try:
        return what(engine, **{**WEEKS, **more})
    finally:
        engine.close()


def first_about(rows: pa.Table, domain: str, number: int) -> dict:
    about = int(token([number])[0])
    found = rows.filter((pc.field("domain") == domain) & (pc.field("about") == about))
    return found.to_pylist()[0] if len(found) else {}


def test_a_seller_stands_first_in_a_week_soon_after_the_begin(honest):
    days = np.arange(30) * 7 % 40 + 21
    rows = asked(honest.plus(staff=np.zeros(30), subject=np.arange(30) + NEW, day=days, key="name"))
    best = rows.filter(pc.field("week") == MONDAY + 5 * 7).to_pylist()[0]
    assert (best["domain"], best["about"]) == ("staff", int(token([0])[0]))
    assert best["q"] < 0.05
    assert set(best["look"]) <= {*range(12_000, 12_030)} | {*np.flatnonzero(honest.staff == token([0])[0])}


def test_nothing_of_a_later_day_weighs_in_an_earlier_week(honest):
    there = honest.plus(staff=np.zeros(20), subject=np.arange(20) + NEW, day=np.arange(20) + 20)
    later = there.plus(staff=np.full(40, 7), subject=np.arange(40) + NEW, day=np.full(40, 80))
    until = {"last_week": MONDAY + 6 * 7}
    early, late = (asked(each, **until) for each in (there, later))
    assert early.drop_columns(["look"]).equals(late.drop_columns(["look"]))
    assert len(early) > 0


def test_a_crowd_on_one_subject_is_put_forward_in_its_week(honest):
    rows = asked(honest.plus(staff=np.arange(24), subject=np.full(24, NEW), day=60 + np.arange(24) % 4))
    found = first_about(rows, "subject", 1_000_000 + NEW)
    assert found["channel"] == "staff_on_subject"
    assert found["week"] <= FIRST_DAY + 63 < found["week"] + 14
    assert len(found["look"]) >= 12


def test_a_crowd_on_one_household_is_put_forward_though_no_member_has_one(honest):
    homes = work_schema(RELATION)
    one, other = (token(np.array(each) + 1_000_000) for each in ([NEW, NEW + 1], [NEW + 1, NEW + 2]))
    ties = pa.table(
        [
            pa.array({"kind": ["household"] * 2, "subject": one, "other_subject": other}[each.name])
            if each.name in ("kind", "subject", "other_subject")
            else pa.nulls(2, each.type)
            for each in homes
        ],
        schema=homes,
    )
    there = honest.plus(staff=np.arange(12), subject=NEW + np.arange(12) % 3, day=np.full(12, 60))
    rows = asked(there, others={"relation": ties})
    best = max(rows.filter(pc.field("domain") == "household").to_pylist(), key=lambda each: each["score"])
    assert (best["channel"], best["count"], len(best["look"])) == ("staff_on_household", 12, 12)
    assert best["about"] == min(*one.tolist(), *other.tolist())


def test_coming_back_to_one_subject_is_put_forward(honest):
    rows = asked(honest.plus(staff=np.full(12, 5), subject=np.full(12, NEW), day=np.arange(12) * 5 + 14))
    found = [each for each in rows.to_pylist() if each["about"] == int(token([5])[0])]
    assert {"returns_subject", "returns_household", "weighed"} & {each["channel"] for each in found}
    assert min(each["q"] for each in found) < 0.05


def test_a_return_is_no_return_when_there_was_work_as_often(honest):
    places = len(honest.staff) + np.arange(10)
    there = honest.plus(staff=np.full(20, 5), subject=np.full(20, NEW), day=np.arange(20) * 4)
    rows = asked(there.explaining(places))
    assert "returns_subject" not in {
        each["channel"] for each in rows.to_pylist() if each["about"] == int(token([5])[0])
    }


def test_coming_back_to_somebody_at_whom_others_look_alike_is_counted_with_that_subject():
    own = {"staff": np.full(12, 5), "day": np.arange(12) * 5 + 14}
    others = {"staff": np.repeat([8, 9, 10], 6), "day": np.tile(np.arange(6) * 12 + 12, 3)}
    there = town(1).plus(subject=np.full(12, NEW), **own)
    crowd = there.plus(subject=np.full(18, NEW), **others)
    alone, shared = (
        [each for each in asked(one).to_pylist() if each["about"] == int(token([5])[0])]
        for one in (there, crowd)
    )
    assert max(each["score"] for each in alone) > max([each["score"] for each in shared], default=0) + 3


def test_a_look_by_hand_under_the_name_of_a_system_is_put_forward():
    there = town(1)
    nightly = np.repeat(np.arange(90), 20)
    run = there.plus(staff=np.full(len(nightly), 900), subject=nightly + NEW, day=nightly, minute=130)
    by_hand = run.plus(
        staff=np.full(4, 900), subject=np.arange(4) + 2 * NEW, day=np.array([60, 61, 61, 62]), key="name"
    )
    system = token([900])[0]
    found = []
    for one in (run, by_hand):
        made = replace(one, employment=np.where(one.staff == system, "system", one.employment))
        look, _ = made.tables()
        consultation = work_schema(CONSULTATION).empty_table()
        columns = [
            look["look"] if each.name == "entry" else pa.nulls(len(look), each.type)
            for each in consultation.schema
        ]
        rows = asked(made, others={"consultation": pa.table(columns, schema=consultation.schema)})
        found.append(rows.filter(pc.field("domain") == "account").to_pylist())
    assert found[0] == []
    assert {(each["channel"], each["about"]) for each in found[1]} == {("machine_out_of_step", int(system))}
    assert len(found[1][0]["look"]) == 4
    assert min(each["q"] for each in found[1]) < 0.05


def test_weak_reasons_are_a_channel_of_their_own(honest):
    there = honest.plus(staff=np.zeros(25), subject=np.arange(25) + NEW, day=np.arange(25) * 2 + 7, weak=True)
    channels = {each["channel"] for each in asked(there).to_pylist() if each["about"] == int(token([0])[0])}
    assert "weak_reason_own_file" in channels


@pytest.mark.parametrize("seed", range(3))
def test_p_values_are_uniform_in_an_honest_town(seed):
    told = asked(town(seed, looks=20_000, staff=200), p_values, seed=seed)
    for days in (1, 7, 42):
        here = told.filter((pc.field("channel") == "unexplained") & (pc.field("window_days") == days))
        assert kstest(np.asarray(here["p"]), "uniform").statistic <= 0.04


def test_honest_towns_give_few_discoveries():
    found = [asked(town(seed, looks=8_000, staff=80)) for seed in range(8)]
    assert sum(bool((np.asarray(each["q"]) <= 0.05).any()) for each in found) <= 1


def test_the_first_day_of_a_town_can_be_the_last_of_a_week(honest):
    first = MONDAY - 7 * ((MONDAY - FIRST_DAY) // 7 + 1)
    assert len(asked(honest, first_week=first - 14, last_week=first + 7)) >= 0
    sunday = town(1).__class__(
        **{name: getattr(honest, name)[honest.day >= MONDAY + 6] for name in honest.__slots__}
    )
    assert set(asked(sunday, first_week=MONDAY, last_week=MONDAY)["domain"].to_pylist()) <= {"staff"}


def test_rows_have_the_declared_columns_and_order(honest):
    rows = asked(honest)
    assert rows.schema == ALERTS
    for week in pc.unique(rows["week"]).to_pylist():
        scores = np.asarray(rows.filter(pc.field("week") == week)["score"])
        assert (np.diff(scores) <= 0).all()


def test_a_budget_shows_nobody_twice_in_four_weeks_for_the_same(honest):
    rows = asked(honest.plus(staff=np.zeros(30), subject=np.arange(30) + NEW, day=np.arange(30) + 20))
    shown = within(rows, per_week=2)
    weeks = np.asarray(shown["week"])
    assert max(np.bincount((weeks - weeks.min()) // 7)) <= 2
    about = [each["week"] for each in shown.to_pylist() if each["about"] == int(token([0])[0])]
    assert about
    assert all(later - week >= 28 for week, later in pairwise(about))


def test_a_budget_below_one_a_week_is_saved_up(honest):
    rows = asked(honest.plus(staff=np.zeros(30), subject=np.arange(30) + NEW, day=np.arange(30) + 20))
    assert 5 <= len(within(rows, per_week=0.5)) <= 6


def test_without_looks_there_is_nothing():
    engine = DuckDbEngine(threads=1)
    bind_all(
        engine,
        {
            name: derived_schema(each).empty_table()
            for name, each in (("look", LOOK), ("verdict", VERDICT), ("explanation", EXPLANATION))
        },
    )
    assert alerts(engine, **WEEKS).equals(ALERTS.empty_table())
    assert len(p_values(engine, **WEEKS, seed=1)) == 0
