# SPDX-License-Identifier: EUPL-1.2
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from rekenschap.errors import StoreError
from rekenschap.intake import load_profile, take_in
from rekenschap.intake.storing import Storing
from rekenschap.model.relations import RELATIONS
from rekenschap.tables import arrow_type
from tests.unit.intake.small_house import BSN, NOW, lines_of, look


class FullLedger:
    """A ledger that has nothing and can take nothing; it remembers what it was offered."""

    def __init__(self, said=None):
        self.offered = []
        self.said = [] if said is None else said

    def newest(self):
        return None

    def known(self, relation, facts):
        return pa.array([False] * facts.num_rows)

    def append(self, batches):
        self.said.append("ledger")
        self.offered += [facts for _, facts in batches]
        raise StoreError(expected="room", found="none", remedy="make room")


def test_the_originals_are_sealed_when_the_ledger_fails_to_take_the_facts(house):
    path = house.root / "x.jsonl"
    path.write_bytes(b"\n".join(lines_of([look()])))
    ledger = FullLedger()
    with pytest.raises(StoreError):
        take_in(path, load_profile("native-jsonl"), door=house.door, ledger=ledger, now=NOW)
    (fact,) = ledger.offered[0].to_pylist()
    assert (house.original(fact["subject"]), house.original(fact["staff"])) == (BSN, "m.devries")


def test_what_must_be_safe_is_safe_before_the_ledger_is_asked():
    said = []
    storing = Storing(FullLedger(said), recorded_at=0, before=lambda: said.append("originals"))
    relation = RELATIONS["consultation"]
    storing.add(relation, one_look(relation))
    with pytest.raises(StoreError):
        storing.flush()
    assert said == ["originals", "ledger"]


def test_a_ledger_is_not_asked_when_the_originals_cannot_be_made_safe():
    def fail():
        raise StoreError(expected="room", found="none", remedy="make room")

    ledger = FullLedger()
    storing = Storing(ledger, recorded_at=0, before=fail)
    relation = RELATIONS["consultation"]
    storing.add(relation, one_look(relation))
    with pytest.raises(StoreError):
        storing.flush()
    assert ledger.said == []


def one_look(relation):
    filled = {
        "looked_at": datetime(2026, 3, 2, tzinfo=UTC),
        "staff": b"s" * 16,
        "subject": b"t" * 16,
        "register": "BRP",
        "source": "x",
    }
    return pa.table({c.name: pa.array([filled.get(c.name)], arrow_type(c)) for c in relation.content})
