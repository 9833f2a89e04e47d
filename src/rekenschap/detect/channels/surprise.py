# SPDX-License-Identifier: EUPL-1.2
"""How surprising the cells of a window are, with the far end of the tails held against all cells together.

A gamma round a rate is never quite true: noise comes in lumps. So the share of *moderately* rare cells
(one in ten to one in fifty) says how much too soon the tails fall, and how many others ever stood far apart
says how much one more that does is worth. Nobody is part of the own yardstick.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rekenschap.detect.channels.compound import log_tails_of_sums
from rekenschap.detect.channels.counted import Sums, Window
from rekenschap.detect.channels.tenure import Tenured
from rekenschap.detect.peers import Cells, prior_of_counts, prior_of_peers
from rekenschap.detect.tail import Numbers, Places, Prior, log_tail

_NEAR, _FAR, _APART = 0.1, 0.02, 1e-4
"""Between the first two chances tails are measured; cells rarer than the third are left out of that."""

_BELIEF = 200.0
"""Cells of exact tails that are mixed in: few cells do not move a tail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surprise:
    """For each cell ln P(this many or more) and ln P(more), and what is usual for it."""

    reached: Numbers
    beyond: Numbers
    usual: Numbers
    borrowed: Numbers


def surprise(
    window: Window, *, owners: int, peers_at_least: int, bare_too: bool, tenured: Tenured | None = None
) -> Surprise:
    """Hold each cell against the others of its group; `bare_too`: the bare count must stand out as well.

    `tenured` is what was seen of the new in weeks before, and takes this one in.
    """
    cells = window.cells
    if not cells.count.any():
        none = np.zeros(len(cells.count))
        return Surprise(reached=none, beyond=np.full(len(none), -np.inf), usual=none, borrowed=none)
    if window.believed is not None:
        return _beside_own_past(window, window.believed)
    widest = np.full(len(cells.count), np.inf)
    if window.tenure.min() < window.tenure.max():
        cells, widest = (tenured or Tenured()).beside(window, owners=owners)
    prior, borrowed = prior_of_peers(cells, owners=owners, at_least=peers_at_least, all_kept=window.habit)
    prior = Prior(rate=prior.rate, shape=np.minimum(prior.shape, widest))
    prior = _in_lumps(prior, cells, within=window.sums is not None)
    reached, beyond = (
        _tails(cells.count, cells.exposure, prior)
        if window.sums is None
        else _tails_of_sums(window.sums, cells.exposure, prior)
    )
    if window.habit:
        own = _tails(cells.count, cells.exposure, _with_own_past(prior, window))
        reached, beyond = np.maximum(reached, own[0]), np.maximum(beyond, own[1])
    if bare_too:
        bare = _tails(cells.count, np.ones(len(cells.count)), prior_of_counts(cells, owners=owners))
        reached, beyond = np.maximum(reached, bare[0]), np.maximum(beyond, bare[1])
        elsewhere = (_all_without(cells, at_least=cells.count + more) for more in (0.0, 1.0))
        reached, beyond = (
            np.minimum(np.logaddexp(*both), 0.0) for both in zip((reached, beyond), elsewhere, strict=True)
        )
    return Surprise(
        reached=reached,
        beyond=beyond,
        usual=prior.rate * cells.exposure,
        borrowed=borrowed.astype(np.float64),
    )


def _all_without(cells: Cells, *, at_least: Numbers) -> Numbers:
    """Give ln P that the records of a cell are elsewhere, so that everybody there is without a reason, and
    that so many were there.

    How often that is, is seen at the others (a number that was changed, a register that is not connected);
    how many then come, at all who came to any cell, beyond the highest twentieth with an exponential excess.
    """
    whole = (cells.count >= cells.exposure).astype(np.float64)
    often = (whole.sum() - whole + _HALF) / (len(whole) + 1.0)
    came = np.sort(cells.exposure)
    edge = float(np.quantile(came, 1 - _TWENTIETH))
    excess = max(float((came[came >= edge] - edge).mean()), 1.0)
    further = np.log(_TWENTIETH) - (at_least - edge) / excess
    others = len(came) - np.searchsorted(came, at_least) - (cells.exposure >= at_least)
    within = np.log(np.maximum(others, 1) / len(came))
    return np.asarray(np.log(often) + np.where(others < 1, np.minimum(further, within), within))


