# SPDX-License-Identifier: EUPL-1.2
"""Visits without a reason, each weighed by how unusual it is among such visits of the role; then summed.

What speaks for one visit adds up (found by name, in the evening, at somebody shielded), and what speaks for
one member of staff adds up over visits and weeks. Knows flags and days; not what a flag means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rekenschap.detect.channels.counted import A_DAY, TENURES, Running, Sums, Window, lengths_by
from rekenschap.detect.peers import Cells
from rekenschap.detect.tail import Numbers, Places

HEAVIEST = 12
"""Nats one visit weighs at most: one thing that stands out this far is not outdone by its details."""

_MARK = 5.0
"""Nats one flag weighs at most: rarer than one in a hundred and fifty is not told apart from few visits."""

_LIKE_THE_HOUSE = 20.0
"""Visits of the whole house that are mixed in with those of a role."""

_BELIEVED, _REACH = 10.0, 2.0
"""Visits that are mixed in, with exponential weights of so many nats beyond the least: few visits do not show
how far weights reach. Were flags independent the mean would be about one; one cause raises several flags."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Visits without a reason with their flags (columns); `exposed` is what their number is measured by.

    Of all visits to one `unit` in a window only the heaviest counts: whatever is not recorded about one
    subject is one cause. Coming back is a flag, and a channel of its own.
    """

    owner: Places
    unit: Places
    day: Places
    flags: npt.NDArray[np.bool_]
    exposed: Running
    group: Places
    began: Places

    def heard_by(self, end: int) -> bool:
        """Say whether there was any such visit up to this day."""
        return bool((self.day <= end).any())

    def windows(self, end: int) -> Iterator[Window]:
        """Give the windows that end in the week whose last day is `end`, with what was known by then."""
        known = np.flatnonzero(self.day <= end)
        weight = self._weights(known)
        known, weight = known[weight > 0], weight[weight > 0]
        for days in lengths_by(end)[1:]:
            kept, its = self._causes(known, weight, ago=(end - self.day[known]) // days)
            spread = self._spread(self.owner[kept], its)
            inside = self.day[kept] > end - days
            yield self._window(days, end, kept[inside], its[inside], spread)

    def _causes(self, known: Places, weight: Places, *, ago: Places) -> tuple[Places, Places]:
        """Keep the heaviest visit to each unit in each stretch of days, and the `A_DAY` heaviest of a day."""
        order = np.lexsort((known, -weight, self.unit[known], ago, self.owner[known]))
        kept, its = known[order], weight[order]
        first = _begins(self.owner[kept], ago[order], self.unit[kept])
        kept, its = kept[first], its[first]
        order = np.lexsort((kept, -its, self.day[kept], self.owner[kept]))
        kept, its = kept[order], its[order]
        begins = _begins(self.owner[kept], self.day[kept])
        start = np.maximum.accumulate(np.where(begins, np.arange(len(kept)), 0))
        few = np.arange(len(kept)) - start < A_DAY
        return kept[few], its[few]

    def _window(self, days: int, end: int, here: Places, weight: Places, spread: Numbers) -> Window:
        exposed = self.exposed.between(end - days + 1, end)
        seen = np.flatnonzero(exposed > 0)
        owners = len(self.group)
        cells = Cells(
            owner=seen,
            group=self.group[seen],
            count=np.bincount(self.owner[here], minlength=owners)[seen].astype(np.float64),
            exposure=exposed[seen].astype(np.float64),
        )
        total = np.bincount(self.owner[here], weights=weight, minlength=owners)[seen].astype(np.int64)
        none = np.zeros(len(seen))
        return Window(
            days=days, newest=np.full(len(seen), end), cells=cells,
            tenure=np.searchsorted(TENURES, end - self.began[seen], side="right"),
            past_count=none, past_exposure=none, sums=Sums(total=total, weights=spread[seen]),
        )  # fmt: skip

    def _weights(self, known: Places) -> Places:
        """Weigh visits in whole nats: minus the log of how often others of the role have each flag.

        A visit of which nothing is said weighs nothing. Nobody is part of the own yardstick.
        """
        owner, flags = self.owner[known], self.flags[known].astype(np.float64)
        owners = len(self.group)
        counted = [np.bincount(owner, each, minlength=owners).astype(np.float64) for each in flags.T]
        own: Numbers = np.stack(counted, axis=1)
        visits = np.bincount(owner, minlength=owners).astype(np.float64)[:, None]
        of_role, of_house = self._others(own), own.sum(axis=0) - own
        role_visits, house_visits = self._others(visits), visits.sum() - visits
        usual = (of_house + 0.5) / (house_visits + 1.0)
        share = (of_role + _LIKE_THE_HOUSE * usual) / (role_visits + _LIKE_THE_HOUSE)
        worth = np.minimum(-np.log(share), _MARK)
        nats = (flags * worth[owner]).sum(axis=1)
        return np.asarray(np.minimum(np.floor(nats + 0.5), HEAVIEST), dtype=np.int64)

    def _spread(self, owner: Places, weight: Places) -> Numbers:
        """Give for each owner the chance of each weight, as the others of the role have them."""
        owners = len(self.group)
        place = owner * HEAVIEST + weight - 1
        own = np.bincount(place, minlength=owners * HEAVIEST).reshape(owners, HEAVIEST).astype(np.float64)
        rest = own.sum(axis=0) - own
        rest = rest + _BELIEVED * _EXPONENTIAL
        house = rest / rest.sum(axis=1, keepdims=True)
        role = self._others(own) + _LIKE_THE_HOUSE * house
        return np.asarray(role / role.sum(axis=1, keepdims=True))

    def _others(self, own: Numbers) -> Numbers:
        """Sum over the others of each owner's group."""
        groups = int(self.group.max(initial=0)) + 1
        whole = np.zeros((groups, own.shape[1]))
        np.add.at(whole, self.group, own)
        return np.asarray(whole[self.group] - own)


_EXPONENTIAL = np.exp(-np.arange(HEAVIEST, dtype=np.float64) / _REACH) * (1 - np.exp(-1.0 / _REACH))


def _begins(*keys: Places) -> npt.NDArray[np.bool_]:
    """Say of rows in order whether one is the first of its keys."""
    new = np.ones(len(keys[0]), dtype=bool)
    new[1:] = np.logical_or.reduce([each[1:] != each[:-1] for each in keys])
    return new
