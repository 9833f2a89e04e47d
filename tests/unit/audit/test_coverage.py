# SPDX-License-Identifier: EUPL-1.2
"""How sources stand in a house, also while a sequencer has yet to seal what came in."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rekenschap.audit.intake import take_in_files
from rekenschap.audit.sources.coverage import Watching, seen_until, standing_in
from rekenschap.house import House
from rekenschap.intake import load_profile
from rekenschap.ledger import Ledger
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


def take(house: House, folder: Path, *rows: str, now: datetime = NOW) -> None:
    path = folder / "looks.jsonl"
    path.write_text("".join(rows), encoding="utf-8")
    ledger = house.appending(origin="example.nl/ledger")
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


def test_what_a_sequencer_has_yet_to_seal_is_no_silence(house):
    ledger = Ledger.open(store=open_store(house.config.store), anchor=open_anchor(house.config))
    assert seen_until(ledger, AT + HOUR) == AT + HOUR

    class AtWork:
        checkpoint = ledger.checkpoint
        size = ledger.size - 1

        def newest(self) -> int:
            return AT

    assert seen_until(AtWork(), AT + HOUR) == AT  # type: ignore[arg-type]
