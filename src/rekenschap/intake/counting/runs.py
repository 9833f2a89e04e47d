# SPDX-License-Identifier: EUPL-1.2
"""Sets of whole numbers as runs without a gap: two arrays, the first and the last number of each run.

Knows arrays only. Runs are in rising order, never touch and never overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """A set of numbers; `first` and `last` are of one length."""

    first: Whole
    last: Whole

    def __len__(self) -> int:
        return len(self.first)

    @classmethod
    def of(cls, numbers: Whole) -> Runs:
        """Give the set of these numbers, however often each is there."""
        return cls(numbers, numbers).joined()

    @classmethod
    def union(cls, parts: Sequence[Runs]) -> Runs:
        """Give every number that is in one of these."""
        if not parts:
            return NOTHING
        return cls(
            np.concatenate([each.first for each in parts]), np.concatenate([each.last for each in parts])
        ).joined()

    def joined(self) -> Runs:
        """Put runs in order, and those that touch or overlap together."""
        if not len(self.first):
            return NOTHING
        order = np.argsort(self.first, kind="stable")
        first, reached = self.first[order], np.maximum.accumulate(self.last[order])
        begins = np.flatnonzero(np.concatenate([[True], first[1:] > reached[:-1] + 1]))
        return Runs(first[begins], np.maximum.reduceat(reached, begins))

    def holds(self, numbers: Whole) -> NDArray[np.bool_]:
        """Say of each number whether it is in the set."""
        if not len(self):
            return np.zeros(len(numbers), dtype=np.bool_)
        at = np.searchsorted(self.first, numbers, side="right") - 1
        found: NDArray[np.bool_] = (at >= 0) & (numbers <= self.last[np.maximum(at, 0)])
        return found

    def without(self, other: Runs) -> Runs:
        """Give the numbers that are not in `other`: cut at every edge, then keep the pieces outside it."""
        edges = np.unique(np.concatenate([self.first, self.last + 1, other.first, other.last + 1]))
        if len(edges) < 2:
            return self
        begins, ends = edges[:-1], edges[1:] - 1
        kept = self.holds(begins) & ~other.holds(begins)
        return Runs(begins[kept], ends[kept]).joined()


NOTHING = Runs(np.array([], dtype=np.int64), np.array([], dtype=np.int64))
