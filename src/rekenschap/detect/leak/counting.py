# SPDX-License-Identifier: EUPL-1.2
"""How many of independent chances come true: the exact tail of the Poisson-binomial, however small it is.

P(X >= x) in natural logs, for X a sum of independent 0/1 draws with chances of their own. Computed on tilted
chances, so that what is asked lies in the middle and nothing underflows (Keich 2005, "sFFT"; for the
distribution: Hong 2013). Arrays in, arrays out; knows nothing of people.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

_BY_STEPS = 192
"""Up to so many chances the distribution is built one by one; above that by halves, with a Fourier step."""

_LEAST, _MOST = 1e-15, 1 - 1e-12


def log_tails(chances: Numbers, at_least: Places) -> Numbers:
    """Give ln P(X >= x) for each row of chances (rows x draws); 0 where x <= 0, -inf beyond all."""
    rows, draws = chances.shape
    answer = np.zeros(rows)
    answer[at_least > draws] = -np.inf
    asked = np.flatnonzero((at_least > 0) & (at_least <= draws))
    for part in np.array_split(asked, max(1, len(asked) * max(draws, 1) // 2_000_000 + 1)):
        if len(part):
            answer[part] = _tilted(np.clip(chances[part], _LEAST, _MOST), at_least[part])
    return np.minimum(answer, 0.0)


def log_holm(logs: Numbers, *, tests: int) -> Numbers:
    """Give ln of Holm's (1979) adjusted p; `tests` also counts those with p = 1, left out of `logs`."""
    order = np.argsort(logs, kind="stable")
    stepped = logs[order] + np.log(np.maximum(tests - np.arange(len(logs)), 1))
    answer = np.empty(len(logs))
    answer[order] = np.minimum(np.maximum.accumulate(stepped), 0.0) if len(logs) else stepped
    return answer


def _tilted(chances: Numbers, at_least: Places) -> Numbers:
    """Shift the odds of each row until its mean is x; undo the shift term by term, all of them positive."""
    shift = _shifts(chances, at_least)
    log_odds = np.log(chances) - np.log1p(-chances) + shift[:, None]
    moved = special.expit(log_odds)
    log_scale = np.logaddexp(np.log1p(-chances), np.log(chances) + shift[:, None]).sum(axis=1)
    spread = _distribution(moved)
    count = np.arange(spread.shape[1])
    beyond = np.where(count >= at_least[:, None], count - at_least[:, None], 0)
    weights = np.where(count >= at_least[:, None], np.exp(-shift[:, None] * beyond), 0.0)
    return np.asarray(log_scale - shift * at_least + np.log((spread * weights).sum(axis=1)))


def _shifts(chances: Numbers, at_least: Places) -> Numbers:
    """Give for each row how far its log odds must move so that x is what is expected; never down.

    Not down: then what is asked is no rare thing, and the plain distribution says it.
    """
    log_odds = np.log(chances) - np.log1p(-chances)
    wanted = np.minimum(at_least, chances.shape[1] - 0.5).astype(np.float64)
    low, high = np.zeros(len(chances)), np.full(len(chances), 80.0)
    for _ in range(24):
        middle = (low + high) / 2
        short = special.expit(log_odds + middle[:, None]).sum(axis=1) < wanted
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.where(chances.sum(axis=1) >= wanted, 0.0, low)


def _distribution(chances: Numbers) -> Numbers:
    """Give P(X = 0), P(X = 1) … of each row."""
    if chances.shape[1] <= _BY_STEPS:
        return _by_steps(chances)
    half = chances.shape[1] // 2
    one, other = _distribution(chances[:, :half]), _distribution(chances[:, half:])
    size = one.shape[1] + other.shape[1] - 1
    wide = 1 << (size - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(one, wide) * np.fft.rfft(other, wide), wide)
    return np.maximum(product[:, :size], 0.0)


def _by_steps(chances: Numbers) -> Numbers:
    rows, draws = chances.shape
    spread = np.zeros((rows, draws + 1))
    spread[:, 0] = 1.0
    for at in range(draws):
        chance = chances[:, at, None]
        spread[:, 1 : at + 2] = spread[:, 1 : at + 2] * (1 - chance) + spread[:, : at + 1] * chance
        spread[:, 0] *= 1 - chance[:, 0]
    return spread
