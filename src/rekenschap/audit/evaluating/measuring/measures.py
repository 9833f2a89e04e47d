# SPDX-License-Identifier: EUPL-1.2
"""Shares with their intervals, how well a score ranks, and whether p-values are what they say.

Pure functions over arrays; every one is defined for nothing at all (a share of none is unknown, not zero).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, nan, sqrt

import numpy as np
from numpy.typing import NDArray

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
    share, square = found / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return Interval(value=share, low=max(0.0, middle - half), high=min(1.0, middle + half))


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
    if not len(p):
        return nan
    ordered = np.sort(p)
    steps = np.arange(len(p) + 1) / len(p)
    return float(max((steps[1:] - ordered).max(), (ordered - steps[:-1]).max()))


def auc(above: Numbers, below: Numbers) -> float:
    """Give the chance that one of `above` scores higher than one of `below`, ties for half."""
    if not (len(above) and len(below)):
        return nan
    ordered = np.sort(below)
    lower = np.searchsorted(ordered, above, side="left") + np.searchsorted(ordered, above, side="right")
    return float(lower.mean() / (2 * len(below)))


def recall_at(above: Numbers, below: Numbers, *, false_share: float) -> float:
    """Give the share of `above` found when at most `false_share` of `below` is taken along.

    What has the score of the threshold itself is taken by lot, so that ties count as often as they would.
    """
    if not (len(above) and len(below)):
        return nan
    allowed = false_share * len(below)
    ordered = np.sort(below)[::-1]
    limit = ordered[min(int(allowed), len(ordered) - 1)]
    over, at = int((below > limit).sum()), int((below == limit).sum())
    part = min(1.0, max(0.0, (allowed - over) / at)) if at else 0.0
    return float(((above > limit).sum() + part * (above == limit).sum()) / len(above))


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
