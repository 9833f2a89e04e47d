# SPDX-License-Identifier: EUPL-1.2
"""FSC and X-Road in their other form: one record on each line."""

import json
from pathlib import Path

import pytest

from tests.unit.intake.small_house import SmallHouse

RECORD = {
    "transaction_id": "018f2b6e-7c1a-7c3e-9d55-2f6a1b3c4d5e",
    "direction": "DIRECTION_INCOMING",
    "grant_hash": "$1$4$abc",
    "source": {"type": "SOURCE_TYPE_SOURCE", "outway_peer_id": "00000000000000000007"},
    "destination": {"type": "DESTINATION_TYPE_DESTINATION", "service_peer_id": "00000000000000000008"},
    "service_name": "inkomen",
    "additional_data": {"ours": {"deep": [1, 2]}},
    "created_at": 1772439300,
}
LOGGED = {
    "id": 41,
    "discriminator": "m",
    "time": 1772439300123,
    "response": False,
    "memberclass": "GOV",
    "membercode": "70000001",
    "subsystemcode": "rahvastik",
    "xrequestid": "4BF92F35-77b3-4da6-a3ce-929d0e0e4736",
}


@pytest.fixture
def house(tmp_path: Path):
    small = SmallHouse(tmp_path / "house")
    yield small
    small.door.close()


@pytest.mark.parametrize(("name", "record"), [("fsc", RECORD), ("xroad", LOGGED)])
def test_a_record_on_a_line_is_taken_in_whole(name: str, record: dict[str, object], house: SmallHouse):
    path = house.root / "records.jsonl"
    path.write_text(json.dumps(record) + "\n{\n" + json.dumps(record | {"trace": "other"}) + "\n")
    report = house.take_in(path, name)
    assert report.quarantined == {"json-unreadable": 1}
    facts = house.facts("processing")
    assert len(facts) == 2
    assert {len(fact["trace_id"]) for fact in facts} == {16}
    kept = [
        json.loads(text)
        for piece in house.door.records.pieces()
        for text in piece.table["record"].to_pylist()
    ]
    assert record in kept


def test_a_transaction_number_of_another_form_gives_no_trace(house: SmallHouse):
    path = house.root / "records.jsonl"
    path.write_text(json.dumps(RECORD | {"transaction_id": "12-ab"}) + "\n")
    assert house.take_in(path, "fsc").quarantined == {}
    assert [fact["trace_id"] for fact in house.facts("processing")] == [None]
