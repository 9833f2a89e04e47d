# SPDX-License-Identifier: EUPL-1.2
"""Somebody keeps facts from reaching the ledger at all: in the source, on the way, or before the door."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.audit.answer import answer
from rekenschap.audit.intake import take_in_files
from rekenschap.detect import not_received
from rekenschap.house import House
from rekenschap.intake import load_profile
from rekenschap.intake.counting.deliveries import Deliveries
from rekenschap.intake.counting.numbers import BETWEEN, Numbers
from rekenschap.ledger.identity import with_identity
from rekenschap.model.completeness import Missed, NotReceived
from rekenschap.model.relations import CONSULTATION, DELIVERY
from rekenschap.sql.workspace import bind_all
from rekenschap.tables import to_work_form

NOW = datetime(2026, 6, 1, tzinfo=UTC)
BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)


def line(number: int, stream: str = "", at: datetime | None = None, **other: str) -> dict[str, object]:
    moment = at or BEGIN + timedelta(seconds=number)
    plain = {"relation": "consultation", "source": "brp", "register": "BRP", "staff": "anna"}
    return plain | {
        "subject": f"K-{number % 97}", "looked_at": moment.isoformat(), "sequence": number, "stream": stream,
        **other,
    }  # fmt: skip


class Town:
    """A house that takes lines in, file by file, each a day after the one before."""

    def __init__(self, root: Path) -> None:
        self.root, self.days = root, 0
        self.house = House.at(root / "house")
        self.ledger = self.house.ledger(origin="test.example/ledger")

    def take(self, lines: list[dict[str, object]]) -> None:
        path = self.root / f"day-{self.days}.jsonl"
        path.write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
        now, self.days = NOW + timedelta(days=self.days), self.days + 1
        take_in_files(self.house, [path], load_profile("native-jsonl"), ledger=self.ledger, now=now)

    def missed(self) -> dict[tuple[Missed, str, str], tuple[tuple[int, int], ...]]:
        found = answer(self.ledger, self.house.engine(), seed=1).not_received
        return {(each.missed, each.source, each.stream): each.ranges for each in found}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def searched(*content: pa.Table, looks: pa.Table | None = None) -> tuple[NotReceived, ...]:
    """Ask the rules about deliveries (content of the door), without a ledger in between."""
    engine = DuckDbEngine(threads=1)
    facts = with_identity(pa.concat_tables(content), DELIVERY, recorded_at=0)
    bound = {"delivery": to_work_form(facts, DELIVERY, entries=pa.array(range(len(facts)), pa.int64()))}
    try:
        bind_all(engine, bound if looks is None else bound | {"consultation": looks})
        return not_received(engine)
    finally:
        engine.close()


def block(numbers: np.ndarray, source: str = "brp", stream: str = "") -> Numbers:
    none = np.zeros(len(numbers), dtype=bool)
    counting = pa.repeat(pa.scalar(f"{source}{BETWEEN}{stream}"), len(numbers))
    return Numbers(number=pa.array(numbers), counting=counting, absent=none, unreadable=none)


def test_one_look_in_a_million_that_never_came_is_named():
    """C11: dropped before the ledger, in blocks as the door reads them."""
    random = np.random.default_rng(11)
    dropped = int(random.integers(2, 1_000_000))
    numbers = np.delete(np.arange(1, 1_000_001), dropped - 1)
    deliveries = Deliveries()
    for at in range(0, len(numbers), 65_536):
        deliveries.begin(block(numbers[at : at + 65_536]))
    content = deliveries.content(DELIVERY_NONE, delivered_at=0)
    assert content.num_rows == 2, "ranges, not a row for each look"
    (gap,) = searched(content)
    assert (gap.missed, gap.source, gap.ranges) == (Missed.MISSING, "brp", ((dropped, dropped),))
    assert f"{dropped:,}".replace(",", ".") in gap.nl


DELIVERY_NONE = pa.table({c.name: pa.array([], t) for c, t in (
    (DELIVERY["source"], pa.string()), (DELIVERY["stream"], pa.string()),
    (DELIVERY["first_number"], pa.int64()), (DELIVERY["last_number"], pa.int64()),
)})  # fmt: skip


def test_a_hundred_dropped_looks_are_each_named_by_source_and_number(town: Town):
    """C11, through the whole house: a hundred countings over two days, of each one look dropped."""
    random = np.random.default_rng(2026)
    dropped = {f"s{n}": int(random.integers(2, 200)) for n in range(100)}
    every = [line(n, stream) for stream, gone in dropped.items() for n in range(1, 201) if n != gone]
    town.take([each for each in every if int(str(each["sequence"])) <= 100])
    town.take([each for each in every if int(str(each["sequence"])) > 100])
    assert town.missed() == {
        (Missed.MISSING, "brp", stream): ((gone, gone),) for stream, gone in dropped.items()
    }


def test_a_whole_delivery_that_never_came_is_named(town: Town):
    town.take([line(n) for n in range(1, 51)])
    town.take([line(n) for n in range(81, 101)])
    assert town.missed() == {(Missed.MISSING, "brp", ""): ((51, 80),)}


def test_a_gap_that_is_filled_later_shows_that_it_was_filled_later(town: Town):
    town.take([line(n) for n in range(1, 51) if n != 20])
    town.take([line(20), *(line(n) for n in range(51, 60))])
    assert town.missed() == {(Missed.COUNTED_BACK, "brp", ""): ((20, 20),)}


def test_a_look_told_again_with_other_content_is_named(town: Town):
    """The row is made better in the source and the export is offered again: both stay, and it shows."""
    town.take([line(n) for n in range(1, 51)])
    town.take([line(n) if n != 31 else line(n, staff="bert") for n in range(25, 61)])
    assert town.missed() == {(Missed.TOLD_AGAIN, "brp", ""): ((31, 31),)}
    assert town.ledger.facts("consultation").table.num_rows == 61


def test_a_source_cannot_fill_its_own_gap_with_a_claim(town: Town):
    claim = {"relation": "delivery", "source": "brp", "stream": "desk", "kind": "first"}
    claim |= {"first_number": 20, "last_number": 20, "delivered_at": BEGIN.isoformat()}
    town.take([*(line(n, "desk") for n in range(1, 51) if n != 20), claim])
    assert town.missed() == {(Missed.MISSING, "brp", "desk"): ((20, 20),)}


def test_a_source_that_falls_silent_is_named(town: Town):
    """Nothing is missing by number when the source just stops; its own rhythm tells."""
    weekdays = [day for day in range(60) if day % 7 < 5]

    def looks(source: str, days: list[int]) -> list[dict[str, object]]:
        bare = [line(0, at=BEGIN + timedelta(days=day), source=source) for day in days]
        return [{key: each[key] for key in each if key not in ("sequence", "stream")} for each in bare]

    town.take(looks("brp", [day for day in weekdays if day < 40]) + looks("zaken", weekdays))
    (silence,) = answer(town.ledger, town.house.engine(), seed=1).not_received
    assert (silence.missed, silence.source, silence.days, silence.usual_days) == (Missed.SILENT, "brp", 20, 3)
    assert silence.silent_since == (BEGIN + timedelta(days=39)).date()


def test_nothing_is_said_of_a_source_that_told_everything(town: Town):
    for day in range(12):
        at = BEGIN + timedelta(days=day)
        town.take([line(n, at=at + timedelta(minutes=n)) for n in range(day * 10 + 1, day * 10 + 11)])
    assert town.missed() == {}


def test_two_doors_that_took_the_same_numbers_are_seen():
    """Neither knew of the other, so no delivery says `again`; the ranges do."""
    one, other = Deliveries(), Deliveries()
    one.begin(block(np.arange(1, 31)))
    other.begin(block(np.arange(21, 41)))
    found = searched(*(each.content(DELIVERY_NONE, delivered_at=0) for each in (one, other)))
    assert [(each.missed, each.ranges) for each in found] == [(Missed.TOLD_AGAIN, ((21, 30),))]


def test_the_words_blame_nobody_and_tell_at_most_a_few_ranges():
    deliveries = Deliveries()
    deliveries.begin(block(np.arange(1, 60, 2)))
    (gap,) = searched(deliveries.content(DELIVERY_NONE, delivered_at=0))
    assert (len(gap.ranges), gap.numbers) == (29, 29)
    assert gap.nl == "Uit brp ontbreken 29 nummers: 2; 4; 6; 8; 10; 12; 14; 16; en nog 21 reeksen."
    assert gap.en == "From brp 29 numbers are missing: 2; 4; 6; 8; 10; 12; 14; 16; and 21 more ranges."


def test_looks_that_came_under_another_name_do_not_fill_the_gap(town: Town):
    """The source is part of the counting: what another source says fills nothing."""
    town.take([*(line(n) for n in range(1, 31) if n != 9), line(9, source="zaken")])
    assert town.missed() == {(Missed.MISSING, "brp", ""): ((9, 9),)}
    sources = town.ledger.facts("consultation").table.column("source").to_pylist()
    assert (sources.count("brp"), sources.count("zaken")) == (29, 1)
    assert CONSULTATION["source"].required
