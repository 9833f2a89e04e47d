# SPDX-License-Identifier: EUPL-1.2
import numpy as np
import pyarrow as pa

from rekenschap.explain.pool import Pool
from rekenschap.explain.weeks import ByChance, chance_of, weeks_of

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
    null = ByChance(
        repeats_row=np.array([0, 1]), explained=np.array([False, True]), at_all=np.array([True, True])
    )
    weeks = weeks_of(pool, np.array([True, False, True, True]), null)
    assert weeks.to_pylist() == [
        {"monday": MONDAY - 7, "looks": 1, "explained": 1.0, "null_explained": 0.0},
        {"monday": MONDAY, "looks": 2, "explained": 0.5, "null_explained": 1.0},
    ]


def test_what_chance_explains_is_counted_of_each_look():
    nothing = np.zeros(3, dtype=np.int64)
    pool = Pool(
        staff=nothing, subject=nothing, team=nothing, day=nothing, member=np.array([True, True, False]),
        first=np.full(3, True), team_class=nothing,
    )  # fmt: skip
    told = chance_of(
        pool,
        pa.chunked_array([[10, 11, 12]]),
        at_all=np.array([False, True, True]),
        by_chance=ByChance(
            repeats_row=np.array([0, 0, 1]),
            explained=np.array([True, False, True]),
            at_all=np.array([True, True, True]),
        ),
    )
    assert told.to_pydict() == {
        "look": [10, 11, 12],
        "permuted": [2, 1, 0],
        "null_explained": [1, 1, 0],
        "any_explained": [False, True, True],
        "null_any_explained": [2, 1, 0],
    }
