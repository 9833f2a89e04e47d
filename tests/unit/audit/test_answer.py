# SPDX-License-Identifier: EUPL-1.2
"""An answer rests on the ledger alone: planted looks are ranked and then gone."""

import json
from datetime import UTC, datetime

import pytest

from rekenschap.audit.answer import answer
from rekenschap.audit.intake import take_in_files
from rekenschap.explain import Planting
from rekenschap.house import House
from rekenschap.intake import load_profile


@pytest.fixture
def house(tmp_path):
    """Three hundred looks, each with an open zaak about its subject."""
    rows = []
    for n in range(300):
        at = f"2026-03-{2 + n % 20:02}T09:{n % 60:02}:00+01:00"
        rows.append({"relation": "consultation", "source": "brp", "register": "brp", "looked_at": at})
        rows[-1] |= {"staff": f"mw-{n % 11:04}", "subject": f"K-{n}"}
        rows.append({"relation": "zaak", "source": "zaken", "zaak": f"Z-{n}", "subject": f"K-{n}"})
        rows[-1] |= {"registered_at": "2026-01-05T09:00:00+01:00"}
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    house = House.at(tmp_path / "house")
    ledger = house.ledger(origin="test.example/ledger")
    now = datetime(2026, 6, 1, tzinfo=UTC)
    taken = take_in_files(house, [path], load_profile("native-jsonl"), ledger=ledger, now=now)
    assert taken.accepted == {"consultation": 300, "zaak": 300}
    return house, ledger


def test_planted_looks_are_ranked_and_then_in_nothing_that_is_told(house):
    place, ledger = house
    engine = place.engine()
    answered = answer(ledger, engine, seed=1, planting=Planting(count=40, seed=1))
    explained = answered.explained
    assert explained.ranking is not None and explained.ranking.planted == 40
    for rows in (explained.look, explained.verdict, explained.evidence_term):
        assert max(rows.column("look").to_pylist()) < ledger.size
    assert len(explained.look) == 300
    assert engine.answer("select count(*) as n from look", {}, query_id="looks").to_pylist() == [{"n": 300}]


def test_the_systems_that_reported_are_counted(house):
    _, ledger = house
    answered = answer(ledger, house[0].engine(), seed=1)
    assert {each.name: each.facts for each in answered.systems} == {"brp": 300, "zaken": 300}
