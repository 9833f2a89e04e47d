# SPDX-License-Identifier: EUPL-1.2
"""How many there were, and how many remained at each step: bars that may stand in a page without a style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_THINNEST = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelStep:
    """One step: its number, what it counts, its share of the first step in hundredths, and its look."""

    many: int
    label: str
    width: float
    look: str


def funnel(steps: Sequence[tuple[int, str, str]]) -> tuple[FunnelStep, ...]:
    """Make bars of (number, label, look), as wide as their share of the first; none is too thin to see."""
    whole = max([1, *(many for many, _, _ in steps)])
    return tuple(
        FunnelStep(
            many=many,
            label=label,
            look=look,
            width=round(max(100 * many / whole, _THINNEST), 2) if many else 0,
        )
        for many, label, look in steps
    )
