# SPDX-License-Identifier: EUPL-1.2
"""How much a ground says: log likelihood ratio of real against permuted looks, nothing when looks are few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rekenschap.explain.pool import TEAM_SIZES, Flags, Numbers, Whole

PRIOR = 2.0
"""Looks added on both sides: without looks a ratio is one, and one look by chance says little."""

CLASSES = len(TEAM_SIZES) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Strengths:
    """In nats, a row per ground: over all looks, and a column per class of team size.

    `hit` is what it says that the ground holds, `miss` (at most zero for a good ground) that it does not.
    """

    hit: Numbers
    miss: Numbers
    hit_by_class: Numbers
    miss_by_class: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Which grounds (columns) hold for which looks (rows), and the class of team size of each look."""

    hits: Flags
    team_class: Whole


def strengths(real: Sample, null: Sample) -> Strengths:
    """Compare real looks with permuted ones, over all and in each class of team size."""
    hit, miss = _ratios(real.hits, null.hits)
    by_class = [
        _ratios(real.hits[real.team_class == each], null.hits[null.team_class == each])
        for each in range(CLASSES)
    ]
    return Strengths(
        hit=hit,
        miss=miss,
        hit_by_class=np.column_stack([one for one, _ in by_class]),
        miss_by_class=np.column_stack([other for _, other in by_class]),
    )


def _ratios(real: Flags, null: Flags) -> tuple[Numbers, Numbers]:
    """Scale the larger sample down to the smaller, so that what is added weighs the same on both sides."""
    size = float(min(len(real), len(null)))
    one, other = (each.sum(0) * (size / max(1, len(each))) for each in (real, null))
    hit: Numbers = np.log((one + PRIOR) / (other + PRIOR))
    miss: Numbers = np.log((size - one + PRIOR) / (size - other + PRIOR))
    return hit, miss
