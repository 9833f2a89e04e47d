# SPDX-License-Identifier: EUPL-1.2
"""Any relations: sifting, in one piece or from shelves, leaves the looks that no full ground explains."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.audit.bulk import shelve, sift_year
from rekenschap.explain import explain, grounds_of_the_house
from rekenschap.explain.following import Learnt, explain_some
from rekenschap.explain.searching import HERE
from rekenschap.explain.sifting import sift, steps_of
from rekenschap.model.columns import Kind
from rekenschap.model.explanation import Weight
from rekenschap.model.relations import RELATIONS
from rekenschap.sql.query import load_query
from rekenschap.sql.workspace import bind_all, run
from rekenschap.tables import work_schema

GROUNDS = grounds_of_the_house()
DRAWN = ("consultation", "staff", "zaak", "task", "assignment", "contact", "relation")
DAY = 86_400_000_000
FIRST_DAY = 20_514


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32 - 1), rows=st.integers(1, 60), named=st.floats(0, 1))
def test_sifting_leaves_what_no_full_ground_explains(seed: int, rows: int, named: float):
    facts = relations(seed, rows, named=named)
    engine = DuckDbEngine(threads=1)
    bind_all(engine, facts)
    looks = run(engine, load_query(HERE / "looks")).sort_by("look")
    explained = set(found_one_by_one(engine, looks))
    numbers = looks.column("look").to_numpy()
    marked = sift(engine, looks, steps_of(GROUNDS))
    engine.close()
    assert set(numbers[marked].tolist()) == explained


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 2**32 - 1),
    rows=st.integers(1, 60),
    named=st.floats(0, 1),
    at_once=st.sampled_from([1, 7, 10**9]),
)
def test_buckets_give_what_one_piece_gives(seed: int, rows: int, named: float, at_once: int):
    facts = relations(seed, rows, named=named)
    if named > 0.5:
        facts = nothing_loose(relations(seed, rows, named=1.0))
    engine = DuckDbEngine(threads=1)
    bind_all(engine, facts)
    looks = run(engine, load_query(HERE / "looks"))
    explained = set(found_one_by_one(engine, looks))
    engine.close()
    with TemporaryDirectory() as place:
        shelve(facts, Path(place))
        sifted = sift_year(Path(place), GROUNDS, threads=1, at_once=at_once)
    assert sifted.looks == len(looks)
    left = sifted.left.column("look").to_pylist()
    assert len(left) == len(set(left))
    assert set(left) == set(looks.column("look").to_pylist()) - explained


@settings(
    max_examples=5, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow]
)
@given(seed=st.integers(0, 2**32 - 1), rows=st.integers(1, 60))
def test_a_ground_that_is_kept_back_for_some_teams_explains_in_the_others_only(seed: int, rows: int):
    facts = relations(seed, rows, named=0.8)
    rng = np.random.default_rng(seed)
    engine = DuckDbEngine(threads=1)
    bind_all(engine, facts)
    learnt = Learnt.of(GROUNDS, explain(engine, seed=1, grounds=GROUNDS))
    back = rng.random(learnt.standings.full.shape) < 0.5
    standings = replace(learnt.standings, full=learnt.standings.full & ~back)
    learnt = replace(learnt, standings=standings, team_class={"wmo": 1, "burger": 3})
    verdict = explain_some(engine, facts["consultation"].column("entry").to_numpy(), learnt).verdict
    engine.close()
    with TemporaryDirectory() as place:
        shelve(facts, Path(place))
        left = sift_year(Path(place), GROUNDS, learnt=learnt, threads=1).left
    unexplained = verdict.filter(pc.invert(verdict.column("explained"))).column("look").to_pylist()
    assert sorted(left.column("look").to_pylist()) == sorted(unexplained)


def found_one_by_one(engine: DuckDbEngine, looks: pa.Table) -> list[int]:
    """Every full ground, run as it stands over all looks."""
    engine.bind("look", looks)
    engine.bind("look_zaak", run(engine, load_query(HERE / "look_zaak")))
    full = [each for each in GROUNDS if Weight(each.weight) is Weight.FULL]
    return [look for each in full for look in run(engine, each).column("look").to_pylist()]


def relations(seed: int, rows: int, *, named: float) -> Mapping[str, pa.Table]:
    """Few different people, zaken and hours; of the subjects that may be left out a share is `named`."""
    return {
        name: random_rows(name, rows, np.random.default_rng([seed, at]), named=named)
        for at, name in enumerate(DRAWN)
    }


def nothing_loose(facts: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
    """Without assignments of zaken nobody knows: then no ground is asked again over everything."""
    assigned, known = facts["assignment"], facts["zaak"].column("zaak").combine_chunks()
    return {**facts, "assignment": assigned.filter(pc.is_in(assigned.column("zaak"), value_set=known))}


def random_rows(name: str, rows: int, rng: np.random.Generator, *, named: float) -> pa.Table:
    relation, schema = RELATIONS[name], work_schema(RELATIONS[name])
    times = FIRST_DAY * DAY + rng.integers(0, 24 * 60, rows) * (DAY // 48)
    arrays = {}
    for column in relation:
        gone = 0.0 if column.required else 1 - named if column.name == "subject" else 0.2
        values = _values(column.kind, column.codes, rows, rng)
        arrays[column.name] = pc.if_else(
            pa.array(rng.random(rows) < gone), pa.scalar(None, values.type), values
        )
    arrays |= {
        "entry": pa.array(rng.permutation(rows), pa.int64()),
        relation.happened: pa.array(times),
        "happened_day": pa.array((times // DAY).astype(np.int32)),
        "happened_minute": pa.array((times % DAY // 60_000_000).astype(np.int32)),
    }
    return pa.table([arrays[field.name].cast(field.type) for field in schema], schema=schema)


def _values(kind: Kind, codes: tuple[str, ...], rows: int, rng: np.random.Generator) -> pa.Array:
    match kind:
        case Kind.TOKEN | Kind.BYTES:
            return pa.array(rng.integers(-2, 3, rows) * 2**58 + rng.integers(0, 3, rows))
        case Kind.TIME:
            return pa.array(FIRST_DAY * DAY + rng.integers(0, 24 * 60, rows) * (DAY // 48))
        case Kind.CODE:
            return pa.array(rng.choice(np.array(codes, dtype=object), rows), pa.string())
        case Kind.FLAG:
            return pa.array(rng.random(rows) < 0.5)
        case Kind.TEXT:
            return pa.array(rng.choice(np.array(["wmo", "burger"], dtype=object), rows), pa.string())
        case _:
            return pa.array(rng.integers(0, 5, rows))
