# SPDX-License-Identifier: EUPL-1.2
"""Tries a pack: its drawn cases, and what it would have done with every look of the house. Keeps nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

import rekenschap
from rekenschap.audit.answer import bound
from rekenschap.audit.desk.people import reading
from rekenschap.detect import detect
from rekenschap.errors import ConfigurationError
from rekenschap.explain import Explained, explain, grounds_of_the_house
from rekenschap.house import House
from rekenschap.model.explanation import GroundShare
from rekenschap.packs import Pack
from rekenschap.packs.held import packs_of, with_packs
from rekenschap.seams.engine import Engine
from rekenschap.sql.cases import answered_rows, read_drawn
from rekenschap.sql.lint import check_query
from rekenschap.sql.query import Query, load_queries
from rekenschap.sql.workspace import bind_upstream, run


def _with(packs: Iterable[Pack]) -> tuple[Query, ...]:
    return with_packs(grounds_of_the_house(), packs)


def check_pack(pack: Pack, engine: Engine) -> int:
    """Hold a pack against what every query must be, and run its drawn cases; gives how many ran.

    Raises ConfigurationError that names the query and the case.
    """
    _with([pack])
    catalogue = (*load_queries(Path(rekenschap.__file__).parent), *pack.grounds)
    count = 0
    for ground in pack.grounds:
        check_query(ground, catalogue=catalogue)
        for path in ground.drawings:
            _check_case(ground, path, engine, catalogue)
            count += 1
    return count


def _check_case(ground: Query, path: Path, engine: Engine, catalogue: Sequence[Query]) -> None:
    drawn = read_drawn(path, ground, catalogue=catalogue)
    for name, rows in drawn.given.items():
        engine.bind(name, rows)
    bind_upstream(engine, ground.reads, known={*drawn.given}, catalogue=catalogue)
    if answered_rows(run(engine, ground), drawn.columns) != drawn.expected:
        raise ConfigurationError(
            expected=f"ground {ground.id} to answer case {path.stem} as it is drawn",
            found="other rows",
            remedy="correct the query or the case",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a pack would have done with every look of the ledger; nothing is kept.

    `newly` explained looks were not explained before; `findings_gone` are those that would not be there.
    `grounds` has the share of each ground of the pack beside what it explains by chance.
    """

    looks: int
    explained_before: float
    explained_after: float
    null_before: float
    null_after: float
    newly: int
    findings_before: int
    findings_after: int
    findings_gone: int
    grounds: tuple[GroundShare, ...]


def try_pack(house: House, pack: Pack, *, seed: int, told: Callable[[str], None] | None = None) -> Tried:
    """Explain the whole ledger without the pack and with it; raises as `check_pack` does."""
    say = told or (lambda _: None)
    held = tuple(each for each in packs_of(house.root) if each.name != pack.name)
    engine = house.engine()
    try:
        bound(reading(house), engine)
        say("before")
        before, found = _explained(engine, _with(held), seed=seed)
        say("after")
        after, finds = _explained(engine, _with([*held, pack]), seed=seed)
    finally:
        engine.close()
    ids = {each.id for each in pack.grounds}
    return Tried(
        looks=before.shares.looks,
        explained_before=before.shares.explained,
        explained_after=after.shares.explained,
        null_before=before.shares.null_explained,
        null_after=after.shares.null_explained,
        newly=_newly(before, after),
        findings_before=len(found),
        findings_after=len(finds),
        findings_gone=len(found - finds),
        grounds=tuple(each for each in after.shares.grounds if each.ground in ids),
    )


def _explained(
    engine: Engine, grounds: tuple[Query, ...], *, seed: int
) -> tuple[Explained, frozenset[tuple[str, int]]]:
    explained = explain(engine, seed=seed, grounds=grounds)
    found = detect(engine, grounds=())
    return explained, frozenset((each.about.domain, each.about.hi) for each in found)


def _newly(before: Explained, after: Explained) -> int:
    """Count looks (in order of entry on both sides) that only the second explains."""
    both = pc.and_(pc.invert(before.verdict.column("explained")), after.verdict.column("explained"))
    return int(pc.sum(both.cast(pa.int64())).as_py() or 0)
