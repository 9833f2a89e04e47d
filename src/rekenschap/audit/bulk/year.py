# SPDX-License-Identifier: EUPL-1.2
"""Sifts shelves: which looks of years nothing recorded explains, some buckets at a time, in bounded memory.

Most grounds find their work with the subject, so in its bucket; what they leave is searched once in all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rekenschap.adapters.engines.folder import DuckDbFolder
from rekenschap.audit.bulk.shelving import ALL, BUCKETS, BY_SUBJECT, LOOSE, file_of
from rekenschap.explain import sifting
from rekenschap.explain.following import Learnt
from rekenschap.explain.pool import Whole
from rekenschap.explain.sifting import Step, steps_of
from rekenschap.model.relations import SEARCHED_RELATIONS
from rekenschap.sql.query import Query, load_query
from rekenschap.sql.workspace import run
from rekenschap.tables import in_shape_of, work_schema

IN_BUCKETS = frozenset(
    {
        "appointment", "assignment", "contact", "contact_of_team", "oversight", "queue_taken",
        "registered_handler", "task", "team_queue",
    }
)  # fmt: skip
"""Grounds whose work is about the subject of the look or a zaak of that subject. Any other is searched in
everything: to leave one out here costs time, and to name one wrongly would lose explanations."""

AT_ONCE = 2_000_000
"""Looks that are held together; smaller ones cost a query each time, larger ones memory."""

_HERE = Path(__file__).parent
_THIN = frozenset({"look", "staff", "subject", "zaak", "looked_at", "day_began"})
_WHO = frozenset({"team", "role", "employment"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """How many looks there were, and those that no ground explains: number, who, whom, when and zaak."""

    looks: int
    left: pa.Table


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Which steps need nothing but the look itself, which need who looked, and which all buckets at once."""

    thin: tuple[Step, ...]
    with_who: tuple[Step, ...]
    everywhere: tuple[Step, ...]
    learnt: Learnt | None

    def classes(self, looks: pa.Table) -> Whole | None:
        """Give the class of the team of each look, where anything was learnt of teams."""
        return None if self.learnt is None else self.learnt.classes(looks.column("team"))

    @classmethod
    def of(cls, steps: Sequence[Step], *, loose: bool, learnt: Learnt | None) -> _Plan:
        def fits(step: Step) -> bool:
            return step.ground in IN_BUCKETS and step.columns <= _THIN | _WHO and not step.by_number

        inside = [each for each in steps if fits(each)]
        return cls(
            thin=tuple(each for each in inside if each.columns <= _THIN),
            with_who=tuple(each for each in inside if not each.columns <= _THIN),
            everywhere=tuple(each for each in steps if loose or not fits(each)),
            learnt=learnt,
        )


def sift_year(
    folder: Path, grounds: Sequence[Query], *, learnt: Learnt | None = None, memory_limit: str = "1GB",
    threads: int = 0, spill: Path | None = None, at_once: int = AT_ONCE,
) -> Sifted:  # fmt: skip
    """Find the looks on the shelves in `folder` that none of the full grounds explains. Raises EngineError.

    With what was `learnt` (of the same grounds) one that says too little in some teams is kept back there,
    as in every run over all looks; without it each full ground counts everywhere. `memory_limit` bounds the
    engine; what is left over is held beside it, about 100 bytes for each look.
    """
    loose = any((folder / file_of(name, LOOSE)).exists() for name in BY_SUBJECT)
    steps = steps_of(grounds, None if learnt is None else learnt.standings)
    plan = _Plan.of(steps, loose=loose, learnt=learnt)
    engine = DuckDbFolder(folder, threads=threads, memory_limit=memory_limit, spill=spill)
    try:
        looks, left = 0, []
        for some, count in _groups(folder, at_once):
            _bind(engine, folder, some)
            looks += count
            left.append(_sifted(engine, plan))
        whole = _searched_everywhere(engine, folder, pa.concat_tables(left), plan)
        return Sifted(looks=looks, left=whole)
    finally:
        engine.close()


