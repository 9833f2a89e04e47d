# SPDX-License-Identifier: EUPL-1.2
"""Whether a score, read as a chance, is told to be true when it is and untrue when it is not."""

from math import isnan

import numpy as np
import pytest

from rekenschap.explain.weighing.calibration import BINS, Sides, calibrated, calibration
from rekenschap.explain.weighing.fitting import Evidence
from rekenschap.explain.weighing.levels import no_levels


def drawn(size: int = 100_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    chance = rng.random(size)
    return chance, (rng.random(size) < chance).astype(np.float64), np.ones(size)


def test_chances_that_come_true_as_often_as_they_say_have_hardly_an_error():
    found = calibrated(*drawn())
    assert found.error < 0.01
    assert len(found.said) == BINS
    assert found.said == tuple(sorted(found.said))


def test_chances_that_are_too_sure_have_a_large_one():
    chance, was, weight = drawn()
    assert calibrated(np.where(chance > 0.5, 0.99, 0.01), was, weight).error == pytest.approx(0.24, abs=0.01)


def test_a_look_that_weighs_nothing_changes_nothing():
    chance, was, weight = drawn(1000)
    more = calibrated(np.append(chance, 1.0), np.append(was, 0.0), np.append(weight, 0.0))
    assert more.error == pytest.approx(calibrated(chance, was, weight).error)


def evidence(share: float, size: int) -> Evidence:
    hits = (np.random.default_rng(size).random(size) < share)[:, None]
    return Evidence(hits=hits, levels=no_levels(size))


def test_the_score_is_asked_of_looks_it_was_not_fitted_on_and_is_nearly_true():
    sides = Sides(real=evidence(0.8, 4001), team=evidence(0.2, 4002), wide=evidence(0.05, 4003))
    assert calibration(("one",), sides).error < 0.02


def test_without_permuted_looks_nothing_is_known():
    sides = Sides(real=evidence(0.8, 40), team=evidence(0.2, 40), wide=evidence(0.0, 0))
    assert isnan(calibration(("one",), sides).error)
