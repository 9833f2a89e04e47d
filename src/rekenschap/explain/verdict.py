# SPDX-License-Identifier: EUPL-1.2
"""The relations `explanation` and `verdict`, made in columns from what the grounds found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from rekenschap.explain.pool import Flags, Numbers, Whole
from rekenschap.explain.weighing.standing import Standings
from rekenschap.explain.weighing.strength import Strengths
from rekenschap.model.explanation import Weight
from rekenschap.sql.derived import EXPLANATION, VERDICT, derived_schema
from rekenschap.sql.query import Query


def explanations(
    grounds: Sequence[Query],
    work: Mapping[str, pa.Table],
    says: Strengths,
    *,
    standings: Standings,
    looks: Whole,
    team_class: Whole,
) -> pa.Table:
    """Give a row per look and ground that explains it, fully or weakly; a trace explains nothing.

    A full ground that says too little for such a team is a weak one there. `looks` are in rising order.
    """
    schema = derived_schema(EXPLANATION)
    parts = [schema.empty_table()]
    for at, ground in enumerate(grounds):
        if ground.weight == Weight.TRACE:
            continue
        found = work[ground.id].sort_by("look")
        rows = np.searchsorted(looks, np.asarray(found.column("look")))
        weight, back = standings.weight_at(at, team_class[rows])
        told = {
            "look": found.column("look"),
            "ground": pa.array(np.full(len(found), ground.id, dtype=object), pa.string()),
            "weight": pa.array(np.where(back, Weight.WEAK.value, weight.value).astype(object), pa.string()),
            "work_relation": found.column("work_relation"),
            "work_entry": found.column("work_entry"),
            "strength": pa.array(says.hit_by_class[at, team_class[rows]]),
        }
        parts.append(pa.table(told, schema=schema))
    return pa.concat_tables(parts).combine_chunks()


def verdicts(
    looks: Whole,
    hits: Flags,
    *,
    names: tuple[str, ...],
    standings: Standings,
    team_class: Whole,
    strength: Numbers,
    score: Numbers,
) -> pa.Table:
    """Give a row per look: whether a full ground holds, or only weak ones, which says most, and the score.

    What somebody stated counts with the weak ones: no one's own word makes a look explained.
    """
    full = standings.full.T[team_class]
    explained = standings.explained(hits, team_class)
    counts = hits & np.where(explained[:, None], full, standings.apart(team_class, stated=True))
    best, holds = _best(counts, strength)
    unknown = pa.array(~holds)
    columns = [
        pa.array(looks),
        pa.array(explained),
        pa.array(~explained & holds),
        pa.compute.if_else(
            unknown, pa.scalar(None, pa.string()), pa.array([*names, ""]).take(pa.array(best))
        ),
        pa.array(
            np.where(holds, np.take_along_axis(_with_none(strength), best[:, None], axis=1)[:, 0], 0.0),
            mask=~holds,
        ),
        pa.array(score),
    ]
    return pa.Table.from_arrays(columns, schema=derived_schema(VERDICT))


def _best(counts: Flags, strength: Numbers) -> tuple[Whole, Flags]:
    """Give the strongest ground that counts (the first by id when equal), and whether there is any."""
    if not counts.shape[1]:
        return np.zeros(len(counts), dtype=np.int64), np.zeros(len(counts), dtype=np.bool_)
    best: Whole = np.where(counts, strength, -np.inf).argmax(axis=1).reshape(-1)
    return best, np.any(counts, axis=1).reshape(-1)


def _with_none(strength: Numbers) -> Numbers:
    """Add a column of nothing, so that there is always one to take from."""
    return np.column_stack([strength, np.zeros(len(strength))])
