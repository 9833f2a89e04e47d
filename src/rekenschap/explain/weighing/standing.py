# SPDX-License-Identifier: EUPL-1.2
"""What a ground may do in this house: explain by itself, or only support, by how much it was found to say.

A ground whose work names the one who looked stands as it is: whoever handles a zaak has a reason, however
many colleagues have one too. Any other explains a whole team alike, and has to show here that it tells apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rekenschap.explain.pool import Flags, Whole
from rekenschap.explain.weighing.strength import Strengths
from rekenschap.model.explanation import Standing, Weight
from rekenschap.sql.query import Query

SAYS_ENOUGH = float(np.log(20))
"""In nats: a ground that holds less than twenty times as often for real looks as for those of nobody, of the
same team and day, does not explain by itself (section 6.2 of the design of detection).
"""

LOOKER = "looker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """For each ground (row) and class of team size (column) what it may do there.

    `full` explains by itself; `enough` says enough to be counted among any reasons, full or weak; `few` has
    too few looks to tell, so that it does what its own weight says.
    """

    weights: tuple[Weight, ...]
    full: Flags
    enough: Flags
    few: Flags

    def explained(self, hits: Flags, team_class: Whole) -> Flags:
        """Say which looks (rows) a ground (column) explains by itself."""
        return _any(hits, self.full, team_class)

    def explained_at_all(self, hits: Flags, team_class: Whole) -> Flags:
        """Say which looks have any ground, full or weak, that says enough."""
        return _any(hits, self.enough, team_class)

    def apart(self, team_class: Whole, *, stated: bool) -> Flags:
        """Say which grounds are counted apart for each look: weak ones, full ones that say too little there,
        and with `stated` what people said themselves.
        """
        kinds = (Weight.FULL, Weight.WEAK, *((Weight.STATED,) if stated else ()))
        told = np.array([weight in kinds for weight in self.weights], dtype=np.bool_)
        apart: Flags = told[None, :] & ~self.full.T[team_class]
        return apart

    def weight_at(self, ground: int, team_class: Whole) -> tuple[Weight, Flags]:
        """Give the weight of a ground, and for each class asked whether it is kept back to a weak one."""
        weight = self.weights[ground]
        if weight is not Weight.FULL:
            return weight, np.zeros(len(team_class), dtype=np.bool_)
        return weight, ~self.full[ground, team_class]

    def of(self, ground: int, team_class: Whole) -> tuple[Standing, float]:
        """Give in one word how a ground stands for the looks it holds for, of those classes, and the share of
        them for which it is kept back.
        """
        weight, back = self.weight_at(ground, team_class)
        kept = float(back.mean()) if len(back) else 0.0
        if weight is Weight.FULL and kept == 1.0:
            return Standing.SUPPORTS, kept
        if weight is Weight.FULL and kept > 0:
            return Standing.PARTLY, kept
        few = len(back) and bool(self.few[ground, team_class].any())
        return (Standing.FEW if few else Standing.STANDS), kept


def standings_of(grounds: tuple[Query, ...], says: Strengths) -> Standings:
    """Hold each full ground of a team to what was measured, class by class; few looks follow the whole house.

    It is kept back where not even three standard errors more would be enough, so that a ground near the line
    does not come and go with every run.
    """
    weights = tuple(Weight(each.weight) for each in grounds)
    full, weak = (
        np.array([each is kind for each in weights], dtype=np.bool_) for kind in (Weight.FULL, Weight.WEAK)
    )
    measured = full & np.array([each.work_of != LOOKER for each in grounds], dtype=np.bool_)
    under, house_under = says.most_by_class < SAYS_ENOUGH, (says.most < SAYS_ENOUGH)[:, None]
    over, house_over = says.hit_by_class >= SAYS_ENOUGH, (says.hit >= SAYS_ENOUGH)[:, None]
    unclear = ~under & ~over
    back = measured[:, None] & (under | (unclear & house_under))
    explains: Flags = full[:, None] & ~back
    return Standings(
        weights=weights,
        full=explains,
        enough=explains | (weak[:, None] & (over | (unclear & house_over))),
        few=measured[:, None] & unclear & ~house_under & ~house_over,
    )


def _any(hits: Flags, which: Flags, team_class: Whole) -> Flags:
    """Say which rows have a hit that counts in their class."""
    found = np.zeros(len(hits), dtype=np.bool_)
    for each in np.unique(team_class):
        rows = team_class == each
        found[rows] = np.any(hits[rows][:, which[:, each]], axis=1)
    return found
