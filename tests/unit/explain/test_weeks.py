# SPDX-License-Identifier: EUPL-1.2
import numpy as np

from rekenschap.explain.pool import Pool
from rekenschap.explain.weeks import weeks_of
from rekenschap.model.explanation import Weight

SUNDAY, MONDAY = 20_513, 20_514  # 1 and 2 March 2026


def test_shares_are_counted_by_week_from_monday_and_weeks_without_people_are_left_out():
    nothing = np.zeros(4, dtype=np.int64)
    pool = Pool(
        staff=nothing,
        subject=nothing,
        team=nothing,
        day=np.array([SUNDAY, MONDAY, MONDAY + 6, MONDAY + 7]),
        member=np.array([True, True, True, False]),
        first=np.full(4, True),
        team_class=nothing,
    )
    full, weak = [True, False, True, True], [True, True, True, True]
    null = np.array([[False, True], [True, True]])
    weeks = weeks_of(
        pool,
        np.array([full, weak]).T,
        null_hits=null,
        repeats_row=np.array([0, 1]),
        weights=(Weight.FULL, Weight.WEAK),
    )
    assert weeks.to_pylist() == [
        {"monday": MONDAY - 7, "looks": 1, "explained": 1.0, "null_explained": 0.0},
        {"monday": MONDAY, "looks": 2, "explained": 0.5, "null_explained": 1.0},
    ]
