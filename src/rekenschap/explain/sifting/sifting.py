# SPDX-License-Identifier: EUPL-1.2
"""Runs bare grounds one after another, each over the looks that the ones before it left unexplained.

A ground that holds with some of the work holds with all: parts of the work may be searched apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from rekenschap.explain.pool import Flags, Whole
from rekenschap.explain.sifting.bare import bare
from rekenschap.model.explanation import Weight
from rekenschap.seams.engine import Engine, Parameter
from rekenschap.sql.derived import LOOK
from rekenschap.sql.query import Query, load_query

_HERE = Path(__file__).parents[1]

OF_THE_MOMENT = frozenset({"team", "role", "employment", "first_look"})
"""Columns of `look` that are looked up or counted: a step that reads none of them needs no lookup."""

_BY_NUMBER = frozenset({"act", "consultation"})
"""Relations in which a look is known by its number: over these the numbers must be the real ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One ground, ready to be asked. `columns` are those of `look` that it may read."""

    ground: str
    sql: str
    given: Mapping[str, Parameter]
    reads: frozenset[str]
    columns: frozenset[str]

    @property
    def by_number(self) -> bool:
        """Whether it may know looks by their real number."""
        return bool(_BY_NUMBER & self.reads)

    @property
    def of_the_moment(self) -> bool:
        """Whether it asks what somebody was at the moment of the look."""
        return bool(OF_THE_MOMENT & self.columns)


def steps_of(grounds: Iterable[Query]) -> tuple[Step, ...]:
    """Make a step of each ground that explains by itself; those that read the least come first."""
    zaken = load_query(_HERE / "look_zaak")
    steps = [_step(each, zaken) for each in grounds if Weight(each.weight) is Weight.FULL]
    return tuple(sorted(steps, key=lambda each: (each.of_the_moment, len(each.reads), each.ground)))


def _step(ground: Query, zaken: Query) -> Step:
    asked = bare(ground, upstream=(zaken,))
    return Step(
        ground=ground.id,
        sql=asked.sql,
        given=ground.defaults,
        reads=asked.reads,
        columns=frozenset(LOOK) & asked.columns,
    )


def sift(engine: Engine, looks: pa.Table, steps: Sequence[Step]) -> Flags:
    """Say for each row of `looks` (the relation `look`) whether one of the steps explains it.

    Everything the steps read must be bound on `engine`, but for `look`, which is bound here.
    """
    explained = np.zeros(len(looks), dtype=np.bool_)
    rows: Whole = np.arange(len(looks), dtype=np.int64)
    left = looks
    for step in steps:
        if not len(left):
            break
        hit = _hit(engine, left, step)
        if hit.any():
            explained[rows[hit]] = True
            rows = rows[~hit]
            left = left.filter(pa.array(~hit))
    return explained


def _hit(engine: Engine, left: pa.Table, step: Step) -> Flags:
    """Ask one step of the looks that are left; their numbers are their rows unless it needs the real ones."""
    needed = [name for name in left.column_names if name in step.columns and name != "look"]
    numbers = left.column("look") if step.by_number else pa.array(np.arange(len(left), dtype=np.int64))
    engine.bind("look", left.select(needed).append_column("look", numbers))
    found = np.asarray(engine.answer(step.sql, step.given, query_id=step.ground).column("look"))
    hit: Flags = np.zeros(len(left), dtype=np.bool_)
    if step.by_number:
        hit |= np.isin(np.asarray(numbers), found)
    else:
        hit[found] = True
    return hit
