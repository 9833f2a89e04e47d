# SPDX-License-Identifier: EUPL-1.2
"""Strength and score on samples small enough to see through."""

from math import log

import numpy as np
import pyarrow as pa
import pytest

from rekenschap.explain.pool import Flags
from rekenschap.explain.ranking import ranking
from rekenschap.explain.weighing.evidence import NOTHING_FOUND, EvidenceModel, score, terms
from rekenschap.explain.weighing.fitting import ENOUGH, Evidence, fit
from rekenschap.explain.weighing.levels import MEASURES, Measure, levels_of, no_levels
from rekenschap.explain.weighing.strength import PRIOR, Sample, strengths

NEAR = Measure(name="near", steps=(100, 10, 1))


def sample(share: float, size: int, team_class: int = 0) -> Sample:
    hits = np.zeros((size, 1), dtype=np.bool_)
    hits[: round(share * size)] = True
    return Sample(hits=hits, team_class=np.full(size, team_class))


def test_a_ground_that_holds_more_often_for_real_looks_is_strong():
    says = strengths(sample(0.8, 1000), sample(0.1, 1000))
    assert says.hit[0] == pytest.approx(log((800 + PRIOR) / (100 + PRIOR)))
    assert says.miss[0] == pytest.approx(log((200 + PRIOR) / (900 + PRIOR)))


def test_a_ground_that_never_holds_says_nothing_however_many_permuted_looks_there_are():
    says = strengths(sample(0, 1000), sample(0, 50_000))
    assert says.hit[0] == 0
    assert says.miss[0] == 0


def test_a_class_of_teams_without_looks_says_nothing():
    says = strengths(sample(0.8, 1000), sample(0.1, 1000))
    assert says.hit_by_class[0, 0] == pytest.approx(says.hit[0])
    assert says.hit_by_class[0, 1:].tolist() == [0, 0, 0, 0]


def test_the_fewer_looks_the_less_is_said():
    said = [strengths(sample(0.8, size), sample(0.1, size)).hit[0] for size in (10, 100, 1000, 10_000)]
    assert said == sorted(said)


def seen(hits: Flags, levels: list[int] | None = None) -> Evidence:
    reached = no_levels(len(hits), 1)
    if levels is not None:
        reached[:, 0] = levels
    return Evidence(hits=hits, levels=reached)


def test_a_ground_that_separates_gets_weight_and_one_that_does_not_gets_none():
    rng = np.random.default_rng(1)
    real = seen(np.column_stack([rng.random(2000) < 0.8, rng.random(2000) < 0.3]))
    null = seen(np.column_stack([rng.random(2000) < 0.1, rng.random(2000) < 0.3]))
    model = fit(("one", "two"), (NEAR,), real=real, team=null, wide=null)
    assert model.weights[0] > 2
    assert model.weights[1] < 0.2
    assert model.steps == (("near", (0.0, 0.0, 0.0)),)


def test_the_nearer_the_work_of_real_looks_the_more_its_last_step_weighs():
    nothing = np.zeros((1000, 0), dtype=np.bool_)
    near, far = seen(nothing, [3] * 800 + [1] * 200), seen(nothing, [1] * 800 + [3] * 200)
    [(_, steps)] = fit((), (NEAR,), real=near, team=far, wide=far).steps
    assert min(steps) >= 0
    assert steps[1] + steps[2] > 2
    assert steps[0] == pytest.approx(0, abs=1e-6)  # all reach it: it tells nothing apart


def test_what_speaks_against_a_look_is_not_weighed_at_all():
    real, null = seen(np.zeros((100, 1), dtype=np.bool_)), seen(np.ones((100, 1), dtype=np.bool_))
    assert fit(("one",), (NEAR,), real=real, team=null, wide=null).weights == (0.0,)


def test_without_permuted_looks_nothing_is_weighed():
    nothing = seen(np.zeros((0, 1), dtype=np.bool_))
    some = seen(np.ones((3, 1), dtype=np.bool_))
    model = fit(("one",), (NEAR,), real=some, team=nothing, wide=nothing)
    assert (model.nothing_found, model.weights) == (0.0, (0.0,))


def test_many_looks_are_fitted_on_every_so_manieth_and_give_the_same_weights():
    few = [seen(np.tile([[True], [False], [hit]], (50, 1))) for hit in (True, False)]
    many = [seen(np.repeat(each.hits, 600, axis=0)) for each in few]
    assert len(many[0]) > 4 * ENOUGH
    weights = [fit(("one",), (NEAR,), real=a, team=b, wide=b).weights for a, b in (few, many)]
    assert weights[0] == pytest.approx(weights[1], abs=1e-3)


def test_a_distance_reaches_every_step_that_is_as_wide_and_a_count_every_step_that_is_as_low():
    distance = pa.chunked_array([pa.array([None, 101, 100, 10, 0], pa.int64())])
    assert NEAR.reached(distance).tolist() == [0, 0, 1, 2, 3]
    days = Measure(name="days", steps=(2, 4), of_days=True)
    assert days.reached(pa.chunked_array([pa.array([None, 1, 2, 3, 9], pa.int64())])).tolist() == [
        0,
        0,
        1,
        1,
        2,
    ]


def test_a_look_without_a_measure_reaches_no_step():
    columns = {each.name: pa.array([0], pa.int64()) for each in MEASURES}
    levels = levels_of(pa.table(columns), np.array([1]), rows=3)
    assert levels[[0, 2]].sum() == 0
    assert levels[1].tolist() == [0 if each.of_days else len(each.steps) for each in MEASURES]


@pytest.mark.parametrize("measure", MEASURES, ids=lambda each: each.name)
def test_the_steps_of_every_measure_lead_from_wide_to_narrow(measure: Measure):
    assert list(measure.steps) == sorted(set(measure.steps), reverse=not measure.of_days)


def test_a_score_is_where_all_begin_less_what_holds_and_less_every_step_that_is_reached():
    model = EvidenceModel(
        grounds=("one", "two"), nothing_found=3.0, weights=(2.0, 0.5), steps=(("near", (0.5, 0.0, 0.25)),)
    )
    hits = np.array([[False, False], [True, False], [True, True], [True, True]])
    levels = seen(hits, [0, 0, 2, 3]).levels
    assert score(model, hits, levels).tolist() == [3.0, 1.0, 0.0, -0.25]
    assert terms(model, hits[3:], levels[3:], looks=np.array([7])).to_pylist() == [
        {"look": 7, "term": NOTHING_FOUND, "value": 3.0},
        {"look": 7, "term": "one", "value": -2.0},
        {"look": 7, "term": "two", "value": -0.5},
        {"look": 7, "term": "near", "value": -0.75},
    ]


def test_ranking_counts_ties_half():
    first = np.array([True, False])
    assert ranking(np.array([2.0]), np.array([2.0, 1.0]), first).auc == 0.75
    assert ranking(np.array([2.0]), np.array([2.0, 1.0]), first).auc_first == 0.5


def test_the_recall_counts_planted_looks_above_all_but_one_in_a_hundred_and_of_equal_ones_a_part():
    real, first = np.arange(200.0), np.ones(200, dtype=np.bool_)
    assert ranking(np.array([198.5, 197.0, 300.0, 5.0]), real, first).recall == 0.5
    level = np.zeros(200)
    assert ranking(np.array([0.0, 1.0]), level, first).recall == pytest.approx(0.5 + 0.01 / 2)
