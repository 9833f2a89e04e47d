# SPDX-License-Identifier: EUPL-1.2
"""How sources stand in a house, also while a sequencer has yet to seal what came in."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rekenschap.adapters.disks import PosixDisk
from rekenschap.adapters.sequencing import DistantLedger
from rekenschap.audit.inbox import frame_seal
from rekenschap.audit.intake import take_in_files
from rekenschap.audit.sources.coverage import Watching, standing_in
from rekenschap.frontdoor.inbox import Frame, Inbox, Kind, recover
from rekenschap.house import House
from rekenschap.intake import load_profile
from rekenschap.ledger import Ledger
from rekenschap.ledger.sequencer import Sequencer
from rekenschap.model.coverage import Hears
from rekenschap.places import open_anchor, open_store

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = 3_600_000_000
AT = int(NOW.timestamp() * 1_000_000)
SOURCES = """
[[source]]
name = "desk"
systems = ["desk"]
expected = "every 15 minutes"
"""


def look(minute: int, source: str = "desk") -> str:
    told = {"relation": "consultation", "source": source, "staff": "m.devries", "subject": "999990019"}
    return json.dumps(told | {"looked_at": f"2026-03-02T09:{minute:02}:00Z", "register": "BRP"}) + "\n"


@pytest.fixture
def house(tmp_path):
    found = House.at(tmp_path / "house")
    take(found, tmp_path, look(1), look(2))
    (found.root / "sources.toml").write_text(SOURCES, encoding="utf-8")
    return found


def take(
    house: House, folder: Path, *rows: str, now: datetime = NOW, through: Sequencer | None = None
) -> None:
    path = folder / "looks.jsonl"
    path.write_text("".join(rows), encoding="utf-8")
    if through is None:
        ledger = house.appending(origin="example.nl/ledger")
    else:
        reading = Ledger.open(store=open_store(house.config.store), anchor=open_anchor(house.config))
        ledger = DistantLedger(reading, through)
    take_in_files(house, [path], load_profile("native-jsonl"), ledger=ledger, now=now)


def test_a_source_is_heard_until_its_rhythm_is_broken(house):
    (heard,) = standing_in(house, at=AT + 60_000_000).sources
    assert (heard.hears, heard.facts, heard.is_declared) == (Hears.HEARD, 2, True)
    (silent,) = standing_in(house, at=AT + HOUR).sources
    assert silent.hears is Hears.SILENT
    assert silent.delays is not None
    assert silent.delays.median == 3 * HOUR - 2 * 60_000_000


def test_who_watches_is_told_of_each_change_once(house, tmp_path):
    watching = Watching(house)
    assert list(watching.ask(at=AT + 60_000_000)) == []
    assert list(watching.ask(at=AT + HOUR)) == [("desk", Hears.SILENT)]
    assert list(watching.ask(at=AT + HOUR)) == []
    take(house, tmp_path, look(3), now=datetime(2026, 3, 2, 13, tzinfo=UTC))
    assert list(watching.ask(at=AT + HOUR + 60_000_000)) == [("desk", Hears.HEARD)]
    assert watching.silent == 0


MINUTE = 60_000_000
LATER = datetime(2026, 3, 2, 13, tzinfo=UTC)
AFTER = int(LATER.timestamp() * 1_000_000)


def test_what_a_sequencer_has_yet_to_seal_is_heard_and_counts(house, tmp_path):
    with house.sequencer(background=False) as sequencer:
        take(house, tmp_path, look(3), look(4), now=LATER, through=sequencer)
        standing = standing_in(house, at=AFTER + MINUTE)
        assert (standing.until, standing.unsealed) == (AFTER + MINUTE, 2)
        (heard,) = standing.sources
        assert (heard.hears, heard.facts, heard.recorded_at) == (Hears.HEARD, 4, AFTER)
        (silent,) = standing_in(house, at=AFTER + HOUR).sources
        assert silent.hears is Hears.SILENT
    assert standing_in(house, at=AFTER + MINUTE).unsealed == 0


def test_a_first_fact_of_its_kind_is_seen_before_it_is_sealed(house, tmp_path):
    told = {"relation": "presence", "source": "badges", "staff": "m.devries", "kind": "shift"}
    span = {"started_at": "2026-03-02T09:00:00Z", "ended_at": "2026-03-02T10:00:00Z"}
    with house.sequencer(background=False) as sequencer:
        take(house, tmp_path, json.dumps(told | span) + "\n", now=LATER, through=sequencer)
        found = {each.name: each.facts for each in standing_in(house, at=AFTER).sources}
    assert found == {"desk": 2, "badges": 1}


def test_who_watches_beside_a_sequencer_is_told_at_once_and_reads_each_fact_once(house, tmp_path):
    watching = Watching(house)
    assert list(watching.ask(at=AT + HOUR)) == [("desk", Hears.SILENT)]
    with house.sequencer(background=False) as sequencer:
        for minute in (3, 4):
            take(
                house,
                tmp_path,
                look(minute),
                now=datetime(2026, 3, 2, 13, minute, tzinfo=UTC),
                through=sequencer,
            )
            list(watching.ask(at=AFTER + minute * MINUTE))
            sequencer.tick()
        assert watching.silent == 0
        assert list(watching.ask(at=AFTER + HOUR)) == [("desk", Hears.SILENT)]
    assert list(watching.ask(at=AFTER + HOUR)) == []
    assert watching.came_in.column("facts").to_pylist() == [2, 1, 1]


def test_a_silence_is_measured_up_to_what_waits_in_the_inbox(house):
    house.inbox_path.mkdir()
    disk = PosixDisk(house.inbox_path)
    inbox = Inbox(disk, frame_seal(house), recover(disk))
    for minute in (5, 6):
        sent = AT + minute * MINUTE
        inbox.put([Frame(kind=Kind.FACTS_JSON, source="", systems=(), received_at=sent, body=b"{}")])
    assert standing_in(house, at=AT + HOUR).until == AT + 5 * MINUTE
    inbox.advance(1, durably=True)
    standing = standing_in(house, at=AT + HOUR)
    assert standing.until == AT + 6 * MINUTE
    assert standing.sources[0].hears is Hears.HEARD
    inbox.advance(2, durably=True)
    inbox.close()
    assert standing_in(house, at=AT + HOUR).until == AT + HOUR


def test_without_its_journal_a_silence_is_measured_up_to_what_was_sealed(house, tmp_path):
    with house.sequencer(background=False) as sequencer:
        take(house, tmp_path, look(3), now=LATER, through=sequencer)
        sequencer.tick()
        (house.ledger_path / "journal").rename(tmp_path / "elsewhere")
        assert standing_in(house, at=AFTER + HOUR).until == AT
        (tmp_path / "elsewhere").rename(house.ledger_path / "journal")
