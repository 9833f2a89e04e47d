# SPDX-License-Identifier: EUPL-1.2
"""A habit is found beside what chance gives; it becomes a ground only when somebody writes it down."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import rekenschap
from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.errors import RefusedError
from rekenschap.explain import explain, grounds_of_the_house
from rekenschap.explain.mining import LEAST_LIFT_FULL, Candidate, draft, mine
from rekenschap.explain.mining.mining import LEAST_LIFT, _can_be_written
from rekenschap.model.explanation import Weight
from rekenschap.seams.engine import Engine
from rekenschap.sql.cases import answered_rows, read_drawn
from rekenschap.sql.lint import check_query
from rekenschap.sql.query import load_queries
from rekenschap.sql.workspace import bind_all, bind_upstream, run
from tests.unit.explain.town import BEGIN, DAY, MINUTE, table, town

CATALOGUE = load_queries(Path(rekenschap.__file__).parent)
LOOKS = 120
HABIT = "mined_kin_work_address_team_1_1"


def with_a_habit(*, kind: str = "address", at_work: int = 6) -> dict[str, pa.Table]:
    """Team 1 does a task for somebody and an hour later looks at who lives at the same address.

    `at_work` is the first of the six who did the tasks.
    """
    facts = town()
    rng = np.random.default_rng(4)
    people = np.asarray(facts["staff"]["staff"])
    subject = np.arange(LOOKS) * 7_777_777 + 5
    done = BEGIN + rng.integers(0, 15, LOOKS) * DAY + rng.integers(480, 900, LOOKS) * MINUTE
    looks = {
        "looked_at": done + 60 * MINUTE,
        "staff": people[6 + np.arange(LOOKS) % 6],
        "subject": subject + 1,
    }
    work = {
        "task": subject,
        "subject": subject,
        "staff": people[at_work + np.arange(LOOKS) % 6],
        "created_at": done - 400 * DAY,
        "done_at": done,
    }
    mates = {"kind": [kind] * LOOKS, "subject": subject, "other_subject": subject + 1}
    mates |= {"valid_from": np.full(LOOKS, BEGIN - 900 * DAY)}
    return {
        **facts,
        "consultation": pa.concat_tables([facts["consultation"], table("consultation", 100_000, looks)]),
        "task": pa.concat_tables([facts["task"], table("task", 110_000, work)]),
        "relation": table("relation", 120_000, mates),
    }


def explained(facts: dict[str, pa.Table]) -> Engine:
    engine = DuckDbEngine(threads=1)
    bind_all(engine, facts)
    explain(engine, seed=1)
    return engine


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = explained(with_a_habit())
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def habit(engine: Engine) -> Candidate:
    [found] = [each for each in mine(engine, seed=1) if each.id == HABIT]
    return found


def test_a_habit_is_found_in_its_team_and_beside_chance(habit: Candidate):
    assert (habit.path, habit.told, habit.team, habit.days) == ("kin_work", "address", "team 1", 1)
    assert habit.holds == LOOKS
    assert habit.support == LOOKS / habit.looks
    assert habit.null < 0.05
    assert habit.lift > LEAST_LIFT
    assert habit.newly <= habit.holds


def test_work_of_somebody_else_is_no_habit_of_ones_own():
    other = explained(with_a_habit(at_work=12))
    assert HABIT not in {each.id for each in mine(other, seed=1)}
    other.close()


def test_the_same_seed_finds_the_same_and_the_looks_stay_bound_as_they_were(engine: Engine):
    count = "SELECT count(*) AS looks, sum(look) AS numbers FROM look"
    before = engine.answer(count, {}, query_id="test")
    found = mine(engine, seed=1)
    assert mine(engine, seed=1) == found
    assert engine.answer(count, {}, query_id="test") == before
    assert [each.newly for each in found] == sorted((each.newly for each in found), reverse=True)


@pytest.mark.parametrize(("value", "fits"), [("tweede lezing", True), ("a | b", False), ("a\nb", False)])
def test_what_cannot_be_drawn_in_a_case_is_left_out(value: str, fits: bool):
    assert _can_be_written(value) is fits


def test_a_habit_that_is_written_down_is_a_ground_that_passes_its_own_cases(
    engine: Engine, habit: Candidate, tmp_path: Path
):
    ground = draft(habit, weight=Weight.WEAK, into=tmp_path)
    assert (ground.id, ground.weight, ground.writes) == (HABIT, "weak", "explanation")
    assert ground.defaults == {"told": "address", "team": "team 1", "days": 1}
    check_query(ground, catalogue=(ground,))
    assert len(run(engine, ground)) == LOOKS
    for path in ground.drawings:
        drawn = read_drawn(path, ground, catalogue=CATALOGUE)
        with_case = DuckDbEngine(threads=1)
        for name, rows in drawn.given.items():
            with_case.bind(name, rows)
        bind_upstream(with_case, ground.reads, known={*drawn.given}, catalogue=CATALOGUE)
        assert answered_rows(run(with_case, ground), drawn.columns) == drawn.expected, path.stem
        with_case.close()


def test_a_ground_for_every_team_has_no_team_in_it(habit: Candidate, engine: Engine, tmp_path: Path):
    ground = draft(replace(habit, team=""), weight=Weight.TRACE, into=tmp_path)
    assert ground.defaults["team"] == ""
    assert len(run(engine, ground)) == LOOKS


def test_what_does_not_tell_apart_becomes_no_full_ground(habit: Candidate, tmp_path: Path):
    with pytest.raises(RefusedError, match="approve it as a weak ground"):
        draft(replace(habit, lift=LEAST_LIFT_FULL - 1), weight=Weight.FULL, into=tmp_path)
    assert draft(replace(habit, lift=LEAST_LIFT_FULL), weight=Weight.FULL, into=tmp_path).weight == "full"


def test_no_mined_ground_is_among_those_of_the_house():
    assert not [each.id for each in grounds_of_the_house() if each.id.startswith("mined_")]
