# SPDX-License-Identifier: EUPL-1.2
"""The tail of the Poisson-binomial against every outcome written out, in exact fractions."""

from fractions import Fraction
from itertools import product
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.detect.leak.counting import log_holm, log_tails

chance = st.fractions(min_value=Fraction(1, 10**9), max_value=Fraction(999, 1000), max_denominator=10**9)


def by_hand(chances: list[Fraction], at_least: int) -> Fraction:
    total = Fraction(0)
    for outcome in product((0, 1), repeat=len(chances)):
        if sum(outcome) >= at_least:
            mass = Fraction(1)
            for came_true, each in zip(outcome, chances, strict=True):
                mass *= each if came_true else 1 - each
            total += mass
    return total


@given(st.lists(chance, min_size=1, max_size=9), st.data())
def test_the_tail_is_the_sum_over_every_outcome(chances, data):
    at_least = data.draw(st.integers(0, len(chances) + 1))
    found = log_tails(np.array([[float(each) for each in chances]]), np.array([at_least]))[0]
    expected = by_hand(chances, at_least)
    if not expected:
        assert found == -np.inf
    else:
        assert found == pytest.approx(log(expected), rel=1e-9, abs=1e-9)


@given(st.integers(1, 60), st.integers(1, 60), st.floats(1e-12, 0.9))
def test_equal_chances_are_the_binomial(draws, at_least, each):
    from scipy import stats

    found = log_tails(np.full((1, draws), each), np.array([at_least]))[0]
    expected = stats.binom.logsf(at_least - 1, draws, each)
    if np.isfinite(expected) and expected > -600:
        assert found == pytest.approx(expected, rel=1e-7, abs=1e-9)


def test_what_no_double_can_hold_still_has_a_logarithm():
    found = log_tails(np.full((1, 40), 1e-14), np.array([40]))[0]
    assert found == pytest.approx(40 * log(1e-14), rel=1e-9)


@pytest.mark.parametrize("at_least", [3, 40, 260, 399])
def test_by_halves_gives_what_one_by_one_gives(at_least, monkeypatch):
    chances = np.random.default_rng(4).uniform(1e-6, 0.6, (3, 400))
    asked = np.full(3, at_least)
    halves = log_tails(chances, asked)
    monkeypatch.setattr("rekenschap.detect.leak.counting._BY_STEPS", 1000)
    assert halves == pytest.approx(log_tails(chances, asked), rel=1e-9, abs=1e-9)


@given(st.lists(chance, min_size=1, max_size=8), st.integers(1, 8), st.integers(0, 7))
def test_a_larger_chance_is_never_more_surprising(chances, at_least, which):
    plain = np.array([[float(each) for each in chances]])
    larger = plain.copy()
    larger[0, which % len(chances)] = min(0.9999, larger[0, which % len(chances)] * 2)
    asked = np.array([min(at_least, len(chances))])
    assert log_tails(larger, asked)[0] >= log_tails(plain, asked)[0] - 1e-9


@given(st.lists(st.floats(1e-12, 1.0), min_size=1, max_size=8), st.integers(0, 50))
def test_holm_counts_those_who_met_nobody_too(tails, others):
    found = log_holm(np.log(tails), tests=len(tails) + others)
    every = sorted(enumerate([*tails, *[1.0] * others]), key=lambda each: each[1])
    highest, expected = 0.0, {}
    for rank, (place, tail) in enumerate(every):
        highest = max(highest, min(1.0, tail * (len(every) - rank)))
        expected[place] = highest
    assert [exp(each) for each in found] == pytest.approx(
        [expected[place] for place in range(len(tails))], rel=1e-9
    )
