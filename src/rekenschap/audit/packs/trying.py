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
from rekenschap.detect import detect, urgent_rules
from rekenschap.errors import ConfigurationError
from rekenschap.explain import Explained, explain, grounds_of_the_house
from rekenschap.house import House
from rekenschap.model.explanation import GroundShare
from rekenschap.packs import Pack
from rekenschap.packs.held import packs_of, with_packs, with_rules
from rekenschap.seams.engine import Engine
from rekenschap.sql.cases import answered_rows, read_drawn
from rekenschap.sql.derived import DERIVED, derived_schema
from rekenschap.sql.lint import check_query
from rekenschap.sql.query import Query, load_queries
from rekenschap.sql.workspace import bind_upstream, run

_WEEK = 7 * 86_400_000_000
_MONDAY = 3 * 86_400_000_000  # 1970-01-01 was a Thursday


def _with(packs: Iterable[Pack]) -> tuple[Query, ...]:
    return with_packs(grounds_of_the_house(), packs)


def check_pack(pack: Pack, engine: Engine) -> int:
    """Hold a pack against what every query must be, and run its drawn cases; gives how many ran.

    Raises ConfigurationError that names the query and the case.
    """
    _with([pack])
    with_rules(urgent_rules(), [pack])
    ours = load_queries(Path(rekenschap.__file__).parent)
    if taken := sorted({each.id for each in pack.queries} & {each.id for each in ours}):
        raise ConfigurationError(
            expected="names of their own in a pack",
            found=f"{taken[0]}, a query that comes along",
            remedy="rename that of the pack",
        )
    catalogue = (*ours, *pack.queries)
    count = 0
    for query in pack.queries:
        check_query(query, catalogue=catalogue)
        for path in query.drawings:
            _check_case(query, path, engine, catalogue)
            count += 1
    return count


def _check_case(query: Query, path: Path, engine: Engine, catalogue: Sequence[Query]) -> None:
    drawn = read_drawn(path, query, catalogue=catalogue)
    for name, rows in drawn.given.items():
        engine.bind(name, rows)
    bind_upstream(engine, query.reads, known={*drawn.given}, catalogue=catalogue)
    if answered_rows(run(engine, query), drawn.columns) != drawn.expected:
        raise ConfigurationError(
            expected=f"query {query.id} to answer case {path.stem} as it is drawn",
            found="other rows",
            remedy="correct the query or the case",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """What a rule would have flagged: how often, of how many members of staff, in how many weeks."""

    rule: str
    times: int
    staff: int
    weeks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a pack would have done with every look of the ledger; nothing is kept.

    `newly` explained looks were not explained before; `findings_gone` are those that would not be there.
    `grounds` has the share of each ground of the pack beside what it explains by chance, `rules` what each
    rule would have flagged; `weeks` are those of the ledger.
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
    rules: tuple[Flagged, ...] = ()
    weeks: int = 0


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
        rules = _flagged(engine, pack)
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
        rules=rules,
        weeks=_weeks_of(after.look.column("looked_at")),
    )


def _explained(
    engine: Engine, grounds: tuple[Query, ...], *, seed: int
) -> tuple[Explained, frozenset[tuple[str, int]]]:
    explained = explain(engine, seed=seed, grounds=grounds)
    found = detect(engine, grounds=())
    return explained, frozenset((each.about.domain, each.about.hi) for each in found)


def _flagged(engine: Engine, pack: Pack) -> tuple[Flagged, ...]:
    """Run the rules of a pack over all there is, looks explained as with the pack."""
    engine.bind("canary", derived_schema(DERIVED["canary"]).empty_table())
    found = []
    for rule in pack.rules:
        rows = run(engine, rule)
        found.append(
            Flagged(
                rule=rule.id,
                times=len(pc.unique(rows.column("entry"))),
                staff=len(pc.unique(rows.column("staff"))),
                weeks=_weeks_of(rows.column("happened_at")),
            )
        )
    return tuple(found)


def _weeks_of(times: pa.ChunkedArray) -> int:
    return len(pc.unique(pc.divide(pc.add(times.cast(pa.int64()), _MONDAY), _WEEK)))


def _newly(before: Explained, after: Explained) -> int:
    """Count looks (in order of entry on both sides) that only the second explains."""
    both = pc.and_(pc.invert(before.verdict.column("explained")), after.verdict.column("explained"))
    return int(pc.sum(both.cast(pa.int64())).as_py() or 0)
