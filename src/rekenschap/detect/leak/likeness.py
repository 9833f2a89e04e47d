# SPDX-License-Identifier: EUPL-1.2
"""The same question about permuted citizens: lists drawn by lot, as much looked at as the real one.

Each subject of the list is replaced by another whom as many looked at, and as many without a reason. When the
best of all staff often comes as far on such lists, the ranking says little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from rekenschap.detect.leak.answer import Likeness
from rekenschap.detect.leak.background import Background
from rekenschap.detect.leak.chance import UNKNOWN, Chances, Flags, Met
from rekenschap.detect.leak.counting import Numbers, Places, log_tails

_AT_MOST = 100_000
_FEW = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Lots:
    """Lists drawn by lot: tokens, a row per round, a column per subject; 0 where none is known."""

    tokens: Places
    known: Places


def draw(background: Background, subjects: Places, *, rounds: int, seed: int) -> Lots:
    """Draw lists on which each subject is replaced by one of the same class; the real ones are left out."""
    rng = np.random.default_rng(seed)
    rounds = min(rounds, max(20, _AT_MOST // max(len(subjects), 1)))
    at = np.searchsorted(background.subject, subjects)
    at = np.minimum(at, max(len(background.subject) - 1, 0))
    known = background.subject[at] == subjects if len(background.subject) else np.zeros(len(subjects), bool)
    tokens = np.zeros((rounds, len(subjects)), dtype=np.int64)
    free = ~np.isin(background.subject, subjects)
    lookers, without = _class(background.lookers), _class(background.unexplained_lookers)
    for column in np.flatnonzero(known):
        alike = free & (without == without[at[column]])
        close = alike & (lookers == lookers[at[column]])
        pool = background.subject[_enough(close, alike, free)]
        if len(pool):
            tokens[:, column] = rng.choice(pool, rounds)
    return Lots(tokens=tokens, known=known.astype(np.int64))


def hold_against(
    lots: Lots, chances: Chances, met: Met, *, starts: Places, best: float, bar: float, in_common: int
) -> Likeness:
    """Ask each drawn list the same question; `best` is the strongest real ln tail, `bar` what stands out."""
    rounds = len(lots.tokens)
    strongest, standing = np.zeros(rounds), np.zeros(rounds)
    step = max(1, _AT_MOST // max(lots.tokens.shape[1], 1))
    for begin in range(0, rounds, step):
        part = lots.tokens[begin : begin + step]
        columns = np.where(lots.known == 1, met.places(part.ravel()).reshape(part.shape), UNKNOWN)
        for at, (logs, counts) in zip(*_tails(columns, chances, met, starts), strict=True):
            strongest[begin + at] = logs.min(initial=0.0)
            standing[begin + at] = logs[counts >= in_common].min(initial=0.0)
    as_strong = int((strongest <= best + 1e-9).sum()) if best < 0 else rounds
    upper = float(stats.beta.ppf(0.95, as_strong + 1, rounds - as_strong)) if as_strong < rounds else 1.0
    return Likeness(
        rounds=rounds,
        as_strong=as_strong / rounds,
        upper=upper,
        stood_out=float((standing <= bar).mean()),
    )


def _tails(
    columns: Places, chances: Chances, met: Met, starts: Places
) -> tuple[Places, list[tuple[Numbers, Places]]]:
    """Give for each round with a look without a reason the ln tails of those who looked, and counts."""
    by_subject = np.flatnonzero(met.unexplained)
    by_subject = by_subject[np.argsort(met.subject[by_subject], kind="stable")]
    edges = np.searchsorted(met.subject[by_subject], np.arange(len(met.subjects) + 1))
    lists, slots = np.nonzero(columns != UNKNOWN)
    which = columns[lists, slots]
    times = edges[which + 1] - edges[which]
    first = np.repeat(edges[which], times)
    within = np.arange(len(first)) - np.repeat(np.cumsum(times) - times, times)
    staff = met.staff[by_subject[first + within]]
    pairs = np.unique(np.column_stack((np.repeat(lists, times), staff)), axis=0)
    if not len(pairs):
        return np.zeros(0, dtype=np.int64), []
    rows, wide = pairs[:, 1], columns[pairs[:, 0]]
    counts = chances.found(rows, wide, starts)[0].sum(axis=1)
    logs = log_tails(chances.chances(rows, wide, starts), counts)
    found, begins = np.unique(pairs[:, 0], return_index=True)
    return found, list(zip(np.split(logs, begins[1:]), np.split(counts, begins[1:]), strict=True))


def _class(count: Places) -> Places:
    """Put counts of 0, 1, 2-3, 4-7 and so on together."""
    return np.where(count > 0, np.floor(np.log2(np.maximum(count, 1))) + 1, 0).astype(np.int64)


def _enough(*pools: Flags) -> Flags:
    """Give the narrowest pool that has more than a few; the last one otherwise."""
    return next((pool for pool in pools if pool.sum() >= _FEW), pools[-1])
