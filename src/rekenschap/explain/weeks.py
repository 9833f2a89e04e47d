# SPDX-License-Identifier: EUPL-1.2
"""The explained share beside its null, week by week: so that a missing source is seen as a dip.

And what chance explains of each look, for the shares of any other group.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from rekenschap.explain.pool import Flags, Pool, Whole

WEEK = pa.schema(
    [
        ("monday", pa.int64()),
        ("looks", pa.int64()),
        ("explained", pa.float64()),
        ("null_explained", pa.float64()),
    ]
)
"""One row per local week: its Monday in days since 1970-01-01, looks by people, and two shares (0 to 1)."""


CHANCE = pa.schema(
    [
        ("look", pa.int64()),
        ("permuted", pa.int64()),
        ("null_explained", pa.int64()),
        ("any_explained", pa.bool_()),
        ("null_any_explained", pa.int64()),
    ]
)
"""One row per look: how often it was permuted, and how many of those a full ground explained; whether any
ground that says enough explains the look itself, and how many of its permuted ones.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByChance:
    """Of each permuted look: which look it repeats, and whether it is explained, fully and at all."""

    repeats_row: Whole
    explained: Flags
    at_all: Flags


def chance_of(pool: Pool, looks: pa.ChunkedArray, *, at_all: Flags, by_chance: ByChance) -> pa.Table:
    """Count for each look (`looks` are those of the pool) what chance explains; `at_all` is of the look."""
    permuted, null, null_at_all = (
        pa.array(_counted(by_chance.repeats_row, which, len(pool)).astype(np.int64))
        for which in (None, by_chance.explained, by_chance.at_all)
    )
    columns = [looks, permuted, null, pa.array(at_all), null_at_all]
    return pa.Table.from_arrays(columns, schema=CHANCE)


def weeks_of(pool: Pool, explained: Flags, by_chance: ByChance) -> pa.Table:
    """Count by week which real looks of people are explained, and which permuted ones."""
    monday = pool.day - (pool.day + 3) % 7  # 1970-01-01 was a Thursday
    mondays, week = np.unique(monday, return_inverse=True)
    looks = _counted(week[pool.member], None, len(mondays))
    shown = looks > 0
    share = _counted(week[pool.member], explained[pool.member], len(mondays)) / np.maximum(looks, 1)
    of_permuted = week[by_chance.repeats_row]
    repeats = np.maximum(_counted(of_permuted, None, len(mondays)), 1)
    chance = _counted(of_permuted, by_chance.explained, len(mondays)) / repeats
    columns = (mondays[shown], looks[shown].astype(np.int64), share[shown], chance[shown])
    return pa.Table.from_arrays([pa.array(each) for each in columns], schema=WEEK)


def _counted(
    week: Whole, which: Flags | None, weeks: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    weights = None if which is None else which.astype(np.float64)
    return np.bincount(week, weights=weights, minlength=weeks).astype(np.float64)
