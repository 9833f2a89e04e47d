# SPDX-License-Identifier: EUPL-1.2
"""What people do while they are new, learnt from all who ever were: how much more, and how unlike each other.

Whoever learns the work looks along with colleagues. Knows classes of tenure; not what is counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from rekenschap.detect.channels.counted import TENURES, WEEK, Window
from rekenschap.detect.peers import Cells
from rekenschap.detect.tail import Numbers, Places, prior_from_moments

_MOST = 0.95
"""Counts above the 95th percentile of a class are cut off there: one who strays is no yardstick."""

_EXPECTED = 1.0
"""One count that is as usual is mixed in: a class of which little was seen is taken to be as others are."""

_CLASSES = len(TENURES) + 1


@dataclass(slots=True, kw_only=True)
class Tenured:
    """Counts of every class (rows) and owner (columns) in all weeks so far, beside what peers have."""

    count: Numbers = field(default_factory=lambda: np.zeros((_CLASSES, 0)))
    usual: Numbers = field(default_factory=lambda: np.zeros((_CLASSES, 0)))
    pairs: Numbers = field(default_factory=lambda: np.zeros((_CLASSES, 0)))

    def beside(self, window: Window, *, owners: int) -> tuple[Cells, Numbers]:
        """Take a window in; give its cells with exposures as of who is as long there (indirect
        standardisation), and the largest shape of the gamma round each: infinite for who is not new.

        Nobody is the own yardstick. Of windows that overlap from week to week only a part counts.
        """
        cells, tenure = window.cells, window.tenure
        count = _cut_off(cells.count, tenure)
        usual = _usual(cells, count)
        part = min(1.0, WEEK / window.days)
        self._grow(owners)
        for kept, values in (
            (self.count, count),
            (self.usual, usual),
            (self.pairs, np.maximum(count * (count - 1), 0.0) / np.maximum(usual, 1e-9)),
        ):
            np.add.at(kept, (tenure, cells.owner), part * values)
        at = tenure, cells.owner
        rest = [
            np.maximum(each.sum(axis=1)[tenure] - each[at], 0.0)
            for each in (self.count, self.usual, self.pairs)
        ]
        people = (self.usual > 0).sum(axis=1)[tenure] - (self.usual[at] > 0)
        prior = prior_from_moments(
            rest[0] + _EXPECTED - 0.5, rest[1] + _EXPECTED, rest[2] + _EXPECTED,
            people=people.astype(np.float64),
        )  # fmt: skip
        shape = np.where(tenure < _CLASSES - 1, prior.shape, np.inf)
        return replace(cells, exposure=cells.exposure * prior.rate), shape

    def _grow(self, owners: int) -> None:
        more = ((0, 0), (0, max(owners - self.count.shape[1], 0)))
        self.count, self.usual, self.pairs = (
            np.pad(each, more) for each in (self.count, self.usual, self.pairs)
        )


def _cut_off(count: Numbers, tenure: Places) -> Numbers:
    cut = count.copy()
    for each in np.unique(tenure):
        here = np.flatnonzero(tenure == each)
        cut[here] = np.minimum(cut[here], max(1.0, float(np.quantile(cut[here], _MOST))))
    return cut


def _usual(cells: Cells, count: Numbers) -> Numbers:
    """Give what the whole group does in the same exposure."""
    groups = int(cells.group.max()) + 1
    found, looked = (np.bincount(cells.group, each, minlength=groups) for each in (count, cells.exposure))
    usual = ((found + 0.5 * (found == 0)) / np.maximum(looked, 1e-9))[cells.group] * cells.exposure
    return np.asarray(usual)
