# SPDX-License-Identifier: EUPL-1.2
"""The usual detectors, per member of staff and week, in the form of our alerts: what has to be beaten.

volume z        looks of the week beside the own role's mean and spread
rarity          the rarest register, search key and hour for the role (mean of minus log shares)
isolation forest, ECOD   on counts of the week that any log has
unexplained     how many looks no ground explains: explanation without any statistics
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from rekenschap.audit.evaluating.measuring.measures import Flags, Numbers, Whole
from rekenschap.audit.evaluating.measuring.outliers import ecod, isolation_forest
from rekenschap.explain.pool import codes, pool_of

OFFICE = (7 * 60, 19 * 60)
"""Looks outside these minutes of the day, or at the weekend, are out of hours (as in Suwinet's reports)."""

_SMOOTH = 1.0
"""One look is added to each kind, so that what was never seen is rare and not impossible."""


def baselines(looks: pa.Table, unexplained: Flags, *, seed: int) -> dict[str, pa.Table]:
    """Give the alerts of each baseline: one per member of staff and week, with no looks to show.

    `looks` is the relation `look`; `unexplained` stands beside it. Accounts of nobody are left out.
    """
    kept = np.flatnonzero(pool_of(looks).member)
    weeks = _Weeks.of(looks.take(pa.array(kept)), unexplained[kept])
    features = weeks.features()
    scores: Mapping[str, Numbers] = {
        "volume": weeks.beside_role(weeks.counted()),
        "rarity": weeks.rarity(),
        "isolation_forest": isolation_forest(features, seed=seed),
        "ecod": ecod(features),
        "unexplained": weeks.unexplained(),
    }
    return {name: weeks.alerts(name, score) for name, score in scores.items()}


class _Weeks:
    """Looks grouped by member of staff and week."""

    def __init__(self, looks: pa.Table, unexplained: Flags) -> None:
        staff = np.asarray(looks.column("staff"), dtype=np.int64)
        self._day = np.asarray(looks.column("happened_day"), dtype=np.int64)
        monday = self._day - (self._day + 3) % 7
        pairs, cell = np.unique(np.column_stack([staff, monday]), axis=0, return_inverse=True)
        self._pairs, self._cell = pairs, cell.reshape(-1).astype(np.int64)
        self._looks, self._without = looks, unexplained
        role = codes(looks.column("role"))
        self._role_of_look = role
        self._role = np.zeros(len(pairs), dtype=np.int64)
        self._role[self._cell] = role

    @classmethod
    def of(cls, looks: pa.Table, unexplained: Flags) -> _Weeks:
        """Group looks."""
        return cls(looks, unexplained)

    def counted(self, weights: Numbers | Flags | None = None) -> Numbers:
        """Count looks, or add up what stands beside them, per cell."""
        beside = None if weights is None else np.asarray(weights, dtype=np.float64)
        return np.bincount(self._cell, weights=beside, minlength=len(self._pairs)).astype(np.float64)

    def unexplained(self) -> Numbers:
        """Count what nothing explains, one for a subject on a day."""
        subject = codes(self._looks.column("subject"))
        here = np.flatnonzero(self._without)
        keys = np.column_stack([self._cell[here], subject[here], self._day[here]])
        visits = np.unique(keys, axis=0)[:, 0] if len(here) else np.zeros(0, dtype=np.int64)
        return np.bincount(visits, minlength=len(self._pairs)).astype(np.float64)

    def beside_role(self, count: Numbers) -> Numbers:
        """Hold each count against the mean and spread of its role."""
        people = np.maximum(np.bincount(self._role), 1)
        mean = np.bincount(self._role, weights=count) / people
        spread = np.sqrt(np.bincount(self._role, weights=(count - mean[self._role]) ** 2) / people)
        return np.asarray((count - mean[self._role]) / np.maximum(spread[self._role], 1.0))

    def rarity(self) -> Numbers:
        """Give how rare the looks of a week are for the role, on average, over three properties."""
        told = [codes(self._looks.column(name)) for name in ("register", "search_key")]
        told.append(np.asarray(self._looks.column("happened_minute"), dtype=np.int64) // 60)
        rare = sum((_rare_for(self._role_of_look, each) for each in told), np.zeros(len(self._cell)))
        return np.asarray(self.counted(rare) / np.maximum(self.counted(), 1))

    def features(self) -> Numbers:
        """Give what any log of looks can tell of a week."""
        looks = self._looks
        minute = np.asarray(looks.column("happened_minute"), dtype=np.int64)
        out = (minute < OFFICE[0]) | (minute >= OFFICE[1]) | ((self._day + 3) % 7 >= 5)
        other = np.isin(codes_of_text(looks, "search_key"), ("name", "address", "plate"))
        first = np.asarray(looks.column("first_look"), dtype=np.bool_)
        many = self.counted()
        columns = [
            many,
            self._distinct("subject"),
            self._distinct("register"),
            self.counted(out),
            self.counted(other),
            self.counted(first),
            self.counted(out) / many,
            self.counted(other) / many,
            self.counted(first) / many,
            self.rarity(),
        ]
        return np.column_stack(columns)

    def alerts(self, name: str, score: Numbers) -> pa.Table:
        """Give the cells in the form of alerts."""
        size = len(self._pairs)
        return pa.table(
            {
                "week": self._pairs[:, 1],
                "domain": pa.repeat(pa.scalar("staff"), size),
                "about": self._pairs[:, 0],
                "channel": pa.repeat(pa.scalar(name), size),
                "window_days": np.full(size, 7, dtype=np.int64),
                "p": np.full(size, np.nan),
                "score": score,
                "look": pa.nulls(size, pa.list_(pa.int64())),
            }
        )

    def _distinct(self, name: str) -> Numbers:
        pairs = np.unique(np.column_stack([self._cell, codes(self._looks.column(name))]), axis=0)
        return np.bincount(pairs[:, 0], minlength=len(self._pairs)).astype(np.float64)


def codes_of_text(looks: pa.Table, name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    """Give a column of text as an array of words."""
    return np.asarray(looks.column(name).to_pylist(), dtype=object)


def _rare_for(role: Whole, kind: Whole) -> Numbers:
    """Give minus the log of the share that each look's kind has in its role."""
    kinds = int(kind.max()) + 1 if len(kind) else 1
    table = np.bincount(role * kinds + kind, minlength=(int(role.max()) + 1) * kinds if len(role) else kinds)
    by_role = table.reshape(-1, kinds) + _SMOOTH
    share = by_role / by_role.sum(axis=1, keepdims=True)
    return np.asarray(-np.log(share[role, kind]))
