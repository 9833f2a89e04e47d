# SPDX-License-Identifier: EUPL-1.2
"""Who is compared with whom: a robust gamma prior from the others of a group, the one compared left out.

Knows counts, owners and groups; not what is counted. A group is a role, or subjects with as many lookers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rekenschap.detect.tail import (
    Numbers,
    Places,
    Prior,
    log_tail,
    prior_from_moments,
    spread_seen,
    usual_spread,
)

_ROUNDS = 6
_STANDING_OUT = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Counts in windows: one row per owner and window, all arrays of one length.

    `owner` and `group` are places 0..; the group belongs to the owner's cell, so an owner may be in several.
    """

    owner: Places
    group: Places
    count: Numbers
    exposure: Numbers


def prior_of_peers(
    cells: Cells, *, owners: int, at_least: int, all_kept: bool = False
) -> tuple[Prior, npt.NDArray[np.bool_]]:
    """Fit for each cell a prior on the others of its group; say which cells had to borrow from everybody.

    A group with fewer than `at_least` owners borrows. Cells that stand out are kept out of the fit, so that
    two who do the same do not hide each other; an owner is never part of its own prior. `all_kept` keeps
    them: where some have a habit that others have not, that is how unlike people are.
    """
    groups = int(cells.group.max()) + 1 if len(cells.group) else 0
    small = _owners_per_group(cells, groups=groups, owners=owners) < at_least
    own = _fit(cells, groups=groups, owners=owners, all_kept=all_kept)
    if not small.any():
        return own, np.zeros(len(cells.owner), dtype=bool)
    everybody = Cells(
        owner=cells.owner, group=np.zeros_like(cells.group), count=cells.count, exposure=cells.exposure
    )
    wide, borrows = _fit(everybody, groups=1, owners=owners, all_kept=all_kept), small[cells.group]
    rate = np.where(borrows, wide.rate, own.rate)
    return Prior(rate=rate, shape=np.where(borrows, wide.shape, own.shape)), borrows


def prior_of_counts(cells: Cells, *, owners: int) -> Prior:
    """Fit for each cell a prior on the bare counts of all others, whatever their exposure; keep all.

    Noise that comes in lumps (a zaak that is in no source, all its looks without a reason) is no gamma
    round a rate, but beside what stands out such lumps are common: keeping them makes them as usual as
    they are.
    """
    bare = Cells(
        owner=cells.owner,
        group=np.zeros_like(cells.group),
        count=cells.count,
        exposure=np.ones(len(cells.count)),
    )
    return _left_out(bare, bare.count, _slots(bare, owners=owners), groups=1)


def _owners_per_group(cells: Cells, *, groups: int, owners: int) -> Places:
    pairs = np.unique(cells.group * owners + cells.owner)
    return np.bincount(pairs // owners, minlength=groups)


def _fit(cells: Cells, *, groups: int, owners: int, all_kept: bool) -> Prior:
    """Search forward: begin with counts capped, then take in every cell that does not stand out.

    The fit of each round leaves each owner out of its own prior, so whoever stands out does not move the
    yardstick it is held against.
    """
    limit = np.log(_STANDING_OUT / np.maximum(np.bincount(cells.group, minlength=groups), 1))[cells.group]
    slots = _slots(cells, owners=owners)
    if all_kept:
        return _left_out(cells, cells.count, slots, groups=groups)
    prior = _left_out(cells, _capped(cells, groups=groups), slots, groups=groups)
    kept = np.ones(len(cells.owner), dtype=bool)
    many = cells.count > 1
    for _ in range(_ROUNDS):
        surprise = np.zeros(len(cells.owner))
        surprise[many] = log_tail(cells.count[many], cells.exposure[many], prior.at(many))
        now_kept = surprise >= limit
        if (now_kept == kept).all() and _ > 0:
            break
        kept = now_kept
        prior = _left_out(cells, cells.count, slots, groups=groups, kept=kept)
    return prior


def _capped(cells: Cells, *, groups: int) -> Numbers:
    """Cap counts at the 80th percentile of what is found at all, measured against the group's middle rate."""
    capped = cells.count.copy()
    for group in range(groups):
        here = np.flatnonzero(cells.group == group)
        count, exposure = cells.count[here], cells.exposure[here]
        if not count.any():
            continue
        scale = exposure * np.median(count / exposure) + 1
        capped[here] = np.minimum(count, scale * np.quantile((count / scale)[count > 0], 0.8))
    return capped


_Slots = tuple[Places, Places]
"""For each cell the place of its owner in its group; for each place the group."""


def _slots(cells: Cells, *, owners: int) -> _Slots:
    places, slot = np.unique(cells.group * owners + cells.owner, return_inverse=True)
    return slot.reshape(-1), places // max(owners, 1)


def _left_out(
    cells: Cells, count: Numbers, slots: _Slots, *, groups: int, kept: npt.NDArray[np.bool_] | None = None
) -> Prior:
    """Fit from sums over the group minus those of the owner itself: exact, without a loop over owners."""
    weight = np.ones(len(count)) if kept is None else kept.astype(np.float64)
    slot, group_of_slot = slots

    def others(values: Numbers) -> Numbers:
        own = np.bincount(slot, weights=values * weight, minlength=len(group_of_slot))
        whole = np.bincount(group_of_slot, weights=own, minlength=groups)
        return np.asarray(np.maximum(whole[cells.group] - own[slot], 0.0))

    pairs = np.maximum(count * (count - 1), 0.0) / cells.exposure
    present = np.bincount(slot, weights=weight, minlength=len(group_of_slot)) > 0
    in_group = np.bincount(group_of_slot, weights=present.astype(np.float64), minlength=groups)
    people = np.asarray(in_group[cells.group] - present[slot], dtype=np.float64)
    sums = others(count), others(cells.exposure), others(pairs)
    usual = usual_spread(*_beside(cells.group, spread_seen(*sums), people))
    return prior_from_moments(*sums, people=people, usual=usual)


def _beside(group: Places, seen: Numbers, people: Numbers) -> tuple[Numbers, Numbers]:
    """Give each cell the mean spread over its own group (itself left out) and the others, and the people.

    What is usual among colleagues in the whole house says how alike the few of one role can be.
    """
    groups = int(group.max()) + 1 if len(group) else 0
    weight = np.maximum(people, 0.0)
    cells = np.maximum(np.bincount(group, minlength=groups), 1)
    size = np.bincount(group, weights=weight, minlength=groups) / cells
    total = np.bincount(group, weights=weight * seen, minlength=groups) / cells
    rest, rest_people = total.sum() - total[group], size.sum() - size[group]
    everybody = np.maximum(rest_people + weight, 1.0)
    return np.asarray((rest + weight * seen) / everybody), np.asarray(rest_people + weight)
