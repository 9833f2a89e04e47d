# SPDX-License-Identifier: EUPL-1.2
"""Shares with their intervals, how well a ranking does, and whether p-values are what they say.

Pure functions over arrays; every one is defined for nothing at all (a share of none is unknown, not zero).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, nan, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest, kstest

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

_Z = 1.959963984540054
"""Two sides of 2.5 %: every interval here is of 95 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure with its 95 % interval; all three are nan when nothing was counted."""

    value: float
    low: float
    high: float

    def within(self, low: float, high: float) -> bool:
        """Say whether the figure itself lies between two bounds."""
        return low <= self.value <= high


def wilson(found: int, of: int) -> Interval:
    """Give the share `found` / `of` with Wilson's score interval."""
    if of <= 0:
        return Interval(value=nan, low=nan, high=nan)
    around = binomtest(found, of).proportion_ci(method="wilson")
    return Interval(value=found / of, low=float(around.low), high=float(around.high))


def rate_ratio(hits: int, people: int, *, other_hits: int, other_people: int) -> Interval:
    """Give how many times the rate of a group is that of the others, with an interval on the log scale.

    One hit is shared out over both by size, so that a group without hits has a ratio too, nearer to one the
    smaller it is; the interval says how little is known of it.
    """
    if people <= 0 or other_people <= 0 or hits + other_hits == 0:
        return Interval(value=nan, low=nan, high=nan)
    everybody = people + other_people
    one, other = hits + people / everybody, other_hits + other_people / everybody
    ratio = (one / people) / (other / other_people)
    spread = _Z * sqrt(max(0.0, 1 / one - 1 / (people + 1) + 1 / other - 1 / (other_people + 1)))
    return Interval(value=ratio, low=exp(log(ratio) - spread), high=exp(log(ratio) + spread))


def ks_distance(p: Numbers) -> float:
    """Give the largest distance between the p-values and a uniform distribution (Kolmogorov and Smirnov)."""
    return float(kstest(p, "uniform", method="asymp").statistic) if len(p) else nan


def average_precision(score: Numbers, is_true: Flags) -> float:
    """Give the area under the curve of precision and recall; equal scores are taken together."""
    if not is_true.any():
        return nan
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(is_true[order])
    ends = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    precision = hits[ends] / (ends + 1)
    gained = np.diff(np.concatenate([[0], hits[ends]]))
    return float((precision * gained).sum() / is_true.sum())
