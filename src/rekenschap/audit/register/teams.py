# SPDX-License-Identifier: EUPL-1.2
"""In which team members of staff were at a moment, for many at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Whole = npt.NDArray[np.int64]
_ROOM = 1 << 33
"""More seconds than any moment counts from 1970, so that person and moment fit in one number."""


def team_of(staff: pa.Table, who: Whole, at: Whole) -> pa.Array:
    """Give the team of each person of `who` at each moment of `at` (µs UTC); null where none is known."""
    known = np.asarray(pc.fill_null(staff.column("staff"), 0), dtype=np.int64)
    if not len(known):
        return pa.nulls(len(who), pa.string())
    since = np.asarray(staff.column("valid_from"), dtype=np.int64)
    people, code = np.unique(known, return_inverse=True)
    began = code * _ROOM + _seconds(since)
    order = np.argsort(began, kind="stable")
    place = np.minimum(np.searchsorted(people, who), len(people) - 1)
    is_known = people[place] == who
    row = np.searchsorted(began[order], place * _ROOM + _seconds(at), side="right") - 1
    hit = is_known & (row >= 0) & (code[order][np.maximum(row, 0)] == place)
    rows = order[np.maximum(row, 0)]
    return staff.column("team").cast(pa.string()).combine_chunks().take(pa.array(rows, mask=~hit))


def _seconds(moments: Whole) -> Whole:
    return np.clip(moments // 1_000_000, 0, _ROOM - 1)
