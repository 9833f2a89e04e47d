# SPDX-License-Identifier: EUPL-1.2
"""What may not be seen leaves no trace in any interface, and comes by itself when its ground lapses."""

from __future__ import annotations

import json
import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import pytest

from rekenschap.audit.citizens import Names, offer, withhold
from rekenschap.audit.readers import offer_lines, offer_when_due
from rekenschap.citizen import Spell, Withholding
from rekenschap.errors import StoreError
from rekenschap.house import House
from tests.interfaces.conftest import PORTAL
from tests.interfaces.service import Readers
from tests.interfaces.town import CLOSED, FACTS, ME, NOW, TRACES, copied, found, line


@pytest.fixture
def copy(house: Path, tmp_path: Path) -> Path:
    """The house of all tests, without what was offered: a test may change it."""
    return copied(house, tmp_path / "copy")


def entry_of(home: Path, trace: str) -> int:
    from rekenschap.audit.desk.people import reading

    facts = reading(House.at(home)).facts("consultation")
    rows = zip(facts.entries.to_pylist(), facts.table.column("trace_id").to_pylist(), strict=True)
    return next(entry for entry, told in rows if told == bytes.fromhex(TRACES[trace]))


def offered(home: Path) -> list[tuple]:
    place = home / "read" / "offered"
    path = place / (place / "latest").read_text().strip() / "lines.sqlite"
    base = sqlite3.connect(path)
    try:
        return base.execute("SELECT * FROM line ORDER BY entry").fetchall()
    finally:
        base.close()


def spans(home: Path) -> list[int]:
    return sorted(int.from_bytes(each[2], "big") for each in offered(home))


def decide(home: Path, trace: str, until: timedelta) -> None:
    spell = Spell(since=NOW - timedelta(days=1), until=NOW + until)
    withhold(home, [Withholding(entry=entry_of(home, trace), ground="UAVG 41", spell=spell)])


def test_a_decision_takes_the_lines_of_a_look_away_and_its_end_brings_them_back(copy: Path):
    assert offer_lines(House.at(copy), now=NOW) == 5
    before = offered(copy)
    decide(copy, "plain", timedelta(hours=3))
    assert offer_when_due(House.at(copy), now=NOW) == 3
    assert spans(copy) == [5, 8, 9]
    assert offer_when_due(House.at(copy), now=NOW) is None
    assert offer_when_due(House.at(copy), now=NOW + timedelta(hours=4)) == 5
    assert offered(copy) == before


def test_a_line_without_a_trace_goes_with_the_look_of_the_same_minutes(tmp_path: Path):
    loose = [line(ME, "plain", 9 - minutes / 1440, 20 + minutes) for minutes in (0, 4, 6)]
    for each in loose:
        del each["trace_id"]
    home = tmp_path / "house"
    found(home, [*FACTS, *loose])
    offer_lines(House.at(home), now=NOW)
    assert spans(home) == [1, 2, 5, 8, 9, 20, 24, 26]
    decide(home, "plain", timedelta(hours=3))
    offer_lines(House.at(home), now=NOW)
    assert spans(home) == [5, 8, 9, 26]


def test_decisions_that_cannot_be_read_stop_the_offer(copy: Path):
    offer_lines(House.at(copy), now=NOW)
    path = copy / "desk" / "withheld.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text("[{", encoding="utf-8")
    with pytest.raises(StoreError, match="decisions to withhold"):
        offer_when_due(House.at(copy), now=NOW)
    assert not (copy / "read" / "offered" / "latest").exists()


def test_with_and_without_what_is_withheld_the_offer_is_the_same(tmp_path: Path):
    """Two houses: one never had the lines that may not be seen. What differs are the entries only."""
    hidden = [
        each for each in FACTS
        if each["relation"] == "processing" and int(str(each["operation_id"]), 16) in (3, 4, 6, 7, 10)
    ]  # fmt: skip
    told = []
    for name, facts in (("with", FACTS), ("without", [each for each in FACTS if each not in hidden])):
        home = tmp_path / name
        found(home, facts)
        offer_lines(House.at(home), now=NOW)
        told.append([(*each[1:4], *each[5:9], *each[10:]) for each in offered(home)])
    assert told[0] == told[1] != []


def test_a_log_without_looks_is_offered_without_a_derivation(tmp_path: Path):
    from tests.journeys.commands import rekenschap

    home, facts = tmp_path / "house", tmp_path / "facts.jsonl"
    shown = [each for each in FACTS if each["relation"] in ("processing", "processing_activity", "shielding")]
    facts.write_text("".join(json.dumps(each) + "\n" for each in shown), encoding="utf-8")
    assert rekenschap("intake", facts, "--profile", "native-jsonl", "--home", home).code == 0
    assert offer_when_due(House.at(home), now=NOW) == 5
    assert spans(home) == [1, 2, 5, 8, 9]  # 6: of somebody investigated, and no look stands beside it


def test_a_withholding_reaches_a_service_that_runs(copy: Path):
    readers = Readers(copy)
    readers.add(PORTAL + "2", "--reads", "inzage", "--reads", "ldv", "--reads", "tracker")
    query = f"userCode=EE{ME}"

    def shown() -> tuple[int, int]:
        ask = {"client": PORTAL + "2"}
        lines = readers.ask("/lezen/v1/processing-activities", {"traceId": TRACES["plain"]}, **ask)
        usages = readers.ask(f"/tracker/v2/findUsage?{query}", headers={"X-Road-UserId": "EE1"}, **ask)
        return (
            len(lines.told["processingActivities"]) if lines.status == 200 else 0,
            usages.told["totalUsages"],
        )

    with readers:
        assert shown() == (2, 1)
        decide(copy, "plain", timedelta(hours=3))
        offer(copy, now=NOW)  # what the desk does when two people have decided
        until = time.monotonic() + 20
        while shown() != (0, 0):
            assert time.monotonic() < until
            time.sleep(0.2)


def test_what_is_offered_knows_no_look_that_is_not_shown(copy: Path):
    offer(copy, now=NOW)
    offer_lines(House.at(copy), now=NOW)
    place = copy / "read" / "offered"
    held = (place / (place / "latest").read_text().strip() / "lines.sqlite").read_bytes()
    names = Names.of(copy)
    assert names.reference(entry_of(copy, "plain")).encode() in held
    assert names.reference(entry_of(copy, "closed")).encode() not in held
    assert CLOSED.encode() not in held
    assert bytes.fromhex(TRACES["closed"]) not in held
