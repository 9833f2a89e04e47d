# SPDX-License-Identifier: EUPL-1.2
"""A budget takes the highest first, nobody twice in four weeks, and saves up parts of an alert."""

from math import inf

import numpy as np
import pytest

from rekenschap.audit.evaluating.measuring.spending import Pile, spend


def pile(*alerts: tuple[int, int, float]) -> Pile:
    week, key, score = (np.array(each) for each in zip(*alerts, strict=True))
    return Pile(week=week * 7, key=key, score=score.astype(np.float64))


def taken(alerts: Pile, per_week: float, *, weeks: int = 8, least: float = -inf) -> list[tuple[int, int]]:
    found = spend(alerts, first_week=0, last_week=7 * (weeks - 1), per_week=per_week, least=least)
    return list(zip(found.row.tolist(), (found.week // 7).tolist(), strict=True))


def test_the_highest_score_goes_first_and_the_next_waits():
    assert taken(pile((0, 0, 1.0), (0, 1, 2.0)), 1) == [(1, 0), (0, 1)]


def test_an_alert_waits_four_weeks_at_the_most():
    crowd = [(week, 10 + week, 9.0) for week in range(4)]
    assert taken(pile((0, 0, 1.0), *crowd), 1) == [(1, 0), (2, 1), (3, 2), (4, 3)]


def test_a_second_alert_about_the_same_one_joins_the_first_for_four_weeks():
    same = pile(*((week, 0, 5.0) for week in range(6)))
    assert taken(same, 5) == [(0, 0), (4, 4)]


def test_half_an_alert_a_week_is_one_in_two_weeks():
    many = pile(*((week, week, 1.0 + week) for week in range(4)))
    assert [week for _, week in taken(many, 0.5, weeks=4)] == [1, 3]


def test_what_is_not_spent_is_not_saved_for_months():
    assert len(taken(pile(*((7, key, 1.0) for key in range(9))), 2)) == 2


def test_without_a_limit_everything_of_enough_score_is_taken():
    assert taken(pile((0, 0, 1.0), (0, 1, 3.0), (1, 2, 2.0)), inf, least=2.0) == [(1, 0), (2, 1)]


@pytest.mark.parametrize("per_week", [1.0, inf])
def test_no_alerts_is_no_trouble(per_week: float):
    nothing = Pile(week=np.zeros(0, int), key=np.zeros(0, int), score=np.zeros(0))
    assert taken(nothing, per_week) == []
