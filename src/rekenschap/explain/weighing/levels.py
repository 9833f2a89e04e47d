# SPDX-License-Identifier: EUPL-1.2
"""Measures of work as levels: how near in time, and on how many days. More or nearer work is never lower.

Knows no weights and no engine: the query `measures` gives the columns that are read here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rekenschap.explain.pool import Whole

Levels = NDArray[np.uint8]
"""A row per look and a column per measure: how many of its steps are reached."""

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR
_AGO = (366 * _DAY, 120 * _DAY, 60 * _DAY, 30 * _DAY, 14 * _DAY, 7 * _DAY, 2 * _DAY, _DAY, 4 * _HOUR, _HOUR)
"""Each step is two to four times as near as the one before: the grain at which people remember when."""

_EVER = 2**62
_SOON = (7 * _DAY, 2 * _DAY, _DAY)
_OFTEN = (1, 2, 4, 8, 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A column of the relation `measure` and its steps, from the widest to the narrowest.

    Of a distance the value must not be over the step, of a count (`of_days`) not under it.
    """

    name: str
    steps: tuple[int, ...]
    of_days: bool = False

    def reached(self, column: pa.ChunkedArray) -> Levels:
        """Count the steps that each value reaches; nothing at all reaches none."""
        missing = -1 if self.of_days else np.iinfo(np.int64).max
        value = np.asarray(column.fill_null(missing), dtype=np.int64)
        steps = np.array(self.steps, dtype=np.int64)
        if self.of_days:
            return np.searchsorted(steps, value, side="right").astype(np.uint8)
        found: Levels = (len(steps) - np.searchsorted(steps[::-1], value, side="left")).astype(np.uint8)
        return found


MEASURES = (
    Measure(name="own_before", steps=(_EVER, *_AGO)),
    Measure(name="own_after", steps=_SOON),
    Measure(name="own_days", steps=_OFTEN[1:], of_days=True),
    Measure(name="others_before", steps=(_EVER, *_AGO)),
    Measure(name="others_after", steps=_SOON),
    Measure(name="others_days", steps=_OFTEN, of_days=True),
    Measure(name="zaak_apart", steps=(_EVER, *_AGO[:8], 0)),
)
"""What is measured beside the grounds. Own work afterwards counts a week at most: later it is other work."""

NAMES = tuple(each.name for each in MEASURES)


def no_levels(rows: int, measures: int = len(MEASURES)) -> Levels:
    """Give levels at which nothing was found."""
    return np.zeros((rows, measures), dtype=np.uint8)


def levels_of(measured: pa.Table, row: Whole, *, rows: int) -> Levels:
    """Place the answer of the query `measures` in rows; `row` says where each of its rows belongs."""
    levels = no_levels(rows)
    for at, measure in enumerate(MEASURES):
        levels[row, at] = measure.reached(measured.column(measure.name))
    return levels
