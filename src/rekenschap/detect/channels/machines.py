# SPDX-License-Identifier: EUPL-1.2
"""Looks under the account of a system that are out of its step: at a time, by a key or from a place that it
hardly ever used. Knows columns of looks; not who sat there.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rekenschap.detect.channels.counted import Running
from rekenschap.detect.scan import column
from rekenschap.detect.tail import Places

DAYS_BEFORE = 28
"""Four weeks hold every step of a run that is done each week or month, and forget an old version of it."""

ONE_IN = 100
"""A run does the same hundreds of times: what is fewer than one in a hundred of it is not the run."""

_PART_OF_DAY = 6 * 60
"""Night, morning, afternoon and evening, in minutes: a run that takes longer stays in its part of the day."""


def out_of_step(looks: pa.Table, staff: Places, day: Places) -> npt.NDArray[np.bool_]:
    """Say of each look of a system whether any trait of it was rare for that account in the weeks before.

    `looks` are the answer of `machine_looks`; `staff` are places from 0 on and `day` days from 0 on. An
    account of which little was seen before has no step yet.
    """
    if not len(looks):
        return np.zeros(0, dtype=bool)
    before = _before(staff, day)
    odd = np.zeros(len(looks), dtype=bool)
    traits = (
        column(looks, "happened_minute") // _PART_OF_DAY,
        *(_coded(looks.column(name)) for name in ("register", "search_key", "device")),
    )
    for trait in traits:
        alike = np.unique(np.column_stack([staff, trait]), axis=0, return_inverse=True)[1].reshape(-1)
        odd |= _before(alike.astype(np.int64), day) * ONE_IN < before
    return odd & (before >= ONE_IN)


def _before(owner: Places, day: Places) -> Places:
    """Count for each row the rows of the same owner in the weeks before its day."""
    last = int(day.max(initial=0))
    counts = Running.of(owner, day, owners=int(owner.max(initial=0)) + 1, first=0, last=last)
    upto = np.asarray(counts.upto, dtype=np.int64)  # column d holds what was counted before day d
    return np.asarray(upto[owner, day] - upto[owner, np.maximum(day - DAYS_BEFORE, 0)])


def _coded(values: pa.ChunkedArray) -> Places:
    told = values.combine_chunks()
    return np.asarray(told.dictionary_encode().indices, dtype=np.int64)
