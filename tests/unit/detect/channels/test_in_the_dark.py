# SPDX-License-Identifier: EUPL-1.2
"""A house with hardly any record of work: numbers of days and of returns still tell who stands out."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.detect.channels.test_weekly import MONDAY, NEW, asked, first_about
from tests.unit.detect.little_town import token, town


@pytest.fixture(scope="module")
def dark():
    there = town(3, staff=60, looks=12_000)
    return replace(there, explained=np.zeros(len(there.staff), dtype=bool))


def test_hundreds_of_looks_on_one_day_stand_out_where_no_look_has_a_reason(dark):
    rows = asked(dark.plus(staff=np.full(300, 7), subject=np.arange(300) + NEW, day=np.full(300, 60)))
    best = rows.sort_by([("score", "descending")]).to_pylist()[0]
    assert best["about"] == int(token([7])[0])
    assert (best["channel"], best["count"]) == ("unexplained", pytest.approx(302, abs=4))
    assert best["q"] < 0.05


def test_coming_back_all_the_time_stands_out_where_everybody_comes_back_at_times(dark):
    rows = asked(dark.plus(staff=np.full(24, 7), subject=np.full(24, NEW), day=np.arange(24) * 3 + 10))
    found = [each for each in rows.to_pylist() if each["channel"].startswith("returns")]
    assert found
    assert max(found, key=lambda each: each["score"])["about"] == int(token([7])[0])


def test_a_dark_house_without_misuse_stays_quiet(dark):
    rows = asked(dark)
    assert sum(each["q"] <= 0.05 for each in rows.to_pylist()) <= 1


def test_a_burst_of_looks_for_work_is_none_where_work_is_recorded():
    lit = town(3, staff=60, looks=12_000)
    busy = lit.plus(staff=np.full(300, 7), subject=np.arange(300) + NEW, day=np.full(300, 60))
    explained = busy.explained.copy()
    explained[-300:] = True
    rows = asked(replace(busy, explained=explained))
    found = first_about(rows.filter(rows["week"].to_numpy() >= MONDAY + 56), "staff", 7)
    assert not found or found["q"] > 0.05
