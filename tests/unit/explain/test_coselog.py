# SPDX-License-Identifier: EUPL-1.2
"""The real permit intake of one municipality: a person, zaak and local day is one look.

The log stays where it is, beside the checkout; without it these tests are skipped.
"""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.explain import Among, Planting, explain
from rekenschap.model.relations import RELATIONS
from rekenschap.seams.engine import Engine
from rekenschap.sql.cells import token_of
from rekenschap.sql.workspace import bind_all
from rekenschap.tables import ZONE, fact_schema, to_work_form

LOG = Path(__file__).parents[4] / "shared/data/coselog-receipt/receipt.csv.gz"
SHARED_ACCOUNTS = ("admin1", "admin2", "admin3", "test", "TEST")

pytestmark = pytest.mark.skipif(
    not LOG.exists(), reason="no folder shared with the real logs beside the checkout"
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = DuckDbEngine(threads=2)
    bind_all(engine, _relations())
    yield engine
    engine.close()


def test_recorded_work_explains_what_it_explained_before(engine: Engine):
    shares = explain(engine, seed=1).shares
    assert (shares.looks, shares.shared_account_looks) == (2325, 497)
    assert shares.first_explained >= 0.70
    assert shares.all_accounts_first_explained >= 0.60
    assert shares.null_explained <= 0.10
    assert shares.first_null_explained <= 0.05


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("among", list(Among))
def test_planted_looks_rank_high(engine: Engine, seed: int, among: Among):
    ranking = explain(engine, seed=seed, planting=Planting(count=100, seed=seed, among=among)).ranking
    assert ranking is not None
    assert min(ranking.auc, ranking.auc_first) >= 0.90


def _relations() -> dict[str, pa.Table]:
    with gzip.open(LOG, "rt", encoding="utf-8") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: _moment(row["time:timestamp"]))
    drawn = {
        "consultation": list({_look_key(row): _look(row) for row in reversed(rows)}.values()),
        "zaak": list(_zaken(rows).values()),
        "task": [_task(row) for row in rows],
        "assignment": list({row["case:concept:name"]: _intake(row) for row in reversed(rows)}.values()),
        "staff": _staff(rows),
    }
    relations, entry = {}, 0
    for name, facts in drawn.items():
        relations[name] = _work_form(name, facts, entry)
        entry += len(facts)
    return relations


def _work_form(name: str, facts: list[dict[str, object]], first_entry: int) -> pa.Table:
    schema = fact_schema(RELATIONS[name])
    arrays = [pa.array([fact.get(field.name) for fact in facts], field.type) for field in schema]
    entries = pa.array(range(first_entry, first_entry + len(facts)), pa.int64())
    return to_work_form(pa.Table.from_arrays(arrays, schema=schema), RELATIONS[name], entries=entries)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _look_key(row: dict[str, str]) -> tuple[object, ...]:
    day = _moment(row["time:timestamp"]).astimezone(ZoneInfo(ZONE)).date()
    return row["org:resource"], row["case:concept:name"], day


def _look(row: dict[str, str]) -> dict[str, object]:
    return {
        "looked_at": _moment(row["time:timestamp"]),
        "staff": token_of(row["org:resource"]),
        "subject": token_of(f"subject of {row['case:concept:name']}"),
        "zaak": token_of(row["case:concept:name"]),
    }


def _zaken(rows: list[dict[str, str]]) -> dict[str, dict[str, object]]:
    zaken: dict[str, dict[str, object]] = {}
    for row in rows:
        at, name = _moment(row["time:timestamp"]), row["case:concept:name"]
        closed = max(_moment(row["case:enddate"]), at) if row["case:enddate"] else None
        fresh = {
            "zaak": token_of(name),
            "subject": token_of(f"subject of {name}"),
            "registered_at": at,
            "handler": token_of(row["case:responsible"]),
            "team": row["case:group"] or None,
        }
        zaken.setdefault(name, fresh)["closed_at"] = closed
    return zaken


def _task(row: dict[str, str]) -> dict[str, object]:
    return {
        "task": token_of(row["concept:instance"]),
        "zaak": token_of(row["case:concept:name"]),
        "staff": token_of(row["org:resource"]),
        "kind": row["concept:name"],
        "done_at": _moment(row["time:timestamp"]),
    }


def _intake(row: dict[str, str]) -> dict[str, object]:
    return {
        "zaak": token_of(row["case:concept:name"]),
        "kind": "intake",
        "staff": token_of(row["org:resource"]),
        "valid_from": _moment(row["time:timestamp"]),
    }


def _staff(rows: list[dict[str, str]]) -> list[dict[str, object]]:
    groups: dict[str, Counter[str]] = {}
    for row in rows:
        groups.setdefault(row["org:resource"], Counter())[row["org:group"]] += 1
    return [
        {
            "staff": token_of(name),
            "valid_from": datetime(2010, 1, 1, tzinfo=UTC),
            "team": counted.most_common(1)[0][0],
            "employment": "shared" if name in SHARED_ACCOUNTS else "employee",
        }
        for name, counted in groups.items()
    ]
