# SPDX-License-Identifier: EUPL-1.2
"""What is looked into when so many alerts a week can be: the highest first, nobody twice in four weeks.

An alert that is not taken stays on the pile for four weeks. Knows weeks, keys and scores; no truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, inf

import numpy as np

from rekenschap.audit.evaluating.measuring.measures import Numbers, Whole

RESTING = 28
"""Days in which a second alert about the same one joins the first, and in which an alert stays open."""

NEVER = np.iinfo(np.int64).min // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """Alerts of one run: the Monday of the week each came (a day number), whom it is about, and its score."""

    week: Whole
    key: Whole
    score: Numbers

    def __len__(self) -> int:
        return len(self.week)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Which alerts (rows of the pile) were taken, and in which week."""

    row: Whole
    week: Whole


def spend(pile: Pile, *, first_week: int, last_week: int, per_week: float, least: float = -inf) -> Taken:
    """Take the highest scores (of at least `least`) week by week; parts of an alert are saved up."""
    resting = np.full(int(pile.key.max()) + 1 if len(pile) else 0, NEVER, dtype=np.int64)
    gone = pile.score < least
    rows, weeks, purse = [], [], 0.0
    for week in range(first_week, last_week + 1, 7):
        purse += per_week
        here = np.flatnonzero(~gone & (pile.week <= week) & (pile.week > week - RESTING))
        joins = resting[pile.key[here]] > week - RESTING
        gone[here[joins]] = True
        chosen = _highest(pile, here[~joins])
        chosen = chosen if purse == inf else chosen[: floor(purse + 1e-9)]
        gone[chosen], resting[pile.key[chosen]] = True, week
        rows.append(chosen)
        weeks.append(np.full(len(chosen), week, dtype=np.int64))
        purse = _saved(purse - len(chosen), per_week)
    nothing = np.zeros(0, dtype=np.int64)
    return Taken(row=np.concatenate([nothing, *rows]), week=np.concatenate([nothing, *weeks]))


def _highest(pile: Pile, here: Whole) -> Whole:
    """Put alerts in order of their score, one about each."""
    ordered = here[np.lexsort((here, -pile.score[here]))]
    _, first = np.unique(pile.key[ordered], return_index=True)
    return np.asarray(ordered[np.sort(first)], dtype=np.int64)


def _saved(left: float, per_week: float) -> float:
    """Keep the part of an alert that is left; of what nobody asked for no more than one alert is kept."""
    if left == inf:
        return inf
    return min(left, 1.0) if per_week < 1 else left - floor(left + 1e-9)
