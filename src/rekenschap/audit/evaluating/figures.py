# SPDX-License-Identifier: EUPL-1.2
"""The figures of an evaluation, as values: what each means and in which unit. Knows no run and no text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rekenschap.audit.evaluating.measuring.measures import Interval

OURS = "ours"
"""The name of our own method among the others."""

BUDGETS = (0.5, 1.0, 2.5, 5.0, 10.0)
"""Alerts that can be looked into, per 1,000 staff per week."""

AT_BUDGET, WIDE_BUDGET = 5.0, 10.0
RECALLS = (0.8, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one budget gives: recall over all episodes, plain ones and hiding ones, precision, false alarms
    per 1,000 staff per week, and the share of which an own look is among the first that are shown.
    """

    recall: Interval
    plain: Interval
    hiding: Interval
    shown: Interval
    precision: Interval
    false_alarms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodFigures:
    """How one method does. `false_at` is nan where the recall is never reached; `most` is what is."""

    at: Mapping[float, Spent]
    false_at: Mapping[float, float]
    false_at_plain: Mapping[float, float]
    most: Interval
    precision: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioFigures:
    """How one scenario is found, at five and ten alerts per 1,000 staff per week.

    `rank` is where the best alert about an episode stands in its week, per 1,000 staff (the median; nan when
    there is none), and `channel` the channel of most of those best alerts.
    """

    scenario: str
    hiding: bool
    at_budget: Interval
    wide: Interval
    episodes: int
    rank: float
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """From the first look of an episode to the end of the week of its alert, over those found."""

    median_days: float
    p90_days: float
    median_looks: float
    p90_looks: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Towns without misuse: how many gave no more than the nominal number, and how p-values lie."""

    towns: int
    within: Interval
    found: tuple[int, ...]
    nominal: float
    ks: float
    p_count: int
    by_channel: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """What one honest noise does: its looks, the share explained, and false alarms that show most of it."""

    looks: int
    explained: Interval
    false_alarms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything that is said of a set of runs.

    `explained` counts looks for work with a full ground that stands, `any_explained` also those with a weak
    ground that says enough; `written` is the share whose work stands in the records, and more than
    that no work of the looker explains (nan: unknown). `error` is the expected calibration error of the
    score, read as a chance.
    """

    towns: int
    staff: int
    weeks: int
    looks: int
    episodes: int
    per_thousand_quarter: float
    explained: float
    null_explained: float
    any_explained: float
    null_any_explained: float
    misuse_explained: float
    written: float
    error: float
    methods: Mapping[str, MethodFigures]
    scenarios: tuple[ScenarioFigures, ...]
    delay: Delay
    fairness: Mapping[str, Interval]
    channels: Mapping[str, tuple[int, int]]
    noise: Mapping[str, Noise]
    quiet: Quiet | None

    @property
    def ours(self) -> MethodFigures:
        """Give our own figures."""
        return self.methods[OURS]
