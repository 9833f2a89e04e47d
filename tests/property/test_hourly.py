# SPDX-License-Identifier: EUPL-1.2
"""Any relations, cut at any entry: what came after is explained as a run over everything would explain it."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.audit.hourly.hour import Hourly
from rekenschap.explain import explain, grounds_of_the_house
from rekenschap.explain.following import Followed, Learnt, explain_some
from rekenschap.sql.workspace import bind_all
from tests.property.test_sifting import relations

GROUNDS = grounds_of_the_house()
SEED = 3


@settings(
    max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow]
)
@given(
    seed=st.integers(0, 2**32 - 1), rows=st.integers(2, 50), named=st.floats(0.3, 1), share=st.floats(0.1, 1)
)
def test_an_hour_is_explained_as_a_run_over_everything_would(
    seed: int, rows: int, named: float, share: float
):
    facts = relations(seed, rows, named=named)
    before, came = cut(facts, int(rows * share))
    learnt = learn(before)
    with TemporaryDirectory() as place:
        state = Hourly(folder=Path(place))
        begun = told(before, learnt)
        state.begin({name: [table] for name, table in before.items()}, [unexplained(before, begun)])
        followed = state.follow(came, DuckDbEngine(threads=1), learnt, part="1")
        still_open = set(state.still_open().tolist())
    everything = told(facts, learnt)
    looks = set(followed.look.column("look").to_pylist())
    assert set(came["consultation"].column("entry").to_pylist()) <= looks
    for name in ("look", "explanation", "verdict", "evidence_term"):
        assert rows_of(followed, name, looks) == rows_of(everything, name, looks), name
    verdict = everything.verdict
    assert still_open == set(
        verdict.filter(pc.invert(verdict.column("explained"))).column("look").to_pylist()
    )


def cut(facts: Mapping[str, pa.Table], at: int) -> tuple[dict[str, pa.Table], dict[str, pa.Table]]:
    """Facts with a lower entry, and the others; staff are known from the start."""
    before, came = {}, {}
    for name, rows in facts.items():
        early = pc.less(rows.column("entry"), rows.num_rows if name == "staff" else at)
        before[name], came[name] = rows.filter(early), rows.filter(pc.invert(early))
    return before, came


def learn(facts: Mapping[str, pa.Table]) -> Learnt:
    engine = DuckDbEngine(threads=1)
    bind_all(engine, facts)
    return Learnt.of(GROUNDS, explain(engine, seed=SEED, grounds=GROUNDS))


def told(facts: Mapping[str, pa.Table], learnt: Learnt) -> Followed:
    """What is said of all looks when all facts are there, with the same things learnt."""
    engine = DuckDbEngine(threads=1)
    bind_all(engine, facts)
    return explain_some(engine, np.asarray(facts["consultation"].column("entry"), dtype=np.int64), learnt)


def unexplained(facts: Mapping[str, pa.Table], said: Followed) -> pa.Table:
    explained = said.verdict.filter(said.verdict.column("explained")).column("look").combine_chunks()
    consultation = facts["consultation"]
    return consultation.filter(pc.invert(pc.is_in(consultation.column("entry"), value_set=explained)))


def rows_of(said: Followed, name: str, looks: set[int]) -> list[tuple[object, ...]]:
    rows = getattr(said, name)
    listed = zip(*(column.to_pylist() for column in rows.columns), strict=True)
    at = rows.column_names.index("look")
    return sorted((row for row in listed if row[at] in looks), key=repr)
