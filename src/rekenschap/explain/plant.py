# SPDX-License-Identifier: EUPL-1.2
"""Puts made-up looks among the real ones, to see how well the score ranks them; never in a ledger.

Each is by somebody who worked at that moment, at a subject this person never looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from rekenschap.errors import ConfigurationError
from rekenschap.explain.phases import OwnPhase
from rekenschap.explain.pool import Whole, pool_of
from rekenschap.model.planting import BULK, DAYS_CLOSED, Among

FIRST_PLANTED = 2**62
"""Planted looks are numbered from here, where no ledger ever comes."""

_PATIENCE = 50  # moments tried for each look that is wanted, before giving up
_DRAWN = 20  # zaken tried at each moment
_LONG = DAYS_CLOSED * 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What looks may be planted at: the life of each zaak, and which kind of work was done for whom and when.

    `zaken` has the columns subject, zaak, registered_at and closed_at; `phases` subject, staff, kind and
    worked_at, in order of subject and time.
    """

    zaken: pa.Table
    phases: pa.Table


def plant(looks: pa.Table, offered: Offered, *, count: int, seed: int, among: Among = Among.OPEN) -> pa.Table:
    """Make `count` rows of the relation `look`, as a moment of a real look with another subject.

    Raises ConfigurationError when the looks and zaken do not offer so many.
    """
    rng = np.random.default_rng(seed)
    chosen = _choose(looks, offered, count=count, among=among, rng=rng)
    if len(chosen) < count:
        raise ConfigurationError(
            expected=f"{count} moments with a subject nobody looked at then",
            found=f"{len(chosen)}",
            remedy="plant fewer looks or among any zaak",
        )
    rows = looks.take(pa.array([row for row, _ in chosen], pa.int64()))
    given = offered.zaken.take(pa.array([zaak for _, zaak in chosen], pa.int64()))
    return _replaced(rows, given)


def _choose(
    looks: pa.Table, offered: Offered, *, count: int, among: Among, rng: np.random.Generator
) -> list[tuple[int, int]]:
    """Pick moments by activity and at each zaken that fit; a loop over what is planted, not over looks."""
    people = np.flatnonzero(pool_of(looks).member)
    staff, looked_at = (np.asarray(looks.column(name)) for name in ("staff", "looked_at"))
    subject = np.asarray(offered.zaken.column("subject"))
    begun, ended = _lives(offered.zaken, among)
    own = OwnPhase.of(offered.phases, offered.zaken) if among is Among.OWN_PHASE else None
    each_time = BULK if among is Among.BULK else 1
    seen = set(zip(staff.tolist(), looks.column("subject").to_pylist(), strict=True))
    chosen: list[tuple[int, int]] = []
    for row in rng.choice(people, size=count * _PATIENCE) if len(people) and len(subject) else ():
        if len(chosen) == count:
            break
        who, now = int(staff[row]), int(looked_at[row])
        fitting = np.flatnonzero((begun <= now) & (ended >= now))
        fresh = [
            zaak for zaak in rng.permutation(fitting)[:_DRAWN * each_time].tolist()
            if (who, int(subject[zaak])) not in seen and (own is None or own.fits(who, zaak, now))
        ]  # fmt: skip
        one_each = list({int(subject[zaak]): zaak for zaak in fresh}.values())
        if len(one_each) < min(each_time, count - len(chosen)):
            continue
        for zaak in one_each[: min(each_time, count - len(chosen))]:
            seen.add((who, int(subject[zaak])))
            chosen.append((int(row), zaak))
    return chosen


def _lives(zaken: pa.Table, among: Among) -> tuple[Whole, Whole]:
    """Give from when until when each zaak may be planted."""
    longest = np.iinfo(np.int64)
    begun = np.asarray(zaken.column("registered_at").fill_null(longest.max))
    ended = np.asarray(zaken.column("closed_at").fill_null(longest.max))
    always = np.full(len(begun), longest.max)
    match among:
        case Among.OPEN | Among.OWN_PHASE | Among.BULK:
            return begun, ended
        case Among.PAST:
            return begun, always
        case Among.ANY:
            return np.full(len(begun), longest.min), always
        case Among.CLOSED:
            return _long_closed(np.asarray(zaken.column("subject")), ended), always


def _long_closed(subject: Whole, ended: Whole) -> Whole:
    """Give from when the last zaak of each subject was closed for long."""
    longest = np.iinfo(np.int64).max
    _, which = np.unique(subject, return_inverse=True)
    last = np.full(int(which.max(initial=-1)) + 1, np.iinfo(np.int64).min)
    np.maximum.at(last, which, ended)
    quiet: Whole = np.where(last < longest, np.minimum(last, longest - _LONG) + _LONG, longest)[which]
    return quiet


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
