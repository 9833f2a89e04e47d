# SPDX-License-Identifier: EUPL-1.2
"""What must not change the answer, and what may only change it one way."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.errors import ConfigurationError
from rekenschap.explain import Explained, Planting, explain, facts_read, grounds_of_the_house
from rekenschap.explain.plant import FIRST_PLANTED
from rekenschap.explain.weighing.evidence import NOTHING_FOUND, EvidenceModel
from rekenschap.model.explanation import Standing, Weight
from rekenschap.model.planting import KINDS, Among
from rekenschap.model.relations import RELATIONS
from rekenschap.sql.workspace import bind_all
from tests.unit.explain.town import BEGIN, DAY, MINUTE, in_column, table, town

SEED = 5


def explained(
    facts: Mapping[str, pa.Table], *, model: EvidenceModel | None = None, plant: int = 0
) -> Explained:
    engine = DuckDbEngine(threads=1)
    bind_all(engine, facts)
    wish = Planting(count=plant, seed=SEED) if plant else None
    answer = explain(engine, seed=SEED, model=model, planting=wish)
    engine.close()
    return answer


@pytest.fixture(scope="module")
def facts() -> dict[str, pa.Table]:
    return town()


@pytest.fixture(scope="module")
def answer(facts: dict[str, pa.Table]) -> Explained:
    return explained(facts)


def test_the_explained_share_stands_far_above_its_null(answer: Explained):
    assert answer.shares.explained > 0.85
    assert answer.shares.null_explained < 0.2
    assert answer.shares.first_null_explained < 0.2


def test_every_score_is_the_sum_of_its_terms(answer: Explained):
    by_look: dict[int, list[float]] = {}
    for row in answer.evidence_term.to_pylist():
        by_look.setdefault(row["look"], []).append(row["value"])
    for row in answer.verdict.to_pylist():
        assert math.isclose(math.fsum(by_look[row["look"]]), row["score"], abs_tol=1e-9)


def test_every_look_begins_at_nothing_found_and_only_goes_down(answer: Explained):
    begins = answer.evidence_term.filter(pc.field("term") == NOTHING_FOUND)
    others = answer.evidence_term.filter(pc.field("term") != NOTHING_FOUND)
    assert sorted(begins["look"].to_pylist()) == answer.look["look"].to_pylist()
    assert max(others["value"].to_pylist()) <= 0


def test_an_explanation_names_work_that_exists(answer: Explained, facts: dict[str, pa.Table]):
    entries = {(name, entry) for name, rows in facts.items() for entry in rows["entry"].to_pylist()}
    for row in answer.explanation.to_pylist():
        assert (row["work_relation"], row["work_entry"]) in entries


def test_the_verdict_agrees_with_the_explanations(answer: Explained):
    full = {row["look"] for row in answer.explanation.to_pylist() if row["weight"] == "full"}
    said = {row["look"] for row in answer.verdict.to_pylist() if row["explained"]}
    assert said == full


def test_the_best_ground_is_the_strongest_that_holds_and_a_weak_one_only_without_a_full_one(
    answer: Explained,
):
    best: dict[tuple[int, bool], float] = {}
    for row in answer.explanation.to_pylist():
        key = (row["look"], row["weight"] == "full")
        best[key] = max(best.get(key, -math.inf), row["strength"])
    for row in answer.verdict.to_pylist():
        full, weak = best.get((row["look"], True)), best.get((row["look"], False))
        assert row["best_strength"] == (weak if full is None else full)
        assert row["weak_only"] == (full is None and weak is not None)


def test_a_ground_that_fits_any_citizen_of_the_day_only_supports_and_its_looks_are_weakly_explained(
    answer: Explained, facts: dict[str, pa.Table]
):
    """A zaak that is open is no reason for anybody in particular, whoever calls it a full ground."""
    broad = [
        replace(each, weight="full", work_of="") if each.id == "zaak_open" else each
        for each in grounds_of_the_house()
    ]
    engine = DuckDbEngine(threads=1)
    bind_all(engine, facts)
    other = explain(engine, seed=SEED, grounds=broad)
    engine.close()
    [share] = [each for each in other.shares.grounds if each.ground == "zaak_open"]
    assert (share.weight, share.standing, share.kept_back) == (Weight.FULL, Standing.SUPPORTS, 1.0)
    assert (other.shares.explained, other.shares.null_explained) == (
        answer.shares.explained,
        answer.shares.null_explained,
    )
    assert other.shares.weak_only > answer.shares.weak_only
    told = other.explanation.filter(pc.equal(other.explanation["ground"], "zaak_open"))
    assert set(told["weight"].to_pylist()) == {"weak"}
    supported = other.verdict.filter(pc.equal(other.verdict["best_ground"], "zaak_open")).to_pylist()
    assert supported
    assert all(row["weak_only"] and not row["explained"] for row in supported)


def test_any_reason_that_says_enough_explains_at_least_what_full_grounds_do(answer: Explained):
    shares = answer.shares
    assert shares.any_explained >= shares.explained
    assert shares.null_any_explained >= shares.null_explained
    fully, at_all = answer.verdict["explained"].to_pylist(), answer.chance["any_explained"].to_pylist()
    assert all(late or not early for early, late in zip(fully, at_all, strict=True))


def test_what_chance_explains_is_told_apart_of_citizens_that_person_never_looked_at(answer: Explained):
    """Everybody handles zaken that others look at too: looks of another day carry most of the null."""
    shares = answer.shares
    assert 0 < shares.strangers < 1
    assert shares.strangers_explained < shares.null_explained
    assert shares.strangers_explained <= shares.strangers_any_explained < shares.null_any_explained


def test_how_true_the_score_is_is_told_when_asked(facts: dict[str, pa.Table]):
    engine = DuckDbEngine(threads=1)
    bind_all(engine, facts)
    asked = explain(engine, seed=SEED, calibrate=True)
    engine.close()
    assert asked.calibration is not None
    assert 0 <= asked.calibration.error < 0.05


def test_the_same_seed_gives_the_same_answer(answer: Explained, facts: dict[str, pa.Table]):
    again = explained(facts)
    assert again.shares == answer.shares
    assert again.verdict == answer.verdict


def test_more_valid_work_never_raises_a_score(answer: Explained, facts: dict[str, pa.Table]):
    looks = facts["consultation"]
    work = table(
        "task",
        90_000,
        {
            "task": np.arange(len(looks)) + 1,
            "subject": looks["subject"],
            "staff": looks["staff"],
            "created_at": np.asarray(looks["looked_at"]) - MINUTE,
        },
    )
    after = explained({**facts, "task": pa.concat_tables([facts["task"], work])}, model=answer.model)
    change = np.asarray(after.verdict["score"]) - np.asarray(answer.verdict["score"])
    assert change.max() <= 0
    assert after.shares.explained == 1.0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_more_work_for_anybody_at_any_time_never_raises_a_score(
    answer: Explained, facts: dict[str, pa.Table], seed: int
):
    rng = np.random.default_rng(seed)
    some = facts["consultation"].take(pa.array(rng.choice(len(facts["consultation"]), 300)))
    worked_at = np.asarray(some["looked_at"]) + rng.integers(-90, 30, len(some)) * DAY // 2
    colleagues = facts["staff"]["staff"].take(pa.array(rng.integers(0, len(facts["staff"]), len(some))))
    given = {
        "task": np.arange(len(some)) + 1,
        "subject": some["subject"],
        "staff": some["staff"] if seed == 1 else colleagues,
        "created_at": worked_at,
        "done_at": worked_at,
    }
    work = table("task", 90_000, given)
    after = explained({**facts, "task": pa.concat_tables([facts["task"], work])}, model=answer.model)
    change = np.asarray(after.verdict["score"]) - np.asarray(answer.verdict["score"])
    assert change.max() <= 1e-9
    assert change.min() < 0


@pytest.mark.parametrize("among", list(KINDS.values()))
def test_every_kind_of_planted_look_keeps_what_it_promises(facts: dict[str, pa.Table], among: Among):
    engine = DuckDbEngine(threads=1)
    long_ago = facts["zaak"]["closed_at"].take(pa.array(np.arange(50)))
    old = in_column(facts["zaak"].slice(0, 50), "closed_at", pc.subtract(long_ago, 90 * DAY).combine_chunks())
    zaken = pa.concat_tables([old, facts["zaak"].slice(50)])
    looks = facts["consultation"].filter(pc.is_in(facts["consultation"]["zaak"], zaken["zaak"].slice(50)))
    tasks = in_column(facts["task"], "kind", ["intake", "advice"] * (len(facts["task"]) // 2))
    bind_all(engine, {**facts, "zaak": zaken, "consultation": looks, "task": tasks})
    answer = explain(engine, seed=SEED, planting=Planting(count=40, seed=SEED, among=among))
    engine.close()
    planted = answer.look.filter(pc.field("look") >= FIRST_PLANTED).to_pylist()
    lives = {row["subject"]: row for row in zaken.to_pylist()}
    assert len(planted) == 40
    assert len({(row["staff"], row["subject"]) for row in planted}) == 40
    for row in planted:
        life = lives[row["subject"]]
        if among is Among.CLOSED:
            assert life["closed_at"] + 60 * DAY <= row["looked_at"]
        else:
            assert life["registered_at"] <= row["looked_at"] <= life["closed_at"]
    if among is Among.BULK:
        assert [row["looked_at"] for row in planted[:30]] == [planted[0]["looked_at"]] * 30
        assert planted[30]["looked_at"] == planted[39]["looked_at"] != planted[0]["looked_at"]


def test_other_names_change_nothing(answer: Explained, facts: dict[str, pa.Table]):
    """Tokens are renamed by a map that keeps equality and not order."""
    renamed = {name: _renamed(name, rows) for name, rows in facts.items()}
    other = explained(renamed)
    assert other.shares == answer.shares
    assert other.verdict == answer.verdict


def test_whole_weeks_later_changes_nothing(answer: Explained, facts: dict[str, pa.Table]):
    """Two weeks earlier, where the clock has not yet changed either."""
    other = explained({name: _shifted(name, rows, days=-14) for name, rows in facts.items()})
    assert other.shares == answer.shares
    assert other.verdict == answer.verdict


def test_rows_that_come_twice_change_nothing(answer: Explained, facts: dict[str, pa.Table]):
    other = explained({name: pa.concat_tables([rows, rows]) for name, rows in facts.items()})
    assert other.shares == answer.shares
    assert other.verdict == answer.verdict


def test_looks_with_permuted_citizens_are_explained_no_more_than_their_null(facts: dict[str, pa.Table]):
    looks = facts["consultation"]
    order = np.random.default_rng(3).permutation(len(looks))
    shuffled = looks
    for name in ("subject", "zaak"):
        shuffled = in_column(shuffled, name, looks[name].take(pa.array(order)).combine_chunks())
    shares = explained({**facts, "consultation": shuffled}).shares
    assert abs(shares.explained - shares.null_explained) < 0.04


def test_planted_looks_rank_above_real_ones_and_stay_out_of_the_shares(
    answer: Explained, facts: dict[str, pa.Table]
):
    other = explained(facts, plant=40)
    planted = other.look.filter(pc.field("look") >= FIRST_PLANTED)
    assert (len(planted), other.ranking.planted if other.ranking else 0) == (40, 40)
    assert other.ranking is not None and other.ranking.auc > 0.85
    assert other.shares == answer.shares


def test_a_planted_pair_was_never_really_seen(facts: dict[str, pa.Table]):
    rows = explained(facts, plant=40).look.select(["look", "staff", "subject"]).to_pylist()
    real = {(row["staff"], row["subject"]) for row in rows if row["look"] < FIRST_PLANTED}
    assert not real & {(row["staff"], row["subject"]) for row in rows if row["look"] >= FIRST_PLANTED}


def test_more_planted_looks_than_there_is_room_for_are_refused(facts: dict[str, pa.Table]):
    with pytest.raises(ConfigurationError, match="plant fewer looks"):
        explained({**facts, "zaak": facts["zaak"].slice(0, 1)}, plant=400)


def test_shared_and_system_accounts_are_counted_apart(facts: dict[str, pa.Table]):
    kinds = ["shared", "system", *["employee"] * (len(facts["staff"]) - 2)]
    changed = explained({**facts, "staff": in_column(facts["staff"], "employment", kinds)})
    apart = set(facts["staff"]["staff"].to_pylist()[:2])
    theirs = sum(each in apart for each in facts["consultation"]["staff"].to_pylist())
    assert changed.shares.shared_account_looks == theirs
    assert changed.shares.looks == len(facts["consultation"]) - theirs


def test_without_any_look_there_is_an_empty_answer():
    answer = explained({})
    assert (answer.shares.looks, len(answer.look), len(answer.verdict), len(answer.explanation)) == (
        0,
        0,
        0,
        0,
    )


def test_a_single_look_has_no_null_and_no_weight():
    looks = table("consultation", 0, {"looked_at": [BEGIN + DAY], "staff": [1], "subject": [2]})
    answer = explained({"consultation": looks})
    assert (answer.shares.looks, answer.shares.explained, answer.shares.null_explained) == (1, 0.0, 0.0)
    assert set(answer.model.weights) == {0.0}


def test_every_ground_says_in_which_facts_it_searches():
    for ground in grounds_of_the_house():
        assert facts_read(ground), ground.id
        assert set(facts_read(ground)) <= set(RELATIONS)


def _renamed(name: str, rows: pa.Table) -> pa.Table:
    for column in RELATIONS[name]:
        if column.domain and column.name in rows.column_names:
            tokens = np.asarray(rows[column.name].fill_null(0), dtype=np.int64)
            other = pa.array(
                tokens * np.int64(-6_364_136_223_846_793_005) + 12_345,
                mask=rows[column.name].is_null().to_numpy(),
            )
            rows = in_column(rows, column.name, other)
    return rows


def _shifted(name: str, rows: pa.Table, *, days: int) -> pa.Table:
    for column in RELATIONS[name]:
        if column.kind == "time":
            rows = in_column(rows, column.name, pc.add(rows[column.name], days * DAY).combine_chunks())
    return in_column(
        rows, "happened_day", pc.add(rows["happened_day"], pa.scalar(days, pa.int32())).combine_chunks()
    )
