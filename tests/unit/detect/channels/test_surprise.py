# SPDX-License-Identifier: EUPL-1.2
"""How far a tail is believed: new is beside new, rare comes in lumps, and nobody is the own yardstick."""

import numpy as np
import pytest

from rekenschap.detect.channels.counted import Daily, Lookers, Running, Window, lengths_by
from rekenschap.detect.channels.surprise import FarEnd, Surprise, surprise
from rekenschap.detect.peers import Cells


def window(count, *, exposure=10.0, tenure=None, past=None, days=7) -> Window:
    size = len(count)
    cells = Cells(
        owner=np.arange(size),
        group=np.zeros(size, dtype=np.int64),
        count=np.asarray(count, dtype=np.float64),
        exposure=np.full(size, exposure),
    )
    return Window(
        days=days, newest=np.zeros(size, dtype=np.int64), cells=cells,
        tenure=np.zeros(size, dtype=np.int64) if tenure is None else np.asarray(tenure),
        past_count=np.zeros(size) if past is None else np.asarray(past, dtype=np.float64),
        past_exposure=np.zeros(size) if past is None else np.full(size, 10 * exposure),
        habit=past is not None,
    )  # fmt: skip


def judged(what: Window) -> Surprise:
    return surprise(what, owners=len(what.newest), peers_at_least=8, bare_too=False)


def told(reached: np.ndarray) -> Surprise:
    none = np.zeros(len(reached))
    return Surprise(reached=reached, beyond=reached - 1.0, usual=none, borrowed=none)


RNG = np.random.default_rng(1)
QUIET = RNG.poisson(1.0, 400)


def test_whoever_is_new_is_held_beside_who_is_as_new():
    new = np.arange(400) < 20
    count = np.where(new, 12, QUIET)
    alike = judged(window(count)).reached[0]
    beside_new = judged(window(count, tenure=np.where(new, 0, 3))).reached[0]
    assert alike < -6 < -2 < beside_new


def test_a_new_one_who_does_far_more_than_the_new_still_stands_out():
    new = np.arange(400) < 20
    count = np.where(new, 4, QUIET)
    count[0] = 40
    assert judged(window(count, tenure=np.where(new, 0, 3))).reached[0] < -8


def test_what_somebody_always_did_is_no_surprise():
    count, past = QUIET.copy(), QUIET * 10
    count[0], past[0] = 12, 120
    assert judged(window(count, past=past)).reached[0] > -4
    past[0] = 10
    assert judged(window(count, past=past)).reached[0] < -8


def test_what_is_rare_comes_in_lumps_until_much_of_it_was_seen():
    rare, common = np.zeros(400), np.tile([1.0, 0.0], 200)
    rare[:3], rare[0], common[0] = 1, 4, 4
    usual = [judged(window(each)) for each in (rare, common)]
    assert usual[0].usual[0] < usual[1].usual[0] / 10
    assert usual[0].reached[0] > np.log(usual[0].usual[0]) * 4
    assert usual[0].reached[0] > -14


def test_the_more_others_stood_apart_the_less_one_more_is_worth():
    ends = []
    for others in (0, 3, 30):
        reached = np.full(1000, np.log(0.5))
        reached[: others + 1] = -60.0
        end = FarEnd(days=7)
        end.take_in(told(reached), np.arange(1000))
        ends.append(-end.believed(reached, np.arange(1000))[0])
    assert ends[0] > ends[1] > ends[2] > 0
    assert ends[0] > 25


def test_nobody_is_the_own_yardstick():
    reached = np.full(1000, np.log(0.5))
    reached[0] = -40.0
    alone, twice = FarEnd(days=7), FarEnd(days=7)
    alone.take_in(told(reached), np.arange(1000))
    twice.take_in(told(np.where(reached < -1, -400.0, reached)), np.arange(1000))
    assert alone.believed(reached, np.arange(1000))[0] == pytest.approx(
        twice.believed(reached, np.arange(1000))[0]
    )


