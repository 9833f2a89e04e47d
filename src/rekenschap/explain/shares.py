# SPDX-License-Identifier: EUPL-1.2
"""The explained share beside the share that would be explained by chance; never one without the other."""

from __future__ import annotations

import numpy as np

from rekenschap.explain.pool import Flags, Numbers, Pool
from rekenschap.explain.weighing.strength import Strengths
from rekenschap.model.explanation import GroundShare, Shares, Weight


def shares_of(
    pool: Pool,
    hits: Flags,
    *,
    null_hits: Flags,
    null_first: Flags,
    grounds: tuple[tuple[str, Weight], ...],
    says: Strengths,
) -> Shares:
    """Count what the grounds (columns) explain of real looks (rows) and of permuted ones.

    First figures count each pair of person and subject once, by its first look. Shared and system accounts
    are left out of every share but the one over all accounts.
    """
    full = np.array([weight is Weight.FULL for _, weight in grounds], dtype=np.bool_)
    weak = np.array([weight is Weight.WEAK for _, weight in grounds], dtype=np.bool_)
    stated = np.array([weight is Weight.STATED for _, weight in grounds], dtype=np.bool_)
    explained, null = _any(hits, full), _any(null_hits, full)
    weakly = _any(hits, weak) & ~explained
    member, first = pool.member, pool.member & pool.first
    return Shares(
        looks=int(member.sum()),
        first_looks=int(first.sum()),
        shared_account_looks=int((~member).sum()),
        explained=_mean(explained[member]),
        null_explained=_mean(null),
        first_explained=_mean(explained[first]),
        first_null_explained=_mean(null[null_first]),
        weak_only=_mean(weakly[member]),
        stated_only=_mean((_any(hits, stated) & ~explained & ~weakly)[member]),
        all_accounts_first_explained=_mean(explained[pool.first]),
        grounds=_ground_shares(grounds, _means(hits[member]), _means(null_hits), says.hit),
    )


def _ground_shares(
    grounds: tuple[tuple[str, Weight], ...], share: Numbers, null_share: Numbers, strength: Numbers
) -> tuple[GroundShare, ...]:
    return tuple(
        GroundShare(
            ground=name,
            weight=weight,
            share=float(share[at]),
            null_share=float(null_share[at]),
            strength=float(strength[at]),
        )
        for at, (name, weight) in enumerate(grounds)
    )


def _any(hits: Flags, which: Flags) -> Flags:
    found: Flags = np.any(hits[:, which], axis=1).reshape(-1)
    return found


def _mean(flags: Flags) -> float:
    return float(flags.mean()) if len(flags) else 0.0


def _means(hits: Flags) -> Numbers:
    means: Numbers = hits.mean(axis=0) if len(hits) else np.zeros(hits.shape[1])
    return means
