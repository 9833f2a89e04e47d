# SPDX-License-Identifier: EUPL-1.2
"""Strength and score on samples small enough to see through."""

from math import log

import numpy as np
import pytest

from rekenschap.explain.evidence import NOTHING_FOUND, EvidenceModel, fit, score, terms
from rekenschap.explain.plant import ranking
from rekenschap.explain.strength import PRIOR, Sample, strengths


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


def test_a_ground_that_separates_gets_weight_and_one_that_does_not_gets_none():
    rng = np.random.default_rng(1)
    real = np.column_stack([rng.random(2000) < 0.8, rng.random(2000) < 0.3])
    null = np.column_stack([rng.random(2000) < 0.1, rng.random(2000) < 0.3])
    model = fit(("one", "two"), real=real, team=null, wide=null)
    assert model.weights[0] > 2
    assert model.weights[1] < 0.2


def test_what_speaks_against_a_look_is_not_weighed_at_all():
    real, null = np.zeros((100, 1), dtype=np.bool_), np.ones((100, 1), dtype=np.bool_)
    assert fit(("one",), real=real, team=null, wide=null).weights == (0.0,)


def test_without_permuted_looks_nothing_is_weighed():
    nothing = np.zeros((0, 1), dtype=np.bool_)
    model = fit(("one",), real=np.ones((3, 1), dtype=np.bool_), team=nothing, wide=nothing)
    assert (model.nothing_found, model.weights) == (0.0, (0.0,))


def test_a_score_is_where_all_begin_less_what_holds():
    model = EvidenceModel(grounds=("one", "two"), nothing_found=3.0, weights=(2.0, 0.5))
    hits = np.array([[False, False], [True, False], [True, True]])
    assert score(model, hits).tolist() == [3.0, 1.0, 0.5]
    assert terms(model, hits[2:], np.array([7])).to_pylist() == [
        {"look": 7, "term": NOTHING_FOUND, "value": 3.0},
        {"look": 7, "term": "one", "value": -2.0},
        {"look": 7, "term": "two", "value": -0.5},
    ]


def test_ranking_counts_ties_half():
    first = np.array([True, False])
    assert ranking(np.array([2.0]), np.array([2.0, 1.0]), first).auc == 0.75
    assert ranking(np.array([2.0]), np.array([2.0, 1.0]), first).auc_first == 0.5
