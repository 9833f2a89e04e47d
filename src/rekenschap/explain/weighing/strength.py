# SPDX-License-Identifier: EUPL-1.2
"""How much a ground says: log likelihood ratio of real against permuted looks, nothing when looks are few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rekenschap.explain.pool import TEAM_SIZES, Flags, Numbers, Whole

PRIOR = 2.0
"""Looks added on both sides: without looks a ratio is one, and one look by chance says little."""

SURE = 3.0
"""Standard errors. Looks come in clusters, zaak by zaak, so that two would be too sure of themselves."""

CLASSES = len(TEAM_SIZES) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Strengths:
    """In nats, a row per ground: over all looks, and a column per class of team size.

    `hit` is what it says that the ground holds, `miss` (at most zero for a good ground) that it does not.
    `most` is what it may say at the most, so many looks there are: without looks it may say a lot.
    """

    hit: Numbers
    miss: Numbers
    most: Numbers
    hit_by_class: Numbers
    miss_by_class: Numbers
    most_by_class: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Which grounds (columns) hold for which looks (rows), and the class of team size of each look."""

    hits: Flags
    team_class: Whole


def strengths(real: Sample, null: Sample) -> Strengths:
    """Compare real looks with permuted ones, over all and in each class of team size."""
    hit, miss, most = _ratios(real.hits, null.hits)
    by_class = [
        _ratios(real.hits[real.team_class == each], null.hits[null.team_class == each])
        for each in range(CLASSES)
    ]
    return Strengths(
        hit=hit,
        miss=miss,
        most=most,
        hit_by_class=np.column_stack([each for each, _, _ in by_class]),
        miss_by_class=np.column_stack([each for _, each, _ in by_class]),
        most_by_class=np.column_stack([each for _, _, each in by_class]),
    )


def _ratios(real: Flags, null: Flags) -> tuple[Numbers, Numbers, Numbers]:
    """Scale the larger sample down to the smaller, so that what is added weighs the same on both sides."""
    size = float(min(len(real), len(null)))
    one, other = (each.sum(0) * (size / max(1, len(each))) for each in (real, null))
    hit: Numbers = np.log((one + PRIOR) / (other + PRIOR))
    miss: Numbers = np.log((size - one + PRIOR) / (size - other + PRIOR))
    return hit, miss, _most(real, null)


def _most(real: Flags, null: Flags) -> Numbers:
    """Give the upper end of the log ratio, with half a look on both sides (Walter, Biometrika 1975) and the
    error of counts, which is the larger where a ground holds for nearly every look.
    """
    one, other = real.sum(0) + 0.5, null.sum(0) + 0.5
    ratio = np.log(one / (len(real) + 0.5)) - np.log(other / (len(null) + 0.5))
    upper: Numbers = ratio + SURE * np.sqrt(1 / one + 1 / other)
    return upper
