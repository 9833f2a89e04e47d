# SPDX-License-Identifier: EUPL-1.2
"""The explained share beside the share that would be explained by chance; never one without the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rekenschap.explain.pool import Flags, Numbers, Pool, Whole
from rekenschap.explain.weighing.standing import Standings
from rekenschap.model.explanation import GroundShare, Shares, Weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Which grounds (columns) hold for looks (rows), and whether they are explained, fully and at all.

    `counts` are those that count in a share, `first` those that do among first looks.
    """

    hits: Flags
    team_class: Whole
    explained: Flags
    at_all: Flags
    counts: Flags
    first: Flags

    @classmethod
    def of(
        cls, standings: Standings, hits: Flags, *, team_class: Whole, counts: Flags, first: Flags
    ) -> Looked:
        """Say of each look whether it is explained, by how grounds stand here."""
        return cls(
            hits=hits, team_class=team_class, counts=counts, first=counts & first,
            explained=standings.explained(hits, team_class),
            at_all=standings.explained_at_all(hits, team_class),
        )  # fmt: skip


def shares_of(
    pool: Pool,
    real: Looked,
    null: Looked,
    *,
    grounds: tuple[str, ...],
    standings: Standings,
    strength: Numbers,
    strangers: Flags,
) -> Shares:
    """Count what the grounds (columns) explain of real looks (rows) and of permuted ones, of which those at
    `strangers` are counted apart too.

    First figures count each pair of person and subject once, by its first look. Shared and system accounts
    are left out of every share but the one over all accounts.
    """
    stated = np.array([weight is Weight.STATED for weight in standings.weights], dtype=np.bool_)
    apart = standings.apart(real.team_class, stated=False)
    weakly = np.any(real.hits & apart, axis=1).reshape(-1) & ~real.explained
    said = np.any(real.hits[:, stated], axis=1) & ~real.explained & ~weakly
    return Shares(
        looks=int(real.counts.sum()),
        first_looks=int(real.first.sum()),
        shared_account_looks=int((~real.counts).sum()),
        explained=_mean(real.explained[real.counts]),
        null_explained=_mean(null.explained),
        first_explained=_mean(real.explained[real.first]),
        first_null_explained=_mean(null.explained[null.first]),
        weak_only=_mean(weakly[real.counts]),
        stated_only=_mean(said[real.counts]),
        all_accounts_first_explained=_mean(real.explained[pool.first]),
        any_explained=_mean(real.at_all[real.counts]),
        null_any_explained=_mean(null.at_all),
        first_any_explained=_mean(real.at_all[real.first]),
        first_null_any_explained=_mean(null.at_all[null.first]),
        strangers=_mean(strangers),
        strangers_explained=_mean(null.explained[strangers]),
        strangers_any_explained=_mean(null.at_all[strangers]),
        grounds=tuple(
            _ground_share(at, name, (real, null), standings=standings, strength=strength)
            for at, name in enumerate(grounds)
        ),
    )


def _ground_share(
    at: int, name: str, looked: tuple[Looked, Looked], *, standings: Standings, strength: Numbers
) -> GroundShare:
    real, null = looked
    held = real.hits[:, at] & real.counts
    standing, kept_back = standings.of(at, real.team_class[held])
    return GroundShare(
        ground=name,
        weight=standings.weights[at],
        share=_mean(real.hits[real.counts, at]),
        null_share=_mean(null.hits[:, at]),
        strength=float(strength[at]),
        standing=standing,
        kept_back=kept_back,
    )


def _mean(flags: Flags) -> float:
    return float(flags.mean()) if len(flags) else 0.0
