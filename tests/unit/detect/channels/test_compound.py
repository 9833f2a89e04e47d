# SPDX-License-Identifier: EUPL-1.2
"""The tail of a sum of weights is that of what was drawn; where all weigh one, that of a count."""

import numpy as np
import pytest

from rekenschap.detect.channels.compound import log_tails_of_sums
from rekenschap.detect.tail import Prior, log_tail

WEIGHTS = np.array([0.5, 0.25, 0.15, 0.1])


def tails(total, *, mean, shape, weights=WEIGHTS):
    size = len(total)
    prior = Prior(rate=np.full(size, mean), shape=np.full(size, shape))
    return log_tails_of_sums(np.asarray(total), np.ones(size), prior, weights=np.tile(weights, (size, 1)))


@pytest.mark.parametrize(("mean", "shape"), [(0.05, 0.3), (2.0, 1.0), (8.0, 4.0)])
def test_tails_are_those_of_sums_that_were_drawn(mean, shape):
    rng = np.random.default_rng(1)
    count = rng.poisson(rng.gamma(shape, mean / shape, 100_000))
    each = rng.choice(4, size=int(count.sum()), p=WEIGHTS) + 1
    drawn = np.bincount(np.repeat(np.arange(len(count)), count), weights=each, minlength=len(count))
    total = np.arange(0, 25)
    reached, beyond = tails(total, mean=mean, shape=shape)
    assert np.exp(reached) == pytest.approx([(drawn >= each).mean() for each in total], abs=0.006)
    assert np.exp(beyond) == pytest.approx([(drawn > each).mean() for each in total], abs=0.006)


def test_where_everything_weighs_one_the_sum_is_the_count():
    total = np.array([1, 3, 9, 30, 120])
    only = np.array([1.0, 0.0, 0.0])
    reached, _ = tails(total, mean=2.0, shape=1.5, weights=only)
    same = log_tail(total.astype(float), np.ones(5), Prior(rate=np.full(5, 2.0), shape=np.full(5, 1.5)))
    assert reached == pytest.approx(same, rel=1e-6)


def test_far_tails_fall_on_without_end_and_never_rise():
    total = np.arange(1, 400)
    reached, beyond = tails(total, mean=0.2, shape=1.0)
    assert (np.diff(reached) < 0).all()
    assert (beyond < reached).all()
    assert reached[-1] < -100


def test_what_is_heavy_and_rare_says_more_than_the_same_number_of_light_things():
    light, heavy = (
        tails(np.array([2]), mean=0.5, shape=1.0)[0][0],
        tails(np.array([8]), mean=0.5, shape=1.0)[0][0],
    )
    assert heavy < light - 1


def test_cells_do_not_change_each_other():
    many = tails(np.arange(0, 60), mean=1.0, shape=0.5)[0]
    alone = [tails(np.array([each]), mean=1.0, shape=0.5)[0][0] for each in range(60)]
    assert many == pytest.approx(alone, rel=1e-3, abs=1e-6)
