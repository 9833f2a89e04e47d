# SPDX-License-Identifier: EUPL-1.2
"""Every measure on values worked out by hand."""

from math import isnan, log

import numpy as np
import pytest

from rekenschap.audit.evaluating.measuring.measures import (
    average_precision,
    ks_distance,
    rate_ratio,
    wilson,
)
from rekenschap.audit.evaluating.measuring.outliers import ecod, isolation_forest
from rekenschap.explain.ranking import auc, recall_at


def numbers(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def test_wilsons_interval_is_that_of_the_textbook():
    found = wilson(8, 10)
    assert (found.value, round(found.low, 4), round(found.high, 4)) == (0.8, 0.4902, 0.9433)


def test_a_share_of_nothing_is_unknown():
    assert isnan(wilson(0, 0).value)


def test_nothing_found_of_twenty_is_not_surely_nothing():
    found = wilson(0, 20)
    assert found.low == 0.0
    assert round(found.high, 4) == 0.1611


def test_equal_rates_have_a_ratio_of_one():
    assert rate_ratio(10, 100, other_hits=20, other_people=200).value == pytest.approx(1.0)


def test_a_rate_twice_as_high_lies_in_its_own_interval_and_one_does_not():
    ratio = rate_ratio(200, 1000, other_hits=100, other_people=1000)
    assert ratio.value == pytest.approx(200.5 / 100.5)
    assert 1.0 < ratio.low < 2.0 < ratio.high


def test_a_small_group_without_alerts_is_near_one_and_hardly_known():
    ratio = rate_ratio(0, 5, other_hits=10, other_people=995)
    assert ratio.value == pytest.approx((0.005 / 5) / (10.995 / 995))
    assert ratio.high > 100


def test_a_ratio_without_any_alert_is_unknown():
    assert isnan(rate_ratio(0, 5, other_hits=0, other_people=5).value)


def test_even_p_values_are_a_step_from_uniform():
    assert ks_distance(numbers(0.125, 0.375, 0.625, 0.875)) == pytest.approx(0.125)


def test_p_values_that_are_all_one_are_as_far_as_can_be():
    assert ks_distance(numbers(1.0, 1.0)) == pytest.approx(1.0)


def test_auc_counts_ties_for_half():
    assert auc(numbers(2.0, 1.0), numbers(1.0, 0.0)) == pytest.approx((1 + 1 + 0.5 + 1) / 4)


def test_recall_at_a_false_share_takes_what_is_above_the_line():
    real = np.arange(100, dtype=np.float64)
    assert recall_at(numbers(200.0, 98.5, 50.0), real, false_share=0.01) == pytest.approx(2 / 3)


def test_recall_among_ties_is_by_lot():
    assert recall_at(np.ones(10), np.ones(100), false_share=0.05) == pytest.approx(0.05)


def test_average_precision_of_a_perfect_order_is_one():
    assert average_precision(numbers(3, 2, 1), np.array([True, True, False])) == 1.0


def test_average_precision_of_equal_scores_is_the_share():
    assert average_precision(np.ones(4), np.array([True, False, False, False])) == pytest.approx(0.25)


def test_average_precision_by_hand():
    found = average_precision(numbers(4, 3, 2, 1), np.array([True, False, True, False]))
    assert found == pytest.approx((1 / 1 + 2 / 3) / 2)


def test_ecod_of_one_column_is_the_smaller_tail():
    scores = ecod(numbers(1, 2, 3, 100).reshape(-1, 1))
    assert scores.tolist() == pytest.approx([log(4), log(2), log(2), log(4)])


def test_ecod_adds_up_what_is_rare_in_every_column():
    rng = np.random.default_rng(3)
    rows = np.vstack([rng.normal(size=(200, 4)), np.full((1, 4), 4.0)])
    assert ecod(rows).argmax() == 200


def test_an_isolation_forest_sets_the_far_row_apart():
    rng = np.random.default_rng(1)
    rows = np.vstack([rng.normal(size=(300, 3)), [[9.0, 9.0, 9.0]]])
    scores = isolation_forest(rows, seed=2, trees=50)
    assert scores.argmax() == 300
    assert scores[300] > 0.6 > np.median(scores)


def test_equal_rows_are_equally_far():
    assert len(set(isolation_forest(np.ones((20, 2)), seed=1, trees=5).tolist())) == 1