def _searched_everywhere(engine: DuckDbFolder, folder: Path, left: pa.Table, plan: _Plan) -> pa.Table:
    """Search the work of all buckets; looks are made whole only where more is asked than whom and when."""
    _bind(engine, folder, range(BUCKETS), loose=True)
    thin = [each for each in plan.everywhere if each.columns <= _THIN and not each.by_number]
    left = _without(left, sifting.sift(engine, left, thin))
    others = [each for each in plan.everywhere if each not in thin]
    if not others or not len(left):
        return left
    looks = _made_whole(engine, left)
    _bind(engine, folder, range(BUCKETS), loose=True)
    return _without(left, sifting.sift(engine, looks, others, team_class=plan.classes(looks)))


def _sifted(engine: DuckDbFolder, plan: _Plan) -> pa.Table:
    """Give the looks of the bound buckets that are left: what `looked` says of each."""
    first = next((each for each in plan.thin if each.near is not None), None)
    if first is None:
        looked = engine.answer(_sql("looked"), {}, query_id="looked")
    else:
        sql = first.left_of(_sql("looked"), sorted(_THIN))
        looked = engine.answer(sql, first.given, query_id=first.ground)
    others = [each for each in plan.thin if each is not first]
    left = _without(looked, sifting.sift(engine, looked, others))
    if not plan.with_who:
        return left
    engine.bind("consultation", _as_consultations(left))
    names = [*sorted(_THIN), *sorted(_WHO)]
    sql = f"SELECT {', '.join(names)} FROM ({_looks().sql})"  # noqa: S608 - a query of the house
    looks = engine.answer(sql, {}, query_id="looks")
    explained = sifting.sift(engine, looks, plan.with_who, team_class=plan.classes(looks))
    return _without(looks, explained).select(left.column_names)


def _made_whole(engine: DuckDbFolder, left: pa.Table) -> pa.Table:
    """Give looks as the relation `look`, in the order in which they are here."""
    engine.bind("left_over", left.select(["look"]))
    engine.bind("consultation", engine.answer(_sql("left"), {}, query_id="left"))
    looks = run(engine, _looks())
    order = pc.index_in(left.column("look"), value_set=looks.column("look").combine_chunks())
    return looks.take(order)


def _looks() -> Query:
    return load_query(Path(sifting.__file__).parents[1] / "looks")


def _as_consultations(looked: pa.Table) -> pa.Table:
    """Give looks as facts again, with what the query `looks` asks of them to say who looked."""
    at, day_began = (np.asarray(looked.column(name), dtype=np.int64) for name in ("looked_at", "day_began"))
    minute = pa.array(((at - day_began) // 60_000_000).astype(np.int32))
    known = {name: looked.column(name) for name in ("staff", "subject", "zaak", "looked_at")}
    known |= {"entry": looked.column("look"), "happened_minute": minute}
    return in_shape_of(pa.table(known), SEARCHED_RELATIONS["consultation"])


def _without(looks: pa.Table, explained: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> pa.Table:
    return looks.filter(pa.array(~explained))


def _groups(folder: Path, at_once: int) -> Iterator[tuple[list[int], int]]:
    """Give buckets that together have about so many looks, and how many those are."""
    some: list[int] = []
    held = 0
    for each in range(BUCKETS):
        path = folder / file_of("consultation", each)
        count = pq.read_metadata(path).num_rows if path.exists() else 0
        if some and held + count > at_once:
            yield some, held
            some, held = [], 0
        some.append(each)
        held += count
    yield some, held


def _bind(engine: DuckDbFolder, folder: Path, buckets: Sequence[int], *, loose: bool = False) -> None:
    """Bind every relation, of those in buckets only the rows in some of these."""
    for name, relation in SEARCHED_RELATIONS.items():
        which: list[int | str] = [*buckets, *([LOOSE] if loose else [])] if name in BY_SUBJECT else [ALL]
        files = [file for file in (file_of(name, each) for each in which) if (folder / file).exists()]
        if files:
            engine.bind_files(name, files)
        else:
            engine.bind(name, work_schema(relation).empty_table())


@cache
def _sql(name: str) -> str:
    return (_HERE / f"{name}.sql").read_text(encoding="utf-8")
