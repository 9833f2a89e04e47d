# SPDX-License-Identifier: EUPL-1.2
"""Records of the front door that wait: judged again by their contract, for senders that may send them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rekenschap.adapters.sources import READERS
from rekenschap.audit.frontdoor import contracts
from rekenschap.audit.intake import opened_door
from rekenschap.audit.sources.waiting import Worked, contract_of, work_through
from rekenschap.frontdoor.inbox import Frame, Kind
from rekenschap.frontdoor.taking import Taker
from rekenschap.house import House
from rekenschap.intake import Which

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SOURCES = """
[oauth]
issuer = "https://issuer.example"
audience = "rekenschap"
[[source]]
name = "supplier"
systems = ["{system}"]
clients = ["supplier-client"]
"""


def body(*, system: str = "desk", subject: str = "999990019") -> bytes:
    """A request with one consultation, in JSON."""
    said = {
        "rekenschap.staff.id": "m.devries",
        "rekenschap.subject.id": subject,
        "rekenschap.register": "BRP",
    }
    pairs = [{"key": name, "value": {"stringValue": text}} for name, text in said.items()]
    record = {"timeUnixNano": "1772438400000000000", "attributes": pairs}
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": system}}]}
    return json.dumps(
        {"resourceLogs": [{"resource": resource, "scopeLogs": [{"logRecords": [record]}]}]}
    ).encode()


class Desk:
    """A house whose front door takes frames in."""

    def __init__(self, root: Path) -> None:
        self.house = House.at(root)
        self.ledger = self.house.ledger(origin="example.nl/ledger")

    def declare(self, system: str) -> None:
        (self.house.root / "sources.toml").write_text(SOURCES.format(system=system), encoding="utf-8")

    def take(self, sent: bytes, *, systems: tuple[str, ...], poison: bool = False) -> None:
        frame = Frame(kind=Kind.LOGS_JSON, source="supplier", systems=systems, received_at=1, body=sent)
        with opened_door(self.house) as door:
            taker = Taker(door=door, ledger=self.ledger, contracts=contracts(), clock=lambda: NOW)
            if poison:
                taker.set_apart(frame)
            else:
                taker.take([frame])

    def again(self, which: Which | None = None) -> Worked:
        return work_through(self.house, which or Which(), None, ledger=self.ledger, now=NOW)

    @property
    def waiting(self) -> dict[str, int]:
        with opened_door(self.house) as door:
            return door.quarantine.counts()

    @property
    def looks(self) -> int:
        return self.ledger.facts("consultation").table.num_rows


@pytest.fixture
def desk(tmp_path):
    assert READERS
    return Desk(tmp_path / "house")


def test_a_record_of_another_system_goes_in_once_its_sender_may_speak_for_it(desk):
    desk.take(body(), systems=("counter",))
    assert (desk.waiting, desk.looks) == ({"not-its-own": 1}, 0)
    desk.declare("desk")
    told = desk.again().again
    assert (told.judged, told.gone, told.accepted) == (1, 1, 1)
    assert (desk.waiting, desk.looks) == ({}, 1)


def test_it_stays_as_long_as_its_sender_may_not(desk):
    desk.take(body(), systems=("counter",))
    desk.declare("counter")
    assert desk.again().again.gone == 0
    assert (desk.waiting, desk.looks) == ({"not-its-own": 1}, 0)


def test_it_stays_when_nobody_knows_its_sender_any_more(desk):
    desk.take(body(), systems=("counter",))
    assert dict(desk.again().again.staying) == {"not-its-own": 1}
    assert desk.waiting == {"not-its-own": 1}


def test_a_whole_request_that_was_set_apart_is_taken_in_as_it_came(desk):
    desk.declare("desk")
    desk.take(body(), systems=("desk",), poison=True)
    assert desk.waiting == {"poison": 1}
    assert desk.again(Which(reason="poison")).again.gone == 1
    assert (desk.waiting, desk.looks) == ({}, 1)
    desk.take(body(), systems=("desk",))
    assert desk.looks == 1


def test_a_record_is_told_by_what_it_begins_with():
    assert contract_of(b"T\x0a\x02xx") is Kind.TRACES_PROTOBUF
    assert contract_of(b"L\x0a\x02xx") is Kind.LOGS_PROTOBUF
    assert contract_of(body()) is Kind.LOGS_JSON
    assert contract_of(b'{"when": "resource"}') is None
    assert contract_of(b"Later") is None
