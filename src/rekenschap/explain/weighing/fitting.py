# SPDX-License-Identifier: EUPL-1.2
"""The evidence score of a look: a sum of printed terms in nats; higher is less explained.

Fitted on real against permuted looks and never on anyone's judgement of a look. Weights cannot be negative,
so more work never raises a score. Knows no engine and no names of people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy.optimize import minimize

from rekenschap.explain.pool import Flags, Numbers, Whole
from rekenschap.sql.derived import EVIDENCE_TERM, derived_schema

NOTHING_FOUND = "nothing_found"
"""The term where every look begins: the score of a look for which nothing at all is found."""

RIDGE = 1e-3
"""Penalty on squared weights: enough to keep a ground that holds for every real look finite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceModel:
    """What each ground takes off the score when it holds (`weights`, none negative), from `nothing_found`."""

    grounds: tuple[str, ...]
    nothing_found: float
    weights: tuple[float, ...]


def fit(grounds: tuple[str, ...], *, real: Flags, team: Flags, wide: Flags) -> EvidenceModel:
    """Fit a logistic model on which grounds (columns) hold for real looks, and for permuted ones.

    Real looks weigh as much as permuted ones together, with a citizen of the same team as much as
    of the whole organisation (`wide`). Without one of the three every weight is zero.
    """
    if not (len(real) and len(team) + len(wide)):
        return EvidenceModel(grounds=grounds, nothing_found=0.0, weights=(0.0,) * len(grounds))
    parts = [_patterns(real, 1.0)]
    parts += [
        _patterns(each, 1.0 / sum(bool(len(part)) for part in (team, wide)))
        for each in (team, wide)
        if len(each)
    ]
    holds = np.vstack([each for each, _ in parts]).astype(np.float64)
    weight = np.concatenate([each for _, each in parts])
    is_real = np.concatenate(
        [np.full(len(each), place == 0) for place, (each, _) in enumerate(parts)]
    ).astype(np.float64)
    start = np.zeros(holds.shape[1] + 1)
    bounds = [(None, None), *[(0.0, None)] * holds.shape[1]]
    found = minimize(
        _loss, start, args=(holds, weight, is_real), jac=True, bounds=bounds, method="L-BFGS-B",
        options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-9},
    ).x  # fmt: skip
    return EvidenceModel(
        grounds=grounds, nothing_found=-float(found[0]), weights=tuple(map(float, found[1:]))
    )


def score(model: EvidenceModel, hits: Flags) -> Numbers:
    """Give the score of each look (row) from the grounds that hold (columns, in the model's order)."""
    scores = np.full(len(hits), model.nothing_found)
    for column, weight in enumerate(model.weights):
        scores -= hits[:, column] * weight
    return scores


def terms(model: EvidenceModel, hits: Flags, looks: Whole) -> pa.Table:
    """Give the relation `evidence_term`: where each look begins and what each ground that holds takes off."""
    ground, row = np.nonzero(hits.T)
    names = pa.array([NOTHING_FOUND, *model.grounds])
    name = names.take(pa.array(np.concatenate([np.zeros(len(looks), dtype=np.int64), ground + 1])))
    value = np.concatenate(
        [np.full(len(looks), model.nothing_found), -np.array((*model.weights, 0.0))[ground]]
    )
    arrays = [pa.array(np.concatenate([looks, looks[row]])), name, pa.array(value)]
    return pa.Table.from_arrays(arrays, schema=derived_schema(EVIDENCE_TERM))


def _patterns(hits: Flags, total: float) -> tuple[Flags, Numbers]:
    """Count equal rows once, with their weight: a hundred thousand looks are a few hundred patterns."""
    packed = np.packbits(hits, axis=1)
    _, first, counted = np.unique(packed, axis=0, return_index=True, return_counts=True)
    weight: Numbers = counted.astype(np.float64) * (total / len(hits))
    return hits[first], weight


def _loss(at: Numbers, holds: Numbers, weight: Numbers, is_real: Numbers) -> tuple[float, Numbers]:
    odds = holds @ at[1:] + at[0]
    loss = float(weight @ (np.logaddexp(0, odds) - is_real * odds) + RIDGE * (at[1:] @ at[1:]))
    slope = weight * (1 / (1 + np.exp(-odds)) - is_real)
    return loss, np.concatenate([[slope.sum()], holds.T @ slope + 2 * RIDGE * at[1:]])
