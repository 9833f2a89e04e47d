# SPDX-License-Identifier: EUPL-1.2
"""Asks grounds one after another whether they hold, each of the looks that the ones before it left.

A ground that holds with some of the work holds with all: parts of the work may be searched apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from sqlglot import exp

from rekenschap.explain.pool import Flags, Whole
from rekenschap.explain.sifting.bare import Bare, bare
from rekenschap.explain.sifting.near import Near, near_and_far
from rekenschap.explain.weighing.standing import Standings
from rekenschap.explain.weighing.strength import CLASSES
from rekenschap.model.explanation import Weight
from rekenschap.seams.engine import Engine, Parameter
from rekenschap.sql.derived import LOOK, derived_schema
from rekenschap.sql.query import Query, load_query

_ZAKEN = load_query(Path(__file__).parents[1] / "look_zaak")

_BY_NUMBER = frozenset({"act", "consultation"})
"""Relations in which a look is known by its number: over these the numbers must be the real ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A ground, or what of it is one join away (`near`), or the rest of it: ready to be asked.

    `asked` is the ground as a whole; `names` are the columns of anything that this part of it reads;
    `classes` are those of team size in which it explains by itself, None for all.
    """

    ground: str
    sql: str
    given: Mapping[str, Parameter]
    asked: Bare
    names: frozenset[str]
    near: Near | None = None
    classes: frozenset[int] | None = None

    @property
    def columns(self) -> frozenset[str]:
        """The columns of `look` that the ground may read, with the team where its size matters."""
        return frozenset(LOOK) & self.asked.columns | (frozenset() if self.classes is None else {"team"})

    @property
    def by_number(self) -> bool:
        """Whether it may know looks by their real number."""
        return bool(_BY_NUMBER & self.asked.reads)

    def left_of(self, looked: str, columns: Iterable[str]) -> str:
        """Give the SELECT of these columns of the looks in `looked` (a SELECT) for which this does not hold.

        Only for what is `near`: then they are dropped while they are read, and never held.
        """
        if self.near is None:
            raise ValueError("only work that is one join away can be asked while looks are read")
        wanted = ", ".join(f"look.{name}" for name in columns)
        condition = self.near.condition.sql(dialect="duckdb")
        return (
            f"WITH look AS NOT MATERIALIZED ({looked})\n"
            f"SELECT {wanted} FROM look ANTI JOIN {self.near.relation} ON {condition}"
        )


def steps_of(grounds: Sequence[Query], standings: Standings | None = None) -> tuple[Step, ...]:
    """Make steps of the grounds that explain by themselves: work one join away first, zaken before all.

    `standings` of the same grounds keep some back for some sizes of team; without it none is.
    """
    steps: list[Step] = []
    for at, ground in enumerate(grounds):
        if Weight(ground.weight) is not Weight.FULL:
            continue
        explains = np.ones(CLASSES, dtype=np.bool_) if standings is None else standings.full[at]
        classes = None if explains.all() else frozenset(np.flatnonzero(explains).tolist())
        if explains.any():
            steps += [replace(each, classes=classes) for each in _steps(ground)]
    return tuple(sorted(steps, key=_costs))


def _costs(step: Step) -> tuple[bool, bool, int, str]:
    """Order steps by what they cost and leave: who handles the zaak explains most, and costs one join."""
    return step.near is None, step.asked.reads != {"look", "zaak"}, len(step.asked.reads), step.ground


def _steps(ground: Query) -> list[Step]:
    """Take a ground apart; the numbers of looks must not depend on it, so one that reads them stays whole."""
    whole = bare(ground, upstream=(_ZAKEN,))
    near, far = near_and_far(whole.tree, apart=_ZAKEN.writes)
    steps = [_step(ground, whole, _near_query(each), near=each) for each in near]
    return [*steps, *([_step(ground, whole, far)] if far is not None else [])]


def _step(ground: Query, whole: Bare, tree: exp.Query, *, near: Near | None = None) -> Step:
    named = {each.name for each in tree.find_all(exp.Placeholder)}
    return Step(
        ground=ground.id,
        sql=tree.sql(dialect="duckdb", comments=False),
        given={name: value for name, value in ground.defaults.items() if name in named},
        asked=whole,
        names=frozenset(each.name for each in tree.find_all(exp.Column)),
        near=near,
    )


def _near_query(near: Near) -> exp.Query:
    look = exp.select(exp.column("look", "look")).from_("look")
    return look.join(near.relation, on=near.condition.copy(), join_type="semi")


def sift(engine: Engine, looks: pa.Table, steps: Sequence[Step], *, team_class: Whole | None = None) -> Flags:
    """Say for each row of `looks` (the relation `look`) whether one of the steps explains it.

    All facts the steps read must be bound on `engine`; `look` and `look_zaak` are bound here. `team_class` is
    the class of size of the team of each row: needed where a step explains in some classes only.
    """
    explained: Flags = np.zeros(len(looks), dtype=np.bool_)
    rows = pa.array(np.arange(len(looks), dtype=np.int64))
    left = looks.set_column(looks.column_names.index("look"), "look", rows)
    plain = [each for each in steps if not each.by_number]
    zaken_known = False
    for step in plain:
        if not len(left):
            return explained
        engine.bind("look", left)
        if step.near is None and not zaken_known:
            _bind_zaken(engine, left, plain)
            zaken_known = True
        found = np.asarray(engine.answer(step.sql, step.given, query_id=step.ground).column("look"))
        found = found[_counts(step, found, team_class)]
        if len(found):
            explained[found] = True
            left = left.filter(pa.array(~explained[np.asarray(left.column("look"))]))
    for step in (each for each in steps if each.by_number):
        explained |= _by_number(engine, looks, step, explained) & _counts(
            step, np.arange(len(looks)), team_class
        )
    return explained


def _counts(step: Step, rows: Whole, team_class: Whole | None) -> Flags:
    """Say in which rows the step explains by itself."""
    if step.classes is None:
        return np.ones(len(rows), dtype=np.bool_)
    if team_class is None:
        raise ValueError("a ground that is kept back for some teams needs the class of each look")
    return np.isin(team_class[rows], list(step.classes))


def _bind_zaken(engine: Engine, left: pa.Table, steps: Sequence[Step]) -> None:
    """Bind the zaken of the looks that are left, once for all steps, with no more of them than is read."""
    read = frozenset[str]().union(*(each.names for each in steps if each.near is None))
    wanted = ", ".join(name for name in _ZAKEN.columns if name in read)
    for name in (each for each in ("team", "day_began") if each not in left.column_names):
        left = left.append_column(name, pa.nulls(len(left), derived_schema(LOOK).field(name).type))
    engine.bind("look", left)
    sql = f"SELECT {wanted} FROM ({_ZAKEN.sql})"  # noqa: S608 - names and text of a query of the house
    engine.bind(_ZAKEN.writes, engine.answer(sql, _ZAKEN.defaults, query_id=_ZAKEN.id))


def _by_number(engine: Engine, looks: pa.Table, step: Step, explained: Flags) -> Flags:
    """Ask a step that knows looks by their real number."""
    left = looks.filter(pa.array(~explained))
    _bind_zaken(engine, left, [step])
    found = np.asarray(engine.answer(step.sql, step.given, query_id=step.ground).column("look"))
    return np.isin(np.asarray(looks.column("look")), found)
