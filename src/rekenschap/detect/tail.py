# SPDX-License-Identifier: EUPL-1.2
"""How surprising a count is beside the counts of colleagues: gamma-Poisson tails and false discovery rates.

Arrays in, arrays out; knows no relation, no name of a rule and no engine. All tails are natural logs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

_TINY = 1e-280
LEAST_SPREAD = 0.02
"""Smallest squared coefficient of variation: no group of people is more alike than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What colleagues do: the mean rate per unit of exposure, and the shape of the gamma round it."""

    rate: Numbers
    shape: Numbers

    def at(self, here: Places | npt.NDArray[np.bool_]) -> Prior:
        """Give the priors in these places."""
        return Prior(rate=self.rate[here], shape=self.shape[here])


def log_tail(counts: Numbers, exposure: Numbers, prior: Prior) -> Numbers:
    """Give ln P(U >= u) where U is Poisson with a gamma rate (negative binomial); 0 where u <= 0.

    P = I_q(u, shape) with q = mean / (mean + shape) (Abramowitz & Stegun 26.5.24). Where that leaves the
    range of a double, a geometric series bounds the tail from above: never more surprising than it is.
    """
    mean = exposure * prior.rate
    q = np.clip(mean / (mean + prior.shape), 1e-300, 1 - 1e-16)
    at_least_one = np.maximum(counts, 1.0)
    tail = special.betainc(at_least_one, prior.shape, q)
    logs = np.log(np.maximum(tail, _TINY))
    deep = tail < _TINY
    if deep.any():
        logs[deep] = _bounded_log_tail(at_least_one[deep], prior.shape[deep], q[deep])
    return np.asarray(np.where(counts > 0, np.minimum(logs, 0.0), 0.0))


def log_mass(counts: Numbers, shape: Numbers, q: Numbers) -> Numbers:
    """Give ln P(U = u) of the negative binomial with `shape` and success odds `q`."""
    ways = special.gammaln(counts + shape) - special.gammaln(shape) - special.gammaln(counts + 1)
    return np.asarray(ways + counts * np.log(q) + shape * np.log1p(-q))


def _bounded_log_tail(counts: Numbers, shape: Numbers, q: Numbers) -> Numbers:
    step = np.maximum(q, q * (counts + shape) / (counts + 1))
    remainder = np.maximum(1 - step, 1e-16)
    return np.asarray(np.maximum(log_mass(counts, shape, q) - np.log(remainder), -1e5))


def spread_seen(count: Numbers, exposure: Numbers, pairs: Numbers) -> Numbers:
    """Give the squared variation of rates, from sums of: count, exposure, count·(count-1)/exposure.

    E[u(u-1)] = exposure² · E[rate²] holds for every gamma-Poisson cell, whatever its exposure.
    """
    exposure = np.maximum(exposure, 1e-9)
    rate = (count + 0.5) / exposure
    between = pairs / exposure - (count / exposure) ** 2 + count / exposure**2
    return np.asarray(np.clip(between / rate**2, 0.0, 1e4))


def usual_spread(seen: Numbers, people: Numbers) -> Numbers:
    """Weigh the spread of many groups (of `people` together) with twelve people of exponential rates."""
    return np.asarray((people * seen + _PEOPLE * _EXPONENTIAL) / (people + _PEOPLE))


def prior_from_moments(
    count: Numbers, exposure: Numbers, pairs: Numbers, *, people: Numbers, usual: Numbers | float = 1.0
) -> Prior:
    """Fit a gamma by moments (see `spread_seen` for the sums).

    Twelve people with the `usual` spread are mixed in: few peers are not soon alike. The variance is that of
    a *new* colleague: it holds the uncertainty of the mean too, so few people mean a wide prior.
    """
    rate = (count + 0.5) / np.maximum(exposure, 1e-9)
    spread = (people * spread_seen(count, exposure, pairs) + _PEOPLE * usual) / (people + _PEOPLE)
    spread = np.maximum(spread * (1 + 1 / np.maximum(people, 1.0)) + 1 / (count + 0.5), LEAST_SPREAD)
    return Prior(rate=rate, shape=1 / spread)


_EXPONENTIAL = 1.0
"""The spread of exponential rates: what is believed of people before any is seen."""

_PEOPLE = 12.0
"""How many people that belief weighs."""


def smallest_per(owner: Places, logs: Numbers, *, owners: int) -> tuple[Numbers, Places]:
    """Give each owner its smallest log tail and the cell it is in (-1 where it has none)."""
    order = np.lexsort((np.arange(len(logs)), logs, owner))
    first = np.ones(len(order), dtype=bool)
    first[1:] = owner[order][1:] != owner[order][:-1]
    chosen = order[first]
    best, cell = np.zeros(owners), np.full(owners, -1, dtype=np.int64)
    best[owner[chosen]], cell[owner[chosen]] = logs[chosen], chosen
    return best, cell


def log_q_values(log_p: Numbers, *, tests: Numbers) -> Numbers:
    """Give ln q of each test by Benjamini and Hochberg (1995); `log_p` may leave out tests with p = 1.

    `tests` is for each p how many tests it stands among. When every rule counts its own tests times the
    number of rules, each rule gets an equal part of the error rate: the weighted procedure of Genovese,
    Roeder and Wasserman (2006) with weights that do not look at the outcome.
    """
    if not len(log_p):
        return np.zeros(0)
    weighted = log_p + np.log(tests)
    order = np.argsort(weighted, kind="stable")
    stepped = weighted[order] - np.log(np.arange(1, len(log_p) + 1))
    lowest = np.minimum.accumulate(stepped[::-1])[::-1]
    answer = np.empty(len(log_p))
    answer[order] = np.minimum(lowest, 0.0)
    return answer
