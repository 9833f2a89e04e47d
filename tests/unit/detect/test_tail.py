# SPDX-License-Identifier: EUPL-1.2
"""The mathematics against scipy's own distributions, against simulation, and at the edges of a double."""

import numpy as np
import pytest
from scipy import stats

from rekenschap.detect.peers import Cells, prior_of_counts, prior_of_peers
from rekenschap.detect.tail import Prior, log_q_values, log_tail, smallest_per


def prior(rate, shape, size=1):
    return Prior(rate=np.full(size, float(rate)), shape=np.full(size, float(shape)))


def cells_of(count, exposure=None, group=None):
    count = np.asarray(count, dtype=np.float64)
    return Cells(
        owner=np.arange(len(count)),
        group=np.zeros(len(count), dtype=np.int64) if group is None else np.asarray(group),
        count=count,
        exposure=np.ones(len(count)) if exposure is None else np.asarray(exposure, dtype=np.float64),
    )


@pytest.mark.parametrize("shape", [0.05, 0.5, 2.0, 50.0])
@pytest.mark.parametrize("mean", [0.01, 1.0, 30.0])
def test_the_tail_is_the_negative_binomial_of_scipy(shape, mean):
    counts = np.arange(0, 120, dtype=np.float64)
    ours = log_tail(counts, np.ones(120), prior(mean, shape, 120))
    theirs = stats.nbinom.sf(counts - 1, shape, shape / (shape + mean))
    usable = theirs > 1e-250
    assert np.allclose(np.exp(ours[usable]), theirs[usable], rtol=1e-9)


def test_a_tail_too_small_for_a_double_is_bounded_from_above():
    counts = np.array([400.0, 2000.0, 1e6])
    ours = log_tail(counts, np.ones(3), prior(1.0, 2.0, 3))
    exact = [float(stats.nbinom.logpmf(u + np.arange(400), 2.0, 2 / 3).max()) for u in counts[:2]]
    assert np.isfinite(ours).all()
    assert (ours[:2] >= exact).all()
    assert (ours[:2] < np.array(exact) + 1.2).all()
    assert ours[0] > ours[1] > ours[2]


def test_the_tail_agrees_with_simulation():
    rng = np.random.default_rng(3)
    drawn = rng.poisson(rng.gamma(1.5, 0.04 / 1.5, 400_000) * 60)
    for count in (3, 6, 10):
        ours = np.exp(log_tail(np.array([float(count)]), np.array([60.0]), prior(0.04, 1.5)))[0]
        assert ours == pytest.approx((drawn >= count).mean(), rel=0.05)


def test_nothing_seen_is_never_surprising():
    assert (log_tail(np.zeros(2), np.array([0.0, 9.0]), prior(0.1, 1.0, 2)) == 0).all()


def test_more_is_never_less_surprising():
    counts = np.arange(1, 3000, dtype=np.float64)
    assert (np.diff(log_tail(counts, np.full(2999, 5.0), prior(0.2, 0.7, 2999))) <= 0).all()


@pytest.mark.parametrize(("shape", "rate"), [(0.5, 0.1), (2.0, 0.05), (5.0, 0.02), (50.0, 0.3)])
def test_p_values_of_innocent_counts_are_uniform(shape, rate):
    """Discrete p-values are spread over their step, so that uniform is what calibrated looks like."""
    rng = np.random.default_rng(11)
    exposure = rng.integers(20, 200, 2000).astype(np.float64)
    count = rng.poisson(rng.gamma(shape, rate / shape, 2000) * exposure).astype(np.float64)
    fitted, _ = prior_of_peers(cells_of(count, exposure), owners=2000, at_least=8)
    high, low = np.exp(log_tail(count, exposure, fitted)), np.exp(log_tail(count + 1, exposure, fitted))
    assert stats.kstest(low + rng.random(2000) * (high - low), "uniform").statistic <= 0.05


def test_small_p_values_are_not_too_common_in_a_small_role():
    rng = np.random.default_rng(12)
    small = []
    for _ in range(100):
        exposure = rng.integers(20, 200, 20).astype(np.float64)
        count = rng.poisson(rng.gamma(2.0, 0.025, 20) * exposure).astype(np.float64)
        fitted, _ = prior_of_peers(cells_of(count, exposure), owners=20, at_least=8)
        small.extend(np.exp(log_tail(count, exposure, fitted)) < 0.005)
    assert np.mean(small) <= 0.0075


