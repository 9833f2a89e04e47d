# SPDX-License-Identifier: EUPL-1.2
"""Puts made-up looks among the real ones, to see how well the score ranks them; never in a ledger.

Each is by somebody who worked at that moment, at a subject this person never looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from rekenschap.errors import ConfigurationError
from rekenschap.explain.pool import Flags, Numbers, Whole, pool_of
from rekenschap.model.planting import Among

FIRST_PLANTED = 2**62
"""Planted looks are numbered from here, where no ledger ever comes."""

_PATIENCE = 50  # moments tried for each look that is wanted, before giving up


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The chance that a planted look scores above a real one, or a first one (ties half)."""

    planted: int
    auc: float
    auc_first: float


def plant(looks: pa.Table, zaken: pa.Table, *, count: int, seed: int, among: Among = Among.OPEN) -> pa.Table:
    """Make `count` rows of the relation `look`, as a moment of a real look with another subject.

    `zaken` has the columns subject, zaak, registered_at and closed_at. Raises ConfigurationError when the
    looks and zaken do not offer so many.
    """
    rng = np.random.default_rng(seed)
    people = np.flatnonzero(pool_of(looks).member)
    chosen = _choose(looks, zaken, people, count=count, among=among, rng=rng)
    if len(chosen) < count:
        raise ConfigurationError(
            expected=f"{count} moments with a subject nobody looked at then",
            found=f"{len(chosen)}",
            remedy="plant fewer looks or among any zaak",
        )
    rows = looks.take(pa.array([row for row, _ in chosen], pa.int64()))
    given = zaken.take(pa.array([zaak for _, zaak in chosen], pa.int64()))
    return _replaced(rows, given)


def ranking(planted: Numbers, real: Numbers, first: Flags) -> Ranking:
    """Say how planted scores rank among those of real looks, and among first looks only."""
    return Ranking(planted=len(planted), auc=_auc(planted, real), auc_first=_auc(planted, real[first]))


def _choose(
    looks: pa.Table, zaken: pa.Table, people: Whole, *, count: int, among: Among, rng: np.random.Generator
) -> list[tuple[int, int]]:
    """Pick moments by activity and at each a zaak that fits; a loop over what is planted, not over looks."""
    staff, looked_at = (np.asarray(looks.column(name)) for name in ("staff", "looked_at"))
    subject = np.asarray(zaken.column("subject"))
    begun, ended = _lives(zaken, among)
    seen = set(zip(staff.tolist(), looks.column("subject").to_pylist(), strict=True))
    chosen: list[tuple[int, int]] = []
    for row in rng.choice(people, size=count * _PATIENCE) if len(people) and len(subject) else ():
        if len(chosen) == count:
            break
        fitting = np.flatnonzero((begun <= looked_at[row]) & (ended >= looked_at[row]))
        zaak = int(fitting[rng.integers(len(fitting))]) if len(fitting) else -1
        pair = (int(staff[row]), int(subject[zaak])) if zaak >= 0 else None
        if pair is not None and pair not in seen:
            seen.add(pair)
            chosen.append((int(row), zaak))
    return chosen


def _lives(zaken: pa.Table, among: Among) -> tuple[Whole, Whole]:
    """Give from when until when each zaak may be planted."""
    longest = np.iinfo(np.int64)
    begun = np.asarray(zaken.column("registered_at").fill_null(longest.max))
    ended = np.asarray(zaken.column("closed_at").fill_null(longest.max))
    always = np.full(len(begun), longest.max)
    match among:
        case Among.OPEN:
            return begun, ended
        case Among.PAST:
            return begun, always
        case Among.ANY:
            return np.full(len(begun), longest.min), always


def _replaced(rows: pa.Table, given: pa.Table) -> pa.Table:
    """Put the chosen subject in the rows, and its zaak where the real look named one."""
    named = rows.column("zaak").is_valid()
    zaak = pa.compute.if_else(named, given.column("zaak"), pa.scalar(None, pa.int64()))
    changed = {
        "look": pa.array(FIRST_PLANTED + np.arange(len(rows), dtype=np.int64)),
        "subject": given.column("subject"),
        "zaak": zaak,
        "first_look": pa.array(np.full(len(rows), True)),
    }
    for name, column in changed.items():
        rows = rows.set_column(rows.column_names.index(name), name, column)
    return rows


def _auc(above: Numbers, below: Numbers) -> float:
    if not (len(above) and len(below)):
        return 0.5
    ordered = np.sort(below)
    lower, not_higher = (np.searchsorted(ordered, above, side=side) for side in ("left", "right"))
    return float((lower + not_higher).mean() / (2 * len(below)))  # one that ties counts for a half