_TWENTIETH = 0.05


def _beside_own_past(window: Window, believed: tuple[float, float]) -> Surprise:
    """Hold each cell against the own past alone, beginning with what is believed of everybody."""
    cells = window.cells
    rate, shape = (np.full(len(cells.count), each) for each in believed)
    prior = _with_own_past(Prior(rate=rate, shape=shape), window)
    reached, beyond = _tails(cells.count, cells.exposure, prior)
    return Surprise(
        reached=reached, beyond=beyond, usual=prior.rate * cells.exposure, borrowed=np.ones(len(rate))
    )


def _in_lumps(prior: Prior, cells: Cells, *, within: bool = False) -> Prior:
    """Believe that what is rare comes in lumps, until enough of it was seen at others.

    One cause (a right that was recorded late) gives many looks. Few events say nothing of that, however many
    people had none: so twelve events are mixed in of which every one brings one more with it. `within` looks
    at others of the same group only: of things that are weighed, what is usual differs by role.
    """
    mean = np.maximum(prior.rate * cells.exposure, 1e-12)
    together = np.bincount(cells.group, mean)[cells.group] if within else mean.sum()
    seen_at_others = np.maximum(together - mean, 0.0)
    more = _LUMPS / (seen_at_others + _LUMPS) / mean
    return Prior(rate=prior.rate, shape=1 / (1 / prior.shape + more))


_LUMPS = 12.0


def _with_own_past(prior: Prior, window: Window) -> Prior:
    """Learn the rate of each owner from the own past (gamma to gamma), beginning with one like their peers.

    However alike peers are, some have a habit and most have not: so the beginning is wide. And work changes
    from week to week: a long past is no certainty, and weighs as much as ten counts at most.
    """
    weight = np.minimum(1.0, _KNOWN / np.maximum(window.past_count, 1.0))
    begin = np.minimum(prior.shape, _HABITS)
    shape = begin + window.past_count * weight
    return Prior(rate=shape / (begin / prior.rate + window.past_exposure * weight), shape=shape)


_HABITS = 0.25
"""Shape of the gamma of a habit: with it a tenth of the people do six tenths of it."""

_KNOWN = 10.0
"""Counts of the own past that are believed in full: a coefficient of variation of a third stays."""


def _tails(count: Numbers, exposure: Numbers, prior: Prior) -> tuple[Numbers, Numbers]:
    """Give ln P(U >= u) and ln P(U > u); that of more than none has a closed form."""
    mean = exposure * prior.rate
    none = prior.shape * (np.log(prior.shape) - np.log(prior.shape + mean))
    reached = np.zeros(len(count))
    beyond = np.log(-np.expm1(np.minimum(none, -1e-300)))
    some = np.flatnonzero(count > 0)
    reached[some] = log_tail(count[some], exposure[some], prior.at(some))
    beyond[some] = log_tail(count[some] + 1, exposure[some], prior.at(some))
    return reached, beyond


def _tails_of_sums(sums: Sums, exposure: Numbers, prior: Prior) -> tuple[Numbers, Numbers]:
    """Give ln P(S >= s) and ln P(S > s) of what was weighed; that of more than nothing has a closed form."""
    none = prior.shape * (np.log(prior.shape) - np.log(prior.shape + exposure * prior.rate))
    reached = np.zeros(len(exposure))
    beyond = np.log(-np.expm1(np.minimum(none, -1e-300)))
    some = np.flatnonzero(sums.total > 0)
    reached[some], beyond[some] = log_tails_of_sums(
        sums.total[some], exposure[some], prior.at(some), weights=sums.weights[some]
    )
    return reached, beyond


