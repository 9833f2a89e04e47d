# SPDX-License-Identifier: EUPL-1.2
"""The rhythm a source turns out to have: the hours of the week in which it usually delivers, and the longest
pauses within those. Only minutes of such hours count, so that a night or a weekend is no silence.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rekenschap.model.coverage import Rhythm

WEEKS = 8
"""So many of the last weeks are looked at: long enough for a rhythm, short enough to follow a change."""

HOURS_OF_A_WEEK = 168
_USUAL = 0.7
"""An hour counts when in at least this share of the weeks something came in."""
_WEEKS_AT_LEAST = 2
_PAUSES_AT_LEAST = 8
_PLACE = 3
"""The third longest pause is the usual longest: two outages in eight weeks do not make a third one usual."""
_LEEWAY, _LEAST = 1.5, 5.0

Minutes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def learn(minutes: Minutes, busy: Mask, *, now: int) -> Rhythm | None:
    """Give the rhythm of the minutes (since 1970) in which something came in; None when there is none yet.

    `busy` says of each hour of the week (0 is Thursday 00:00 UTC) whether the source usually delivers in it.
    """
    if not busy.any() or len(minutes) <= _PAUSES_AT_LEAST:
        return None
    counted = counting(np.append(minutes, max(now, int(minutes[-1]))), busy)
    pauses = np.sort(np.diff(counted[:-1]))
    usual = float(pauses[-_PLACE])
    return Rhythm(
        allowed=_LEEWAY * usual + _LEAST,
        silence=float(counted[-1] - counted[-2]),
        busy_hours=int(busy.sum()),
    )


def busy_hours(hours: Minutes, weeks_with: Minutes, weeks: Minutes) -> Mask:
    """Say of each hour of the week whether a source usually delivers in it."""
    busy = np.zeros(HOURS_OF_A_WEEK, dtype=np.bool_)
    usual = (weeks >= _WEEKS_AT_LEAST) & (weeks_with >= _USUAL * weeks)
    busy[hours[usual]] = True
    return busy


def counting(minutes: Minutes, busy: Mask) -> Minutes:
    """Give how many minutes of busy hours went by between 1970 and each of these minutes."""
    before = np.concatenate([[0], np.cumsum(busy.astype(np.int64))])
    hour, within = np.divmod(minutes, 60)
    week, of_week = np.divmod(hour, HOURS_OF_A_WEEK)
    counted: Minutes = 60 * (week * before[-1] + before[of_week]) + within * busy[of_week]
    return counted
