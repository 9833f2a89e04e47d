# SPDX-License-Identifier: EUPL-1.2
"""How surprising a sum of weights is, where what is weighed comes as a gamma-Poisson count.

Arrays in, arrays out; knows no look. The sum is a compound negative binomial: exact by Panjer's recursion
(ASTIN Bulletin 12, 1981), of which every term is positive, so that the far tail keeps its digits.
"""

from __future__ import annotations

import numpy as np

from rekenschap.detect.tail import Numbers, Places, Prior

_CELLS = 4_096
_FURTHER = 8
"""So many times the heaviest thing beyond what was seen the tail is summed; from there on it falls evenly."""

_LEAST = 1e-290


def log_tails_of_sums(
    total: Places, exposure: Numbers, prior: Prior, *, weights: Numbers
) -> tuple[Numbers, Numbers]:
    """Give ln P(S >= s) and ln P(S > s) of each cell, for whole sums `total`.

    `weights` has a row per cell: the chance of each weight 1, 2, ... of one thing that is counted.
    """
    reached, beyond = np.zeros(len(total)), np.zeros(len(total))
    order = np.argsort(total, kind="stable")
    for begin in range(0, len(order), _CELLS):
        here = order[begin : begin + _CELLS]
        reached[here], beyond[here] = _tails(total[here], exposure[here], prior.at(here), weights[here])
    return reached, beyond


def _tails(total: Places, exposure: Numbers, prior: Prior, weights: Numbers) -> tuple[Numbers, Numbers]:
    heaviest = weights.shape[1]
    mean = exposure * prior.rate
    q = np.clip(mean / (mean + prior.shape), 1e-300, 1 - 1e-16)
    none = prior.shape * np.log1p(-q)
    mass = _masses(q, prior.shape, weights, upto=int(total.max(initial=0)) + _FURTHER * heaviest)
    step = np.arange(mass.shape[1])
    above = mass * (step[None, :] > total[:, None])
    reached, beyond = (
        _log_tail(part, mass, none, heaviest=heaviest)
        for part in (above + mass * (step[None, :] == total[:, None]), above)
    )
    return np.where(total > 0, np.minimum(reached, 0.0), 0.0), np.minimum(beyond, reached)


def _masses(q: Numbers, shape: Numbers, weights: Numbers, *, upto: int) -> Numbers:
    """Give P(S = s) / P(S = 0) for s = 0 .. upto, a row per cell."""
    heaviest = weights.shape[1]
    each = np.arange(1, heaviest + 1)
    mass = np.zeros((len(q), upto + 1))
    mass[:, 0] = 1.0
    first, second = q[:, None] * weights, ((shape - 1) * q)[:, None] * weights * each
    for s in range(1, upto + 1):
        most = min(s, heaviest)
        before = mass[:, s - most : s][:, ::-1]
        mass[:, s] = ((first[:, :most] + second[:, :most] / s) * before).sum(axis=1)
    return mass


def _log_tail(part: Numbers, mass: Numbers, none: Numbers, *, heaviest: int) -> Numbers:
    """Give the ln of a tail: what was summed, and a geometric series for what lies further.

    Below nine tenths of the distribution the tail is what the rest leaves over.
    """
    last, before = mass[:, -heaviest:].sum(axis=1), mass[:, -2 * heaviest : -heaviest].sum(axis=1)
    ratio = np.clip(last / np.maximum(before, _LEAST), 0.0, 0.999)
    summed = np.log(np.maximum(part.sum(axis=1) + last * ratio / (1 - ratio), _LEAST)) + none
    under = np.exp(np.log(np.maximum((mass - part).sum(axis=1), _LEAST)) + none)
    return np.asarray(np.where(under < 0.9, np.log1p(-np.minimum(under, 0.9)), summed))
