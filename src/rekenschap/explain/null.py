# SPDX-License-Identifier: EUPL-1.2
"""Looks that nobody took: the same person, team and moment, with the citizen of somebody else's look.

What the grounds explain of these they explain by chance. Knows no grounds and no engine; seeded.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pyarrow as pa

from rekenschap.explain.pool import Flags, Numbers, Pool, Whole

ENOUGH = 20_000
"""Permuted looks after which a share of a few per cent is known to about a tenth of a per cent."""

MOST_REPEATS = 5
_TRIES = 12
_SEARCHED_WHOLE = 512  # groups up to this size are searched to the last look before a wider group is used


class Width(IntEnum):
    """From how far the other citizen came; the first that offers one is used."""

    TEAM_DAY = 0
    TEAM_WEEK = 1
    TEAM = 2
    DAY = 3
    ALL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Permuted:
    """For each permuted look: the row it repeats, the row it has its citizen from, and how far that is."""

    repeats_row: Whole
    donor_row: Whole
    width: Whole

    def __len__(self) -> int:
        return len(self.repeats_row)

    def shares(self) -> tuple[tuple[Width, float], ...]:
        """Give the share of permuted looks that used each width."""
        counted = np.bincount(self.width, minlength=len(Width))
        return tuple((width, float(counted[width] / max(1, len(self)))) for width in Width)


def repeats_for(looks: int) -> int:
    """Give how often each look is repeated: until there are enough, and five times at the most."""
    return max(1, min(MOST_REPEATS, -(-ENOUGH // max(1, looks))))


def permute(pool: Pool, rng: np.random.Generator, *, repeats: int, begin: Width = Width.TEAM_DAY) -> Permuted:
    """Give every look of a member of staff another citizen, `repeats` times, from `begin` outward.

    A citizen this person really looked at that day, or the one of the look itself, is drawn again. A look for
    which nobody offers another citizen is left out.
    """
    targets = np.tile(np.flatnonzero(pool.member), repeats)
    return _permuted(pool, rng, targets, begin=begin, real=_real_pairs(pool, pool.day))


def permute_strangers(pool: Pool, rng: np.random.Generator, *, most: int, begin: Width) -> Permuted:
    """Give at most so many looks a citizen this person never looked at, on that day or any other.

    A pair that was real on another day has a reason of its own, and work that shows it.
    """
    members = np.flatnonzero(pool.member)
    targets = members if len(members) <= most else np.sort(rng.choice(members, most, replace=False))
    return _permuted(pool, rng, targets, begin=begin, real=_real_pairs(pool, np.zeros_like(pool.day)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairs:
    """The pairs that were real, as sorted keys; `day` is that of each row, or the same for all of them."""

    keys: Whole
    day: Whole


def _permuted(
    pool: Pool, rng: np.random.Generator, targets: Whole, *, begin: Width, real: _Pairs
) -> Permuted:
    if not len(pool):
        nobody: Whole = np.zeros(0, dtype=np.int64)
        return Permuted(repeats_row=nobody, donor_row=nobody, width=nobody)
    donors = np.full(len(targets), -1, dtype=np.int64)
    widths = np.zeros(len(targets), dtype=np.int64)
    for width in [each for each in Width if each >= begin]:
        still = np.flatnonzero(donors < 0)
        if not len(still):
            break
        donors[still] = _draw(pool, targets[still], real, groups=_groups(pool, width), rng=rng)
        widths[still] = width
    found = donors >= 0
    return Permuted(repeats_row=targets[found], donor_row=donors[found], width=widths[found])


def are_first(pool: Pool, permuted: Permuted) -> Flags:
    """Say which permuted looks would be first ones: they repeat one, at a subject not seen before."""
    if not len(permuted):
        return np.zeros(0, dtype=np.bool_)
    subjects = int(pool.subject.max()) + 1
    pairs, which = np.unique(pool.staff * subjects + pool.subject, return_inverse=True)
    first_day = np.full(len(pairs), np.iinfo(np.int64).max)
    np.minimum.at(first_day, which, pool.day)
    asked = pool.staff[permuted.repeats_row] * subjects + pool.subject[permuted.donor_row]
    at = np.minimum(np.searchsorted(pairs, asked), len(pairs) - 1)
    seen = (pairs[at] == asked) & (first_day[at] < pool.day[permuted.repeats_row])
    first: Flags = pool.first[permuted.repeats_row] & ~seen
    return first


def are_strangers(pool: Pool, permuted: Permuted) -> Flags:
    """Say which permuted looks are at a subject whom that person never really looked at, on any day."""
    if not len(permuted):
        return np.zeros(0, dtype=np.bool_)
    real = _real_pairs(pool, np.zeros_like(pool.day))
    asked = _pair_keys(
        pool,
        pool.staff[permuted.repeats_row],
        pool.subject[permuted.donor_row],
        np.zeros(len(permuted), dtype=np.int64),
    )
    strangers: Flags = ~np.isin(asked, real.keys)
    return strangers


def permuted_looks(looks: pa.Table, permuted: Permuted, *, last_look: int) -> pa.Table:
    """Give the permuted looks as rows of the relation `look`; their numbers run down from `last_look` - 1."""
    rows = looks.take(pa.array(permuted.repeats_row))
    given = looks.select(["subject", "zaak"]).take(pa.array(permuted.donor_row))
    numbers = pa.array(last_look - 1 - np.arange(len(permuted), dtype=np.int64))
    for name, column in (("look", numbers), ("subject", given["subject"]), ("zaak", given["zaak"])):
        rows = rows.set_column(rows.column_names.index(name), name, column)
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class _Groups:
    """Rows in order of their group, and for each row where its group begins and how large it is."""

    order: Whole
    start: Whole
    size: Whole


def _groups(pool: Pool, width: Width) -> _Groups:
    week = (pool.day + 3) // 7  # 1970-01-01 was a Thursday: weeks begin on Monday
    whole = np.zeros(len(pool), dtype=np.int64)
    kinds = {
        Width.TEAM_DAY: (pool.team, pool.day),
        Width.TEAM_WEEK: (pool.team, week),
        Width.TEAM: (pool.team, whole),
        Width.DAY: (whole, pool.day),
        Width.ALL: (whole, whole),
    }
    one, two = kinds[width]
    keys = (two - two.min()) + one * (two.max() - two.min() + 1)
    _, group, size = np.unique(keys, return_inverse=True, return_counts=True)
    start = np.concatenate([[0], np.cumsum(size)[:-1]])
    return _Groups(order=np.argsort(keys, kind="stable"), start=start[group], size=size[group])


def _draw(pool: Pool, targets: Whole, real: _Pairs, *, groups: _Groups, rng: np.random.Generator) -> Whole:
    """Draw a donor for each target from its group: a few times blindly, then from all that would do."""
    donors = np.full(len(targets), -1, dtype=np.int64)
    still = np.arange(len(targets))
    for _ in range(_TRIES):
        rows = targets[still]
        at = groups.start[rows] + (rng.random(len(rows)) * groups.size[rows]).astype(np.int64)
        drawn = groups.order[at]
        fits = _fits(pool, rows, drawn, real)
        donors[still[fits]] = drawn[fits]
        still = still[~fits]
        if not len(still):
            return donors
    small = still[groups.size[targets[still]] <= _SEARCHED_WHOLE]
    donors[small] = _search(pool, targets[small], real, groups=groups, chance=rng.random(len(small)))
    return donors


def _search(pool: Pool, targets: Whole, real: _Pairs, *, groups: _Groups, chance: Numbers) -> Whole:
    """Look through the whole group of each target and pick one of the donors that would do, or -1."""
    size = groups.size[targets]
    which = np.repeat(np.arange(len(targets)), size)
    place = np.arange(len(which)) - np.repeat(np.cumsum(size) - size, size)
    drawn = groups.order[np.repeat(groups.start[targets], size) + place]
    fits = _fits(pool, targets[which], drawn, real)
    which, drawn = which[fits], drawn[fits]
    offered = np.bincount(which, minlength=len(targets))
    first = np.cumsum(offered) - offered
    picked = first + np.minimum((chance * offered).astype(np.int64), np.maximum(offered - 1, 0))
    donors = np.full(len(targets), -1, dtype=np.int64)
    donors[offered > 0] = drawn[picked[offered > 0]]
    return donors


def _fits(pool: Pool, rows: Whole, drawn: Whole, real: _Pairs) -> Flags:
    """Say which drawn citizens were not really looked at by that person on that day."""
    other = pool.subject[drawn] != pool.subject[rows]
    keys = _pair_keys(pool, pool.staff[rows], pool.subject[drawn], real.day[rows])
    at = np.minimum(np.searchsorted(real.keys, keys), len(real.keys) - 1)
    fits: Flags = other & (real.keys[at] != keys)
    return fits


def _real_pairs(pool: Pool, day: Whole) -> _Pairs:
    day = day - (day.min() if len(day) else 0)
    keys = _pair_keys(pool, pool.staff, pool.subject, day)
    return _Pairs(keys=np.unique(keys), day=day)


def _pair_keys(pool: Pool, staff: Whole, subject: Whole, day: Whole) -> Whole:
    days = int(np.ptp(pool.day)) + 1 if len(pool) else 1
    keys: Whole = (staff * (int(pool.subject.max(initial=-1)) + 1) + subject) * days + day
    return keys
