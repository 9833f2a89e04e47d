# SPDX-License-Identifier: EUPL-1.2
"""Permuted looks keep who and when, and never give back a look that really took place."""

import numpy as np
import pytest

from rekenschap.explain.null import (
    Permuted,
    Width,
    are_first,
    are_strangers,
    permute,
    permute_strangers,
    repeats_for,
)
from rekenschap.explain.pool import Pool


def pool(rows: list[tuple[int, int, int, int]], *, not_people: tuple[int, ...] = ()) -> Pool:
    """Rows of staff, subject, team and day."""
    staff, subject, team, day = np.array(rows, dtype=np.int64).T
    return Pool(
        staff=staff,
        subject=subject,
        team=team,
        day=day,
        member=~np.isin(staff, not_people),
        first=np.full(len(rows), True),
        team_class=np.zeros(len(rows), dtype=np.int64),
    )


def permuted(looks: Pool, repeats: int = 50) -> Permuted:
    return permute(looks, np.random.default_rng(1), repeats=repeats)


def test_the_citizen_comes_from_the_same_team_and_day_when_one_is_there():
    looks = pool([(0, 0, 0, 1), (1, 1, 0, 1), (2, 2, 1, 1), (3, 3, 1, 1)])
    given = permuted(looks)
    assert set(given.width) == {Width.TEAM_DAY}
    assert (looks.team[given.donor_row] == looks.team[given.repeats_row]).all()


def test_a_citizen_this_person_really_saw_that_day_is_never_given():
    looks = pool([(0, 0, 0, 1), (0, 1, 0, 1), (1, 1, 0, 1), (1, 2, 0, 1)])
    given = permuted(looks)
    pairs = set(zip(looks.staff[given.repeats_row], looks.subject[given.donor_row], strict=True))
    assert pairs == {(0, 2), (1, 0)}


def test_one_fitting_donor_among_many_that_do_not_fit_is_found():
    many = [(0, subject, 0, 1) for subject in range(200)]
    looks = pool([*many, (1, 200, 0, 1)])
    given = permuted(looks, repeats=1)
    mine = looks.staff[given.repeats_row] == 0
    assert set(looks.subject[given.donor_row[mine]]) == {200}
    assert set(given.width[mine]) == {Width.TEAM_DAY}


@pytest.mark.parametrize(
    ("elsewhere", "width"),
    [
        ((1, 1, 0, 5), Width.TEAM_WEEK),
        ((1, 1, 0, 50), Width.TEAM),
        ((1, 1, 1, 4), Width.DAY),
        ((1, 1, 1, 50), Width.ALL),
    ],
)
def test_without_a_fitting_citizen_the_search_widens(elsewhere: tuple[int, int, int, int], width: Width):
    given = permuted(pool([(0, 0, 0, 4), elsewhere]), repeats=1)
    assert given.width[given.repeats_row == 0].tolist() == [width]
    assert dict(given.shares())[width] > 0


def test_a_look_for_which_nobody_offers_another_citizen_is_left_out():
    assert len(permuted(pool([(0, 0, 0, 1), (1, 0, 0, 1)]))) == 0


def test_accounts_behind_which_is_no_person_are_not_permuted():
    given = permuted(pool([(0, 0, 0, 1), (1, 1, 0, 1)], not_people=(1,)))
    assert set(given.repeats_row) == {0}


def test_a_permuted_look_at_a_citizen_seen_before_is_no_first_look():
    looks = pool([(0, 0, 0, 1), (1, 1, 0, 1), (0, 1, 0, 2), (1, 2, 0, 3), (0, 3, 0, 3)])
    given = Permuted(
        repeats_row=np.array([4, 4]), donor_row=np.array([1, 3]), width=np.zeros(2, dtype=np.int64)
    )
    assert are_first(looks, given).tolist() == [False, True]


def test_a_citizen_seen_on_another_day_is_no_stranger():
    looks = pool([(0, 0, 0, 1), (1, 1, 0, 1), (0, 1, 0, 2), (1, 2, 0, 3), (0, 3, 0, 3)])
    given = Permuted(
        repeats_row=np.array([0, 0, 1]), donor_row=np.array([1, 3, 0]), width=np.zeros(3, dtype=np.int64)
    )
    assert are_strangers(looks, given).tolist() == [False, True, True]
    assert not len(are_strangers(looks, permuted(pool([(0, 0, 0, 1)]))))


def test_repeats_are_enough_and_not_more_than_five():
    assert [repeats_for(looks) for looks in (10, 4_000, 7_000, 20_000, 100_000)] == [5, 5, 3, 1, 1]


def test_a_stranger_is_a_citizen_this_person_never_saw_on_any_day():
    looks = pool([(0, 0, 0, 1), (0, 1, 0, 9), (1, 1, 0, 1), (1, 2, 0, 1), (1, 3, 0, 20)])
    rng = np.random.default_rng(1)
    drawn = [permute_strangers(looks, rng, most=100, begin=Width.TEAM) for _ in range(30)]
    given = [(looks.staff[each.repeats_row], looks.subject[each.donor_row]) for each in drawn]
    pairs = {pair for staff, subject in given for pair in zip(staff.tolist(), subject.tolist(), strict=True)}
    assert pairs == {(0, 2), (0, 3), (1, 0)}


def test_of_very_many_looks_only_as_many_are_given_a_stranger_as_are_asked_for():
    looks = pool([(who, who, 0, 1) for who in range(50)])
    given = permute_strangers(looks, np.random.default_rng(1), most=20, begin=Width.ALL)
    assert len(given) == len(set(given.repeats_row.tolist())) == 20
