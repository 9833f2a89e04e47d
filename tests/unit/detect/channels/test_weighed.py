# SPDX-License-Identifier: EUPL-1.2
"""Visits without a reason weigh by what is unusual about them; nobody is the own yardstick."""

import numpy as np
import pytest

from rekenschap.detect.channels.counted import A_DAY, Running
from rekenschap.detect.channels.surprise import surprise
from rekenschap.detect.channels.weighed import HEAVIEST, Weighed

PEOPLE, DAYS = 100, 56
RNG = np.random.default_rng(4)


def weighed(owner, day, flags, unit=None) -> Weighed:
    everybody = np.repeat(np.arange(PEOPLE), DAYS), np.tile(np.arange(DAYS), PEOPLE)
    return Weighed(
        owner=np.asarray(owner), unit=np.arange(len(owner)) if unit is None else unit,
        day=np.asarray(day), flags=np.asarray(flags, dtype=bool),
        exposed=Running.of(*everybody, owners=PEOPLE, first=0, last=DAYS),
        group=np.arange(PEOPLE) % 2, began=np.full(PEOPLE, -400),
    )  # fmt: skip


def honest(*, seed=5):
    """Everybody misses a reason once a week; one in twenty visits is found by name, one in fifty is late."""
    rng = np.random.default_rng(seed)
    owner = rng.integers(0, PEOPLE, PEOPLE * DAYS // 7)
    day = rng.integers(0, DAYS, len(owner))
    return owner, day, rng.random((len(owner), 2)) < [0.05, 0.02]


def with_one_more(day, flags, *, who=7):
    owner, days, told = honest()
    keep = owner != who
    more = np.full(len(day), who)
    return weighed(
        np.append(owner[keep], more), np.append(days[keep], day), np.concatenate([told[keep], flags])
    )


def of(who: int, counts: Weighed, *, days=7, end=DAYS - 1):
    window = next(each for each in counts.windows(end) if each.days == days)
    judged = surprise(window, owners=PEOPLE, peers_at_least=8, bare_too=False)
    at = int(np.flatnonzero(window.cells.owner == who)[0])
    return window.sums.total[at], judged.reached[at]


def test_a_visit_with_two_rare_flags_says_more_than_a_plain_one():
    plain = of(7, with_one_more([54], [[False, False]]))
    telling = of(7, with_one_more([54], [[True, True]]))
    assert plain[0] == 0  # nothing is said of it
    assert 6 <= telling[0] <= HEAVIEST
    assert telling[1] < plain[1] - 3


def test_what_speaks_adds_up_over_visits():
    once = of(7, with_one_more([54], [[True, False]]), days=42)
    weekly = of(7, with_one_more([20, 27, 34, 41, 48, 54], [[True, False]] * 6), days=42)
    assert weekly[1] < once[1] - 5


def test_a_burst_is_one_occasion():
    many = of(7, with_one_more([54] * 20, [[True, False]] * 20))
    two = of(7, with_one_more([54] * A_DAY, [[True, False]] * A_DAY))
    assert many[0] == two[0]
    assert many[1] == pytest.approx(two[1], abs=0.5)  # twenty more make such visits a little more usual


def test_one_subject_is_one_cause():
    owner, day, told = honest()
    often = np.append(owner, np.full(10, 7)), np.append(day, np.arange(10) * 4 + 16)
    flags = np.concatenate([told, [[True, True]] * 10])
    each = of(7, weighed(*often, flags), days=42)
    one = np.append(np.arange(len(owner)), np.full(10, 10**6))
    same = of(7, weighed(*often, flags, unit=one), days=42)
    assert each[0] - same[0] == pytest.approx(9 * 7, abs=9)
    assert each[1] < same[1] - 10


def test_whoever_does_it_always_is_not_the_own_yardstick():
    own = of(7, with_one_more(np.arange(40), [[True, True]] * 40), days=42)
    assert own[0] / 26 > 6  # of the forty days, those in the window


def test_what_comes_later_does_not_weigh_now():
    owner, day, told = honest()
    early = [each for each in weighed(owner, day, told).windows(27)]
    until = day <= 27
    same = [each for each in weighed(owner[until], day[until], told[until]).windows(27)]
    for one, other in zip(early, same, strict=True):
        assert one.sums.total.tolist() == other.sums.total.tolist()
        assert one.sums.weights == pytest.approx(other.sums.weights)


def test_sums_of_honest_people_are_no_surprise():
    owner, day, told = honest(seed=9)
    counts = weighed(owner, day, told)
    for window in counts.windows(DAYS - 1):
        judged = surprise(window, owners=PEOPLE, peers_at_least=8, bare_too=False)
        assert np.exp(judged.reached).min() > 1e-4


def test_in_a_role_where_such_visits_are_hardly_seen_three_together_are_taken_for_one_cause():
    owner, day, told = honest()
    known = with_one_more([40, 46, 52], [[True, False]] * 3)
    there = (owner % 2 != 7 % 2) & (owner != 7)
    alone = np.append(owner[there], [7] * 3), np.append(day[there], [40, 46, 52])
    hardly = weighed(*alone, np.concatenate([told[there], [[True, False]] * 3]))
    more, fewer = of(7, known, days=42), of(7, hardly, days=42)
    assert more[0] == fewer[0]
    assert fewer[1] > -7.6  # seen over the whole house it would be -7.9
