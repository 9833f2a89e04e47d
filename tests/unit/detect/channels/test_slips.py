# SPDX-License-Identifier: EUPL-1.2
"""Who opens the wrong one and then, searching alike, the right one, is not odd for how was searched."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tests.unit.detect.channels.test_weekly import NEW, asked
from tests.unit.detect.little_town import Town, token, town

EVENING, TIMES = 21 * 60, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed(Town):
    """The same with the moment of each look; the last ones come twenty seconds after the minute."""

    late: int

    def tables(self):
        look, verdict = Town.tables(self)
        moment = (self.day * 1440 + self.minute) * 60
        moment[len(moment) - self.late :] += 20
        for name, values in (
            ("looked_at", pa.array(moment * 1_000_000)),
            ("register", pa.array(["brp"] * len(moment))),
        ):
            look = look.set_column(look.column_names.index(name), name, values)
        return look, verdict


def highest(*, followed: str | None, subject=NEW) -> float:
    """Give the highest score of somebody who looks eight times by name in the evening without a reason;
    `followed` is the key by which somebody else is looked for, with a reason, just after each."""
    who, days = np.full(TIMES, 7), np.arange(TIMES) * 6 + 20
    there = town(2).plus(staff=who, subject=subject + np.arange(TIMES), day=days, minute=EVENING, key="name")
    if followed:
        there = there.plus(
            staff=who, subject=NEW + 100 + np.arange(TIMES), day=days, minute=EVENING, key=followed
        )
        there = there.explaining(np.arange(TIMES) + len(there.staff) - TIMES)
    timed = Timed(**{name: getattr(there, name) for name in Town.__slots__}, late=TIMES if followed else 0)
    rows = asked(timed).to_pylist()
    return max((each["score"] for each in rows if each["about"] == int(token([7])[0])), default=-20.0)


def test_looks_just_before_the_right_one_weigh_less_than_looks_by_themselves():
    assert highest(followed="name") < highest(followed=None) - 3


def test_a_look_that_was_searched_otherwise_than_the_next_weighs_as_before():
    assert highest(followed="bsn") > highest(followed="name") + 3


def at_whom(*, colleague: bool) -> float:
    """Give the score of `weighed` for eight visits, at people for whom a colleague had worked or not."""
    days = np.arange(TIMES) * 7 + 20
    there = town(2)
    if colleague:
        there = there.plus(staff=np.full(TIMES, 10), subject=NEW + np.arange(TIMES), day=days - 1)
        there = there.explaining(np.arange(TIMES) + len(there.staff) - TIMES)
    rows = asked(there.plus(staff=np.full(TIMES, 7), subject=NEW + np.arange(TIMES), day=days)).to_pylist()
    ours = [each for each in rows if each["about"] == int(token([7])[0]) and each["channel"] == "weighed"]
    return max((each["score"] for each in ours), default=-20.0)


def test_a_visit_where_a_colleague_had_work_weighs_less_than_one_where_nothing_points_at_work():
    assert at_whom(colleague=True) < at_whom(colleague=False) - 1
