# SPDX-License-Identifier: EUPL-1.2
"""Fits what each ground and each step of a measure takes off a score, on real against permuted looks.

Never on anyone's judgement of a look. Weights cannot be negative, so more work never raises a score.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy.optimize import minimize

from rekenschap.explain.pool import Flags, Numbers
from rekenschap.explain.weighing.evidence import EvidenceModel
from rekenschap.explain.weighing.levels import Levels, Measure

RIDGE = 1e-4
"""Penalty on squared weights: enough to keep a ground that holds for every real look finite, and little
enough that a score which is read as a chance is not too unsure of itself.
"""

ENOUGH = 20_000
"""Looks of one kind after which more of them move no weight that can be seen; every n-th is taken then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found for looks (rows): which grounds hold (columns), and the steps that measures reach."""

    hits: Flags
    levels: Levels

    def __len__(self) -> int:
        return len(self.hits)

    def rows(self, which: Flags | slice) -> Evidence:
        """Give some of the rows."""
        return Evidence(hits=self.hits[which], levels=self.levels[which])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Patterns:
    """Rows that differ, as flags, with what each weighs together."""

    holds: Numbers
    weight: Numbers
    is_real: bool


def fit(
    grounds: tuple[str, ...], measures: tuple[Measure, ...], *, real: Evidence, team: Evidence, wide: Evidence
) -> EvidenceModel:
    """Fit a logistic model on what is found for real looks, and for permuted ones.

    Real looks weigh as much as permuted ones together, with a citizen of the same team as much as
    of the whole organisation (`wide`). Without one of the three every weight is zero.
    """
    empty = EvidenceModel(
        grounds=grounds,
        nothing_found=0.0,
        weights=(0.0,) * len(grounds),
        steps=tuple((each.name, (0.0,) * len(each.steps)) for each in measures),
    )
    null = [each for each in (team, wide) if len(each)]
    if not (len(real) and null):
        return empty
    parts = [
        _patterns(real, measures, total=1.0, is_real=True),
        *(_patterns(each, measures, total=1.0 / len(null), is_real=False) for each in null),
    ]
    found = _minimum(parts)
    steps, at = [], 1 + len(grounds)
    for each in measures:
        steps.append((each.name, tuple(map(float, found[at : at + len(each.steps)]))))
        at += len(each.steps)
    return EvidenceModel(
        grounds=grounds,
        nothing_found=-float(found[0]),
        weights=tuple(map(float, found[1 : 1 + len(grounds)])),
        steps=tuple(steps),
    )


def _minimum(parts: list[_Patterns]) -> Numbers:
    holds = np.vstack([each.holds for each in parts])
    weight = np.concatenate([each.weight for each in parts])
    is_real = np.concatenate([np.full(len(each.holds), float(each.is_real)) for each in parts])
    bounds = [(None, None), *[(0.0, None)] * holds.shape[1]]
    found: Numbers = minimize(
        _loss, np.zeros(holds.shape[1] + 1), args=(holds, weight, is_real), jac=True, bounds=bounds,
        method="L-BFGS-B", options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-9},
    ).x  # fmt: skip
    return found


def _patterns(evidence: Evidence, measures: tuple[Measure, ...], *, total: float, is_real: bool) -> _Patterns:
    """Count equal rows once, with their weight: a hundred thousand looks are a few thousand patterns."""
    few = evidence.rows(slice(None, None, -(-len(evidence) // ENOUGH)))
    packed = np.hstack([np.packbits(few.hits, axis=1), few.levels])
    columns = {str(at): pa.array(packed[:, at]) for at in range(packed.shape[1])}
    columns["row"] = pa.array(np.arange(len(packed)))
    grouped = pa.table(columns).group_by(list(columns)[:-1], use_threads=False)
    counted = grouped.aggregate([("row", "min"), ("row", "count")])
    first, times = (np.asarray(counted.column(f"row_{what}")) for what in ("min", "count"))
    flags = [few.hits[first], *(_steps(few.levels[first, at], each) for at, each in enumerate(measures))]
    weight: Numbers = times.astype(np.float64) * (total / len(few))
    return _Patterns(holds=np.hstack(flags).astype(np.float64), weight=weight, is_real=is_real)


def _steps(level: Levels, measure: Measure) -> Flags:
    """Say of each row which steps it reaches: whoever reaches one reaches all that are wider."""
    return level[:, None] > np.arange(len(measure.steps))[None, :]


def _loss(at: Numbers, holds: Numbers, weight: Numbers, is_real: Numbers) -> tuple[float, Numbers]:
    odds = holds @ at[1:] + at[0]
    loss = float(weight @ (np.logaddexp(0, odds) - is_real * odds) + RIDGE * (at[1:] @ at[1:]))
    slope = weight * (1 / (1 + np.exp(-odds)) - is_real)
    return loss, np.concatenate([[slope.sum()], holds.T @ slope + 2 * RIDGE * at[1:]])