def test_believing_keeps_the_order_and_never_adds():
    reached = -np.sort(RNG.gamma(0.7, 6.0, 2000))
    end = FarEnd(days=1)
    end.take_in(told(reached), np.zeros(2000, dtype=np.int64))
    believed = end.believed(reached, np.zeros(2000, dtype=np.int64))
    assert (np.diff(believed) <= 1e-9).all()
    assert (believed >= reached - 1e-9).all()


def test_a_burst_is_one_occasion_in_a_longer_window():
    owner, day = np.zeros(40, dtype=np.int64), np.full(40, 3)
    counted = Running.of(owner, day, owners=1, first=0, last=20)
    exposed = Running.of(np.zeros(21, dtype=np.int64), np.arange(21), owners=1, first=0, last=20)
    nothing = np.zeros(1, dtype=np.int64)
    daily = Daily.of(counted, exposed, group=nothing, began=nothing, bursts=True)
    most = {each.days: each.cells.count.max() for each in daily.windows(6)}
    assert most == {1: 40, 7: 2}
    assert [each.days for each in Daily.of(counted, exposed, group=nothing, began=nothing).windows(6)] == [7]


def test_a_team_is_no_crowd():
    staff = np.arange(12)
    shared = {"staff": staff, "owner": np.zeros(12, dtype=np.int64), "day": np.full(12, 3), "owners": 1}
    without = np.ones(12, dtype=np.int64)
    one, many = (
        Lookers.of(**shared, without=without, team=team, at_least=3)
        for team in (np.zeros(12, dtype=np.int64), staff)
    )
    assert [next(each.windows(6)).cells.count.tolist() for each in (one, many)] == [[2.0], [12.0]]


def test_a_reason_on_a_later_day_does_not_excuse_an_earlier_week():
    staff, day = np.array([0, 1, 2, 2]), np.array([3, 3, 3, 9])
    crowd = Lookers.of(
        staff=staff, owner=np.zeros(4, dtype=np.int64), day=day, without=np.array([1, 1, 1, 0]), owners=1,
        team=np.arange(3), at_least=3,
    )  # fmt: skip
    longest = [[*crowd.windows(end)][-1].cells.count.tolist() for end in (6, 13)]
    assert longest == [[3.0], [2.0]]


def test_windows_longer_than_the_past_are_one():
    assert [lengths_by(end) for end in (3, 6, 50, 400)] == [[1, 7], [1, 7], [1, 7, 42, 182], [1, 7, 42, 182]]


def crowds(without, *, came) -> Window:
    size = len(came)
    cells = Cells(
        owner=np.arange(size), group=np.zeros(size, dtype=np.int64),
        count=np.asarray(without, dtype=np.float64), exposure=np.asarray(came, dtype=np.float64),
    )  # fmt: skip
    none = np.zeros(size)
    return Window(
        days=42, newest=np.zeros(size, dtype=np.int64), cells=cells, tenure=np.zeros(size, dtype=np.int64),
        past_count=none, past_exposure=none,
    )  # fmt: skip


def crowded(without, came) -> np.ndarray:
    window = crowds(without, came=came)
    return surprise(window, owners=len(came), peers_at_least=8, bare_too=True).reached


def visited(size=2_000):
    """Give how many came to each subject, and how many of those without a reason: one in thirty."""
    rng = np.random.default_rng(3)
    came = np.clip(rng.poisson(3.0, size), 3, 9)
    return rng.binomial(came, 0.03), came


def test_where_records_of_some_subjects_are_elsewhere_one_more_such_is_no_news():
    without, came = visited()
    without[0], came[0] = 8, 8
    alone = crowded(without, came)[0]
    without[1:41] = came[1:41]
    assert alone < -9
    assert crowded(without, came)[0] > alone + 2


def test_before_any_is_seen_it_is_believed_that_records_may_be_elsewhere():
    without, came = visited()
    without[0], came[0] = 8, 8
    believed = np.log(0.5 / 2_001) + np.log(1 / 2_000)
    assert crowded(without, came)[0] > believed + 0.5


def test_a_crowd_larger_than_ever_comes_to_anybody_stands_out_even_then():
    without, came = visited()
    without[1:11] = came[1:11]
    without[0], came[0] = 9, 9
    usual = crowded(without, came)[0]
    without[0], came[0] = 60, 60
    assert crowded(without, came)[0] < usual - 2
