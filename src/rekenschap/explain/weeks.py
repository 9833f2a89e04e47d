# SPDX-License-Identifier: EUPL-1.2
"""The explained share beside its null, week by week: so that a missing source is seen as a dip.

And what chance explains of each look, for the shares of any other group.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from rekenschap.explain.pool import Flags, Pool, Whole
from rekenschap.model.explanation import Weight

WEEK = pa.schema(
    [
        ("monday", pa.int64()),
        ("looks", pa.int64()),
        ("explained", pa.float64()),
        ("null_explained", pa.float64()),
    ]
)
"""One row per local week: its Monday in days since 1970-01-01, looks by people, and two shares (0 to 1)."""


CHANCE = pa.schema([("look", pa.int64()), ("permuted", pa.int64()), ("null_explained", pa.int64())])
"""One row per look: how often it was permuted, and how many of those a full ground explained."""


def chance_of(
    pool: Pool, looks: pa.ChunkedArray, *, null_hits: Flags, repeats_row: Whole, weights: tuple[Weight, ...]
) -> pa.Table:
    """Count for each look (`looks` are those of the pool) what chance explains."""
    full = np.array([weight is Weight.FULL for weight in weights], dtype=np.bool_)
    null = _any(null_hits[:, full])
    counted = [_counted(repeats_row, which, len(pool)).astype(np.int64) for which in (None, null)]
    return pa.Table.from_arrays([looks, *(pa.array(each) for each in counted)], schema=CHANCE)


def weeks_of(
    pool: Pool, hits: Flags, *, null_hits: Flags, repeats_row: Whole, weights: tuple[Weight, ...]
) -> pa.Table:
    """Count by week what the full grounds (columns) explain of real and of permuted looks of people."""
    full = np.array([weight is Weight.FULL for weight in weights], dtype=np.bool_)
    monday = pool.day - (pool.day + 3) % 7  # 1970-01-01 was a Thursday
    mondays, week = np.unique(monday, return_inverse=True)
    explained, null = _any(hits[:, full]), _any(null_hits[:, full])
    looks = _counted(week[pool.member], None, len(mondays))
    shown = looks > 0
    share = _counted(week[pool.member], explained[pool.member], len(mondays)) / np.maximum(looks, 1)
    repeats = np.maximum(_counted(week[repeats_row], None, len(mondays)), 1)
    chance = _counted(week[repeats_row], null, len(mondays)) / repeats
    columns = (mondays[shown], looks[shown].astype(np.int64), share[shown], chance[shown])
    return pa.Table.from_arrays([pa.array(each) for each in columns], schema=WEEK)


def _counted(
    week: Whole, which: Flags | None, weeks: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    weights = None if which is None else which.astype(np.float64)
    return np.bincount(week, weights=weights, minlength=weeks).astype(np.float64)


def _any(hits: Flags) -> Flags:
    found: Flags = np.any(hits, axis=1).reshape(-1)
    return found
