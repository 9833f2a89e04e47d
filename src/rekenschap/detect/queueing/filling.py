# SPDX-License-Identifier: EUPL-1.2
"""Fill a week: most by rank, some where most is to be learnt, and some by lot, so that no path is safe.

A purely ranked list can be computed, and so avoided, by whoever knows it (audit games: Blocki et al., 2013),
and it never tells what it misses. Knows alerts and numbers of looks only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pyarrow as pa

from rekenschap.detect.queueing.missing import Lot

LEARNING, BY_LOT = 0.2, 0.1
"""The parts of a week that go to learning and to the lot; what is left goes by rank."""


class Share(StrEnum):
    """Why an item is in the queue."""

    RANK = "rank"
    LEARNING = "learning"
    LOT = "lot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What people concluded so far of the alerts of one channel: how many were looked into, how many held."""

    looked_into: int
    held: int

    @property
    def doubt(self) -> float:
        """Give the standard deviation of the share that holds (Beta, beginning with one of each)."""
        yes, no = self.held + 1.0, self.looked_into - self.held + 1.0
        return float(np.sqrt(yes * no / ((yes + no) ** 2 * (yes + no + 1))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to look into: a row of the alerts, or one look by lot; `chance` is that of being drawn."""

    share: Share
    row: int | None
    looks: tuple[int, ...]
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The items of one week in the order to look into them, and what the lot was drawn from."""

    items: tuple[Item, ...]
    lot: Lot

    def of(self, share: Share) -> tuple[Item, ...]:
        """Give the items of one share."""
        return tuple(each for each in self.items if each.share is share)


def queue(
    alerts: pa.Table,
    *,
    looks: pa.Array,
    budget: int,
    seed: int,
    learnt: Mapping[str, Learnt] | None = None,
) -> Queue:
    """Choose `budget` items from the alerts of one week (see `detect.alerts`) and its looks.

    `looks` are the entries of every look of the week, explained or not: the lot draws from all of them, each
    with the same chance. What an alert misses is passed on to the next share; the seed must be secret until
    the week is over, or somebody could compute what is not looked into.
    """
    rng = np.random.default_rng(seed)
    by_lot = min(max(round(budget * BY_LOT), 1 if budget else 0), len(looks))
    ranked = np.argsort(-np.asarray(alerts.column("score")), kind="stable")
    to_learn = min(round(budget * LEARNING), max(len(ranked) - 1, 0))
    top = ranked[: budget - by_lot - to_learn]
    found = [_row(alerts, int(row), Share.RANK, 1.0) for row in top]
    rest = ranked[len(top) :]
    found += _to_learn(alerts, rest, min(to_learn, len(rest)), learnt or {}, rng)
    drawn = rng.choice(len(looks), size=by_lot, replace=False)
    chance = by_lot / len(looks) if len(looks) else 0.0
    found += [
        Item(share=Share.LOT, row=None, looks=(looks[int(each)].as_py(),), chance=chance) for each in drawn
    ]
    return Queue(items=tuple(found), lot=Lot(looks=len(looks), drawn=by_lot, missed=0))


def _to_learn(
    alerts: pa.Table,
    rest: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    count: int,
    learnt: Mapping[str, Learnt],
    rng: np.random.Generator,
) -> list[Item]:
    """Draw rows below the top: a channel by how much is unknown of it, and then its best row that is left."""
    names = alerts.column("channel").to_pylist()
    left: dict[str, list[int]] = {}
    for row in rest.tolist():
        left.setdefault(names[row], []).append(row)
    found: list[Item] = []
    while left and len(found) < count:
        channels = sorted(left)
        nothing = Learnt(looked_into=0, held=0)
        doubt = np.array([learnt.get(each, nothing).doubt for each in channels])
        odds = doubt / doubt.sum()
        at = int(rng.choice(len(channels), p=odds))
        rows = left[channels[at]]
        found.append(_row(alerts, rows.pop(0), Share.LEARNING, float(odds[at])))
        if not rows:
            del left[channels[at]]
    return found


def _row(alerts: pa.Table, row: int, share: Share, chance: float) -> Item:
    looks = alerts.column("look")[row].as_py()
    return Item(share=share, row=row, looks=tuple(looks), chance=chance)
