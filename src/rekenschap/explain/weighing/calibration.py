# SPDX-License-Identifier: EUPL-1.2
"""Whether a score means what it says: read as log-odds, how often is it right, bin by bin.

The odds are those of a real look against a permuted one, as many of one as of the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rekenschap.explain.pool import Numbers, Whole
from rekenschap.explain.weighing.evidence import score
from rekenschap.explain.weighing.fitting import Evidence, fit
from rekenschap.explain.weighing.levels import MEASURES

BINS = 15
"""Each of the same weight; as in Guo and others, On Calibration of Modern Neural Networks (ICML 2017)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The looks a score is fitted on: real ones, and permuted ones of the team and of the whole house."""

    real: Evidence
    team: Evidence
    wide: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The expected calibration error of a score (0 to 1), and the bins: what was said beside what was."""

    error: float
    said: tuple[float, ...]
    was: tuple[float, ...]


def calibration(grounds: tuple[str, ...], sides: Sides) -> Calibration:
    """Fit on every other look and hold the scores of the others against what they are.

    Without one of the three sides the error is nan.
    """
    every = (sides.real, sides.team, sides.wide)
    if not all(len(each) > 1 for each in every):
        return Calibration(error=float("nan"), said=(), was=())
    learnt, asked = ([each.rows(slice(begin, None, 2)) for each in every] for begin in (0, 1))
    model = fit(grounds, MEASURES, real=learnt[0], team=learnt[1], wide=learnt[2])
    scores = [score(model, each.hits, each.levels) for each in asked]
    shares = (1.0, 0.5, 0.5)
    weight = np.concatenate(
        [np.full(len(each), share / len(each)) for each, share in zip(scores, shares, strict=True)]
    )
    is_real = np.repeat([1.0, 0.0, 0.0], [len(each) for each in scores])
    return calibrated(1 / (1 + np.exp(np.concatenate(scores))), is_real, weight)


def calibrated(said: Numbers, is_real: Numbers, weight: Numbers) -> Calibration:
    """Put chances into bins of equal weight and give how far each is off; equal chances stay together."""
    which = np.unique(said, return_inverse=True)[1]
    of_value = np.bincount(which, weights=weight)
    middle = np.cumsum(of_value) - of_value / 2
    cell: Whole = np.minimum((middle / of_value.sum() * BINS).astype(np.int64), BINS - 1)
    row = np.unique(cell[which], return_inverse=True)[1]
    total = np.bincount(row, weights=weight)
    told, was = (np.bincount(row, weights=weight * each) / total for each in (said, is_real))
    error = float((total * np.abs(told - was)).sum() / total.sum())
    return Calibration(error=error, said=tuple(map(float, told)), was=tuple(map(float, was)))