def test_two_who_do_the_same_do_not_hide_each_other():
    count = [2, 1, 3, 2, 2, 0, 1, 3, 2, 4, 30, 30]
    fitted, _ = prior_of_peers(cells_of(count, np.full(12, 100)), owners=12, at_least=8)
    assert (
        log_tail(np.array([30.0, 30.0]), np.full(2, 100.0), fitted.at(np.array([10, 11]))) < np.log(1e-5)
    ).all()


def test_nobody_is_its_own_yardstick():
    quiet, loud = [2.0, 1, 3, 2, 2, 0, 1, 3, 2, 5], [2.0, 1, 3, 2, 2, 0, 1, 3, 2, 500]
    priors = [prior_of_peers(cells_of(each), owners=10, at_least=8)[0] for each in (quiet, loud)]
    assert priors[0].rate[9] == pytest.approx(priors[1].rate[9])
    assert priors[0].shape[9] == pytest.approx(priors[1].shape[9])


def test_a_small_group_borrows_from_everybody():
    group = [0] * 20 + [1] * 3
    fitted, borrowed = prior_of_peers(cells_of([2] * 20 + [9] * 3, group=group), owners=23, at_least=8)
    assert borrowed.tolist() == [False] * 20 + [True] * 3
    assert fitted.rate[22] < 4


def test_few_peers_make_a_wide_prior():
    few, many = (prior_of_peers(cells_of([3.0] * n), owners=n, at_least=2)[0] for n in (9, 900))
    assert few.shape[0] < many.shape[0]


def test_alone_nobody_stands_out():
    fitted, _ = prior_of_peers(cells_of([50.0]), owners=1, at_least=8)
    assert log_tail(np.array([50.0]), np.ones(1), fitted)[0] > np.log(0.05)


def test_lumps_that_are_common_are_kept_in_the_bare_prior():
    lumpy = cells_of([0] * 900 + [1] * 95 + [6] * 5)
    robust, _ = prior_of_peers(lumpy, owners=1000, at_least=8)
    bare = prior_of_counts(lumpy, owners=1000)
    six = np.array([6.0])
    assert log_tail(six, np.ones(1), bare.at(np.array([999]))) > log_tail(
        six, np.ones(1), robust.at(np.array([999]))
    )


def test_the_smallest_cell_of_each_owner_is_found():
    best, cell = smallest_per(np.array([0, 2, 2, 0]), np.array([-1.0, -2.0, -5.0, -1.0]), owners=3)
    assert best.tolist() == [-1.0, 0.0, -5.0]
    assert cell.tolist() == [0, -1, 2]


def test_q_values_are_those_of_scipy_when_every_test_is_given():
    p = np.random.default_rng(5).random(200) ** 3
    ours = np.exp(log_q_values(np.log(p), tests=np.full(200, 200.0)))
    assert np.allclose(ours, stats.false_discovery_control(p), rtol=1e-9)


def test_tests_with_p_one_may_be_left_out():
    p = np.array([0.001, 0.02, 0.03, 1, 1, 1, 1, 1])
    ours = np.exp(log_q_values(np.log(p[:3]), tests=np.full(3, 8.0)))
    assert np.allclose(ours, stats.false_discovery_control(p)[:3])


def test_no_tests_have_no_q_values():
    assert len(log_q_values(np.zeros(0), tests=np.zeros(0))) == 0


def test_what_is_usual_in_the_whole_house_says_how_alike_the_few_of_one_role_can_be():
    rng = np.random.default_rng(5)
    sizes = np.repeat(np.arange(12), 25)
    exposure = np.full(len(sizes), 500.0)
    count = rng.poisson(0.033 * exposure).astype(float)
    count[0] = 58  # three times as much as 24 peers who are all alike
    cells = Cells(owner=np.arange(len(sizes)), group=sizes, count=count, exposure=exposure)
    prior, _ = prior_of_peers(cells, owners=len(sizes), at_least=8)
    logs = log_tail(count, exposure, prior)
    assert np.argmin(logs) == 0
    assert logs[0] < np.log(1e-6)
    assert np.sort(logs)[1] > np.log(1e-4)
