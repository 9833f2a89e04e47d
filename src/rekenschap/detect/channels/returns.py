# SPDX-License-Identifier: EUPL-1.2
"""Coming back: visits to somebody who was met before, more often without a reason than with one."""

from __future__ import annotations

import numpy as np

from rekenschap.detect.channels.counted import Marks
from rekenschap.detect.channels.reading import Visits
from rekenschap.detect.tail import Places

_RARE = 0.02
"""Coming back speaks where it is rare: the share of visits from which on one more time before is asked."""

_OFTEN = 10
"""So many times before are asked at the most."""


def returns(visits: Visits, marks: Marks, *, unit: Places, unit_of_mark: Places) -> Marks:
    """Keep the marks of visits to a unit that was met before, more often without than with a reason.

    Once before is enough, unless many visits are such: then so many times that few are.
    `unit` is the subject or household of each visit, `unit_of_mark` that of each mark. Reads no day after
    the visit itself.
    """
    width, units = int(visits.day.max(initial=0)) + 1, int(unit.max(initial=0)) + 1
    key = (visits.staff * units + unit) * width + visits.day
    met, place = np.unique(key, return_inverse=True)
    without = np.ones(len(met), dtype=np.int64)
    np.minimum.at(
        without, place.reshape(-1), visits.without
    )  # one reason in the household explains the visit
    pair = met // width
    begins = np.searchsorted(pair, pair)  # visits of a pair stand together, by day
    missed = np.concatenate([[0], np.cumsum(without)])
    before = missed[:-1] - missed[begins]
    times = np.arange(len(met)) - begins
    missed_mostly = (without == 1) & (2 * before > times)
    least = next(
        (n for n in range(1, _OFTEN) if (missed_mostly & (before >= n)).sum() <= _RARE * len(met)), _OFTEN
    )
    again = met[missed_mostly & (before >= least)]
    here = np.flatnonzero(np.isin((marks.owner * units + unit_of_mark) * width + marks.day, again))
    kept = marks.at(here)
    return Marks(look=kept.look, owner=kept.owner, unit=unit_of_mark[here], day=kept.day, score=kept.score)
