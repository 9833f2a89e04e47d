# SPDX-License-Identifier: EUPL-1.2
"""A week is filled by rank, by what is unknown and by lot; the lot says what is missed, without bias."""

import numpy as np
import pyarrow as pa
import pytest

from rekenschap.detect.queueing import Learnt, Lot, Share, missed, queue


def alerts(count: int, channels: int = 4) -> pa.Table:
    return pa.table(
        {
            "channel": [f"channel_{row % channels}" for row in range(count)],
            "score": [float(count - row) for row in range(count)],
            "look": [[row, row + 1000] for row in range(count)],
        }
    )


LOOKS = pa.array(range(5000, 6000), pa.int64())


def test_seven_in_ten_go_by_rank_two_to_learning_and_one_by_lot():
    filled = queue(alerts(50), looks=LOOKS, budget=20, seed=1)
    assert [len(filled.of(share)) for share in Share] == [14, 4, 2]
    assert [each.row for each in filled.of(Share.RANK)] == [*range(14)]
    assert all(each.row >= 14 for each in filled.of(Share.LEARNING))


def test_the_order_of_the_rows_does_not_matter():
    turned = alerts(50).take(list(reversed(range(50))))
    assert [each.looks for each in queue(turned, looks=LOOKS, budget=20, seed=1).of(Share.RANK)] == [
        (row, row + 1000) for row in range(14)
    ]


def test_even_one_item_a_week_is_by_lot_now_and_then_never_by_nobody():
    filled = queue(alerts(50), looks=LOOKS, budget=1, seed=1)
    assert [each.share for each in filled.items] == [Share.LOT]


def test_learning_goes_where_least_is_known():
    known = {f"channel_{each}": Learnt(looked_into=2000, held=1000) for each in range(3)}
    drawn = [
        queue(alerts(80), looks=LOOKS, budget=10, seed=seed, learnt=known).of(Share.LEARNING)
        for seed in range(60)
    ]
    rows = [each.row % 4 for items in drawn for each in items]
    assert rows.count(3) > 0.8 * len(rows)


def test_every_look_has_the_same_chance_in_the_lot():
    drawn = np.bincount(
        [
            each.looks[0] - 5000
            for seed in range(400)
            for each in queue(alerts(3), looks=LOOKS[:50], budget=50, seed=seed).of(Share.LOT)
        ],
        minlength=50,
    )
    assert queue(alerts(3), looks=LOOKS[:50], budget=50, seed=0).of(Share.LOT)[0].chance == 0.1
    assert abs(drawn - 40).max() < 26


def test_no_alerts_leave_the_lot():
    assert {each.share for each in queue(alerts(0), looks=LOOKS, budget=10, seed=1).items} == {Share.LOT}


def test_the_estimate_is_right_on_average_and_the_interval_holds_the_truth():
    rng = np.random.default_rng(1)
    sizes, share = np.array([2_000, 3_000, 900, 5_000]), 0.02
    truth = sizes.sum() * share
    drawn = [
        missed(
            [Lot(looks=int(n), drawn=int(n) // 40, missed=int(rng.binomial(n // 40, share))) for n in sizes]
        )
        for _ in range(800)
    ]
    assert np.mean([each.estimate for each in drawn]) == pytest.approx(truth, rel=0.05)
    assert np.mean([each.low <= truth <= each.high for each in drawn]) >= 0.94


def test_none_missed_has_an_upper_end_and_no_lot_knows_nothing():
    told = missed([Lot(looks=1000, drawn=100, missed=0)])
    assert (told.estimate, told.low) == (0.0, 0.0)
    assert told.high == pytest.approx(10 * 3.6889, rel=1e-3)
    nothing = missed([Lot(looks=1000, drawn=0, missed=0)])
    assert (nothing.low, nothing.high) == (0.0, 1000.0)
