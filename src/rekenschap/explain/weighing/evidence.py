# SPDX-License-Identifier: EUPL-1.2
"""The evidence score of a look: a sum of printed terms in nats; higher is less explained.

Knows no engine and no names of people; what weighs how much was fitted before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pyarrow as pa

from rekenschap.explain.pool import Flags, Numbers, Whole
from rekenschap.explain.weighing.levels import Levels
from rekenschap.sql.derived import EVIDENCE_TERM, derived_schema
from rekenschap.sql.query import InTwo

NOTHING_FOUND = "nothing_found"
"""The term where every look begins: the score of a look for which nothing at all is found."""

TERMS: Mapping[str, InTwo] = MappingProxyType(
    {
        NOTHING_FOUND: InTwo(nl="niets gevonden", en="nothing found"),
        "own_before": InTwo(nl="eigen werk op een eerdere dag", en="own work on an earlier day"),
        "own_after": InTwo(nl="eigen werk in de week erna", en="own work in the week after"),
        "own_days": InTwo(nl="eigen werk op meer dan één dag", en="own work on more than one day"),
        "others_before": InTwo(nl="werk van collega's ervoor", en="work of colleagues before"),
        "others_after": InTwo(
            nl="werk van collega's in de week erna", en="work of colleagues in the week after"
        ),
        "others_days": InTwo(nl="werk van collega's op meer dagen", en="work of colleagues on more days"),
        "zaak_apart": InTwo(nl="een zaak in die tijd", en="a zaak around that time"),
    }
)
"""The terms that are no ground, in words; a ground is called by its own title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceModel:
    """What each ground takes off the score when it holds (`weights`, none negative), from `nothing_found`.

    `steps` says the same of each step of a measure, from the widest to the narrowest.
    """

    grounds: tuple[str, ...]
    nothing_found: float
    weights: tuple[float, ...]
    steps: tuple[tuple[str, tuple[float, ...]], ...] = ()

    def taken_off(self) -> tuple[tuple[str, Numbers], ...]:
        """Give for each measure what it takes off at every level, from nothing found to the last step."""
        return tuple((name, np.concatenate([[0.0], np.cumsum(each)])) for name, each in self.steps)


def score(model: EvidenceModel, hits: Flags, levels: Levels) -> Numbers:
    """Give the score of each look (row) from the grounds that hold and the levels, in the model's order."""
    scores = np.full(len(hits), model.nothing_found)
    for column, weight in enumerate(model.weights):
        scores -= hits[:, column] * weight
    for column, (_, off) in enumerate(model.taken_off()):
        scores -= off[levels[:, column]]
    return scores


def terms(model: EvidenceModel, hits: Flags, levels: Levels, *, looks: Whole) -> pa.Table:
    """Give the relation `evidence_term`: where each look begins, and what each ground that holds and each
    measure takes off.
    """
    ground, row = np.nonzero(hits.T)
    places = [np.zeros(len(looks), dtype=np.int64), ground + 1]
    of = [looks, looks[row]]
    values = [np.full(len(looks), model.nothing_found), -np.array((*model.weights, 0.0))[ground]]
    for column, (_, off) in enumerate(model.taken_off()):
        some = np.flatnonzero(off[levels[:, column]])
        places.append(np.full(len(some), 1 + len(model.grounds) + column))
        of.append(looks[some])
        values.append(-off[levels[some, column]])
    names = pa.array([NOTHING_FOUND, *model.grounds, *(name for name, _ in model.steps)])
    arrays = [
        pa.array(np.concatenate(of)),
        names.take(pa.array(np.concatenate(places))),
        pa.array(np.concatenate(values)),
    ]
    return pa.Table.from_arrays(arrays, schema=derived_schema(EVIDENCE_TERM))
