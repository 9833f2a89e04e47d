# SPDX-License-Identifier: EUPL-1.2
"""How much is missed, from looks that were drawn by lot: an unbiased estimate with its interval.

Numbers in, numbers out; knows no look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy import stats


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """One week's lot: how many looks there were, how many were drawn, and how many of those were missed.

    Missed is a look for which people found no reason, and which was behind no alert that was shown.
    """

    looks: int
    drawn: int
    missed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """How many looks are missed in all weeks together: the estimate, and the interval round it."""

    estimate: float
    low: float
    high: float
    looks: int
    drawn: int


def missed(lots: Sequence[Lot], *, confidence: float = 0.95) -> Missed:
    """Estimate what is missed: every drawn look stands for looks / drawn looks (Horvitz and Thompson, 1952).

    The interval is that of Fay and Feuer (1997) for a weighted sum of counts: with equal weights the exact
    one, and with none missed it begins at zero and still has an upper end.
    """
    told = [lot for lot in lots if lot.drawn]
    weights = [lot.looks / lot.drawn for lot in told]
    total = sum(weight * lot.missed for weight, lot in zip(weights, told, strict=True))
    spread = sum(weight**2 * lot.missed for weight, lot in zip(weights, told, strict=True))
    outside, most = (1 - confidence) / 2, max(weights, default=0.0)
    low = spread / (2 * total) * stats.chi2.ppf(outside, 2 * total**2 / spread) if total else 0.0
    high = float(sum(lot.looks for lot in lots))
    if most:
        freedom = 2 * (total + most) ** 2 / (spread + most**2)
        bound = (spread + most**2) / (2 * (total + most)) * stats.chi2.ppf(1 - outside, freedom)
        high = min(high, float(bound))
    return Missed(
        estimate=float(total), low=float(low), high=high,
        looks=sum(lot.looks for lot in lots), drawn=sum(lot.drawn for lot in lots),
    )  # fmt: skip