@dataclass(slots=True, kw_only=True)
class FarEnd:
    """What was seen of the tails of one channel and length in all weeks so far; grows as weeks go by.

    `apart` is for every owner how far, in nats beyond one in ten thousand, it ever stood out.
    """

    days: int
    cells: float = 0.0
    near: float = 0.0
    far: float = 0.0
    apart: Numbers = field(default_factory=lambda: np.zeros(0))

    def take_in(self, seen: Surprise, owner: Places) -> None:
        """Count how much of each cell's chance lies below one in ten and one in fifty: exact, no draw."""
        reached, beyond = np.exp(seen.reached), np.exp(seen.beyond)
        usual = reached >= _APART
        self.cells += float(len(owner))
        self.near += float(_below(_NEAR, reached, beyond)[usual].sum())
        self.far += float(_below(_FAR, reached, beyond)[usual].sum())
        grown = np.zeros(max(len(self.apart), int(owner.max(initial=-1)) + 1))
        grown[: len(self.apart)] = self.apart
        np.maximum.at(grown, owner, np.log(_APART) - seen.reached)
        self.apart = np.maximum(grown, 0.0)

    def believed(self, log_p: Numbers, owner: Places) -> Numbers:
        """Give ln p as it is believed: never smaller than it was, and for one owner in the same order."""
        edge, apart = -np.log(_NEAR), -np.log(_APART)
        low, slow = self._near_edge(edge)
        high, slower = self._far_away(owner, low + (apart - edge) / slow, slow)
        high = np.maximum(high, low)
        told = -np.asarray(log_p, dtype=np.float64)
        between = low + (told - edge) * (high - low) / (apart - edge)
        beyond = high + (told - apart) / slower
        worth = np.where(told <= edge, told * low / edge, np.where(told <= apart, between, beyond))
        return np.asarray(-worth, dtype=np.float64)

    def _near_edge(self, edge: float) -> tuple[float, float]:
        """Give what one in ten is worth, and how many times too soon the tail falls from there on."""
        near, far = self.near + _NEAR * _BELIEF, self.far + _FAR * _BELIEF
        shift = min(max(float(np.log(near / (_NEAR * (self.cells + _BELIEF)))), 0.0), edge / 2)
        slow = max(float(np.log(_NEAR / _FAR) / np.log(near / max(far, 1e-9))), 1.0)
        return edge - shift, min(slow, _SLOWEST)

    def _far_away(self, owner: Places, high: float, slow: float) -> tuple[Numbers, Numbers]:
        """Give each cell what one in ten thousand is worth, and how slowly it grows from there on.

        Both from how many other owners ever stood out so far, and how far half of them did (peaks over a
        threshold, with an exponential excess): what happens to many is no surprise in one more.
        """
        expected = _APART * self.cells / max(1.0, self.days / 7)
        others = np.sort(self.apart[self.apart > 0])
        own = self.apart[owner]
        count = len(others) - (own > 0)
        middle = np.full(len(owner), float(np.median(others)) if len(others) else 0.0)
        for each in np.unique(own[own > 0]):
            rest = np.delete(others, np.searchsorted(others, each))
            middle[own == each] = float(np.median(rest)) if len(rest) else 0.0
        jobs, few = (_JOBS * self.cells / 5, 0.0) if self.days == 1 else (0.0, _FEW)
        shift = np.log((count + jobs + expected + _HALF) / (expected + _HALF))
        mean = middle / np.log(2.0)
        slower = (count * mean + jobs * _JOB + few * slow) / np.maximum(count + jobs + few, 1e-9)
        return high - shift, np.maximum(slower, slow)


_SLOWEST = 4.0
"""However lumpy the middle of the noise, a fourth of the surprise is left."""

_JOBS, _JOB = 1e-3, 20.0
"""Believed before any is seen: one in a thousand weeks of a member of staff holds a one-off job (a list, a
training, a legal hold) that no source tells of, which on its day stands out by some 20 nats."""

_HALF, _FEW = 0.5, 2.0
"""Owners mixed in where tails are measured at those who stand out: half a one, and two without a lump."""


def _below(limit: float, reached: Numbers, beyond: Numbers) -> Numbers:
    """Give the chance that p drawn evenly between the two tails lies under `limit`."""
    width = np.maximum(reached - beyond, 1e-300)
    return np.asarray(np.clip((limit - beyond) / width, 0.0, 1.0))


def drawn(seen: Surprise, rng: np.random.Generator) -> Numbers:
    """Draw ln p evenly between the two tails of each cell: uniform when the model holds."""
    reached, beyond = np.exp(seen.reached), np.exp(seen.beyond)
    return np.asarray(np.log(np.maximum(beyond + rng.random(len(reached)) * (reached - beyond), 1e-300)))
