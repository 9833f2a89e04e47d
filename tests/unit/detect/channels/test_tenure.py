# SPDX-License-Identifier: EUPL-1.2
"""What the new do is learnt from those who were new before, and nobody is the own yardstick."""

import numpy as np
import pytest

from rekenschap.detect.channels.tenure import Tenured
from tests.unit.detect.channels.test_surprise import window

PEOPLE = 200
RNG = np.random.default_rng(2)


def week(new, *, many=6):
    count = RNG.poisson(0.3, PEOPLE)
    count[new] = many
    tenure = np.full(PEOPLE, 4)
    tenure[new] = 0
    return window(count, tenure=tenure)


def test_whoever_was_new_in_weeks_before_says_what_is_usual_for_the_next_new_one():
    seen = Tenured()
    for each in range(8):
        seen.beside(week([each]), owners=PEOPLE)
    cells, shape = seen.beside(week([20]), owners=PEOPLE)
    assert cells.exposure[20] > 60
    assert cells.exposure[100] == pytest.approx(10, rel=0.2)
    assert np.isinf(shape[100])
    assert shape[20] < 1.5


def test_the_first_new_one_is_as_others_but_less_is_known_of_it():
    cells, shape = Tenured().beside(week([0]), owners=PEOPLE)
    assert cells.exposure[0] == pytest.approx(10)
    assert shape[0] < 0.5


def test_the_own_weeks_do_not_excuse_the_next():
    seen = Tenured()
    for _ in range(8):
        seen.beside(week([0]), owners=PEOPLE)
    cells, _ = seen.beside(week([0]), owners=PEOPLE)
    assert cells.exposure[0] == pytest.approx(10)


def test_owners_who_come_in_later_find_their_place():
    seen = Tenured()
    seen.beside(window([1, 2], tenure=[0, 4]), owners=2)
    cells, _ = seen.beside(window([1, 2, 3], tenure=[0, 4, 0]), owners=3)
    assert len(cells.exposure) == 3
