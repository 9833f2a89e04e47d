# SPDX-License-Identifier: EUPL-1.2
"""Segments read one by one, as workers do, give what the ledger gives whole, and an older checkpoint too."""

import json
import pickle
from datetime import UTC, datetime
from functools import partial

import pyarrow as pa
import pytest

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.audit.answer import bound
from rekenschap.audit.intake import take_in_files
from rekenschap.audit.spread import bound_where_they_lie, pieces_of
from rekenschap.house import House, LedgerPlace
from rekenschap.intake import load_profile
from rekenschap.places import open_store


class HereAndThere(DuckDbEngine):
    """An engine of which the workers are this process; each piece travels as it would to another."""

    def bind_pieces(self, name, pieces, schema):
        there = [pickle.loads(pickle.dumps(piece)).rows() for piece in pieces]  # noqa: S301
        self.bind(name, pa.concat_tables(there) if there else schema.empty_table())


@pytest.fixture
def ledger_of(tmp_path):
    """A ledger of three goes; gives it, the size after each go, and what opens its store."""
    house = House.at(tmp_path / "house")
    ledger, sizes = house.ledger(origin="test.example/ledger"), []
    for go in range(3):
        rows = [
            {
                "relation": "consultation", "register": "brp", "staff": f"mw-{n}", "subject": f"K-{go}",
                "looked_at": f"2026-03-{2 + go:02}T09:{n:02}:00+01:00",
            }
            for n in range(20)
        ]  # fmt: skip
        path = tmp_path / f"{go}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        now = datetime(2026, 6, 1, go, tzinfo=UTC)
        take_in_files(house, [path], load_profile("native-jsonl"), ledger=ledger, now=now)
        sizes.append(ledger.size)
    return LedgerPlace.of(house.root).ledger(), sizes, partial(open_store, house.config.store)


def test_pieces_are_the_relation_and_each_reads_its_own_segment(ledger_of):
    ledger, sizes, opened = ledger_of
    pieces = pieces_of(ledger, "consultation", opened, size=sizes[-1])
    assert [len(each.rows()) for each in pieces] == [20, 20, 20]
    whole = bound(ledger, DuckDbEngine())["consultation"]
    assert pa.concat_tables([each.rows() for each in pieces]).equals(whole)


def test_an_older_checkpoint_has_what_it_had(ledger_of):
    ledger, sizes, opened = ledger_of
    engine = HereAndThere()
    told = bound_where_they_lie(ledger, engine, opened, size=sizes[1])
    assert len(told["consultation"]) == 40
    inside = pieces_of(ledger, "consultation", opened, size=sizes[1] - 5)
    assert sum(len(each.rows()) for each in inside) == 35


def test_a_relation_without_facts_is_there_and_empty(ledger_of):
    ledger, _, opened = ledger_of
    engine = HereAndThere()
    told = bound_where_they_lie(ledger, engine, opened)
    assert told["zaak"].column_names == ["source", "registered_at"]
    assert engine.answer("SELECT count(*) AS n FROM zaak", {}, query_id="n")["n"].to_pylist() == [0]
