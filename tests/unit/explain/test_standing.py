# SPDX-License-Identifier: EUPL-1.2
"""What a ground may do in a house, by what was measured there, class by class and only where it is clear."""

from dataclasses import replace

import numpy as np
import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from rekenschap.explain import grounds_of_the_house
from rekenschap.explain.weighing.standing import SAYS_ENOUGH, Standings, standings_of
from rekenschap.explain.weighing.strength import CLASSES, Sample, strengths
from rekenschap.model.explanation import Standing, Weight

SMALL, LARGE = 1, 3
SOME = grounds_of_the_house()[0]


def sample(*parts: tuple[int, int, int]) -> Sample:
    """Looks by class of team size: (class, how many, for how many of them the ground holds)."""
    hits = np.concatenate([np.arange(size) < held for _, size, held in parts])[:, None]
    return Sample(hits=hits, team_class=np.concatenate([np.full(size, each) for each, size, _ in parts]))


def stands(real: Sample, null: Sample, *, weight: str = "full", work_of: str = "") -> Standings:
    ground = replace(SOME, id="queue", weight=weight, work_of=work_of)
    return standings_of((ground,), strengths(real, null))


def full(standings: Standings) -> list[bool]:
    return standings.full[0].tolist()


def test_a_ground_of_the_whole_team_that_chance_gives_often_does_not_explain_by_itself():
    found = stands(sample((LARGE, 2000, 400)), sample((LARGE, 2000, 100)))
    assert not found.full[0, LARGE]
    assert found.of(0, np.full(400, LARGE)) == (Standing.SUPPORTS, 1.0)


def test_the_same_ground_explains_where_it_tells_apart():
    found = stands(sample((LARGE, 2000, 400)), sample((LARGE, 2000, 2)))
    assert found.full[0, LARGE]
    assert found.of(0, np.full(400, LARGE)) == (Standing.STANDS, 0.0)


def test_each_size_of_team_is_judged_by_itself():
    real, null = sample((SMALL, 2000, 400), (LARGE, 2000, 400)), sample((SMALL, 2000, 2), (LARGE, 2000, 200))
    found = stands(real, null)
    assert found.full[0, SMALL]
    assert not found.full[0, LARGE]
    assert found.of(0, np.array([SMALL, LARGE, LARGE, LARGE])) == (Standing.PARTLY, 0.75)


def test_with_few_looks_a_ground_does_what_its_weight_says_and_is_marked():
    found = stands(sample((LARGE, 8, 4)), sample((LARGE, 8, 0)))
    assert full(found) == [True] * CLASSES
    assert found.of(0, np.full(4, LARGE)) == (Standing.FEW, 0.0)


def test_without_a_single_permuted_look_every_ground_stands():
    nobody = Sample(hits=np.zeros((0, 1), dtype=np.bool_), team_class=np.zeros(0, dtype=np.int64))
    assert full(stands(sample((LARGE, 50, 50)), nobody)) == [True] * CLASSES


def test_a_size_of_team_with_few_looks_follows_the_house_where_that_is_clear():
    real, null = sample((SMALL, 6, 3), (LARGE, 4000, 800)), sample((SMALL, 6, 0), (LARGE, 4000, 200))
    assert not stands(real, null).full[0, SMALL]


def test_work_that_names_the_one_who_looked_is_never_kept_back():
    found = stands(sample((LARGE, 2000, 400)), sample((LARGE, 2000, 400)), work_of="looker")
    assert full(found) == [True] * CLASSES


def test_near_the_line_it_is_left_as_it_is():
    """Eighteen times as often, of so few permuted looks that it might as well be thirty."""
    found = stands(sample((LARGE, 2000, 720)), sample((LARGE, 2000, 40)))
    assert found.full[0, LARGE]


@pytest.mark.parametrize("weight", ["stated", "trace"])
def test_what_was_said_and_a_trace_never_count_among_reasons_that_say_enough(weight):
    found = stands(sample((LARGE, 2000, 900)), sample((LARGE, 2000, 1)), weight=weight)
    assert not found.enough.any()
    assert not found.full.any()


def test_a_weak_ground_counts_among_any_reasons_only_where_it_says_enough():
    strong = stands(sample((LARGE, 2000, 900)), sample((LARGE, 2000, 1)), weight="weak")
    feeble = stands(sample((LARGE, 2000, 900)), sample((LARGE, 2000, 300)), weight="weak")
    assert (strong.enough[0, LARGE], feeble.enough[0, LARGE]) == (True, False)
    assert not strong.full.any()


def test_whoever_is_kept_back_is_counted_apart_and_is_a_weak_explanation():
    found = stands(sample((LARGE, 2000, 400)), sample((LARGE, 2000, 100)))
    hits, large = np.ones((1, 1), dtype=np.bool_), np.array([LARGE])
    assert not found.explained(hits, large)[0]
    assert found.apart(large, stated=False)[0, 0]
    assert found.weight_at(0, large)[1].tolist() == [True]


@given(st.integers(0, 400), st.integers(0, 400), st.integers(1, 8))
def test_more_looks_of_the_same_kind_never_bring_a_kept_back_ground_back(held, by_chance, times):
    """What was clear with few looks stays clear with many that are alike."""
    few = stands(sample((LARGE, 400, held)), sample((LARGE, 400, by_chance)))
    many = stands(sample((LARGE, 400 * times, held * times)), sample((LARGE, 400 * times, by_chance * times)))
    if not few.full[0, LARGE]:
        assert not many.full[0, LARGE]


def test_a_ratio_over_twenty_is_never_kept_back():
    rng = np.random.default_rng(4)
    for _ in range(200):
        held, by_chance = rng.integers(1, 400), rng.integers(0, 20)
        if np.log(held / max(by_chance, 0.05)) >= SAYS_ENOUGH:
            assert stands(sample((LARGE, 400, held)), sample((LARGE, 400, by_chance))).full[0, LARGE]


OWN = [each for each in grounds_of_the_house() if each.work_of == "looker"]


@pytest.mark.parametrize("ground", OWN, ids=lambda each: each.id)
def test_a_ground_that_says_its_work_names_the_looker_joins_on_the_looker(ground):
    tree = sqlglot.parse_one(ground.sql, dialect="duckdb")
    looker = {("look", "staff"), ("look_zaak", "staff"), ("waiting", "staff"), ("", "staff")}
    named = [
        each
        for each in tree.find_all(exp.EQ)
        if {(side.table, side.name) for side in (each.left, each.right) if isinstance(side, exp.Column)}
        & looker
        and all(getattr(side, "name", "") in ("staff", "handler") for side in (each.left, each.right))
    ]
    assert named


def test_the_grounds_of_a_whole_team_do_not_say_so():
    told = {each.id for each in grounds_of_the_house() if each.weight == Weight.FULL and not each.work_of}
    assert told == {"team_queue", "contact_of_team"}
