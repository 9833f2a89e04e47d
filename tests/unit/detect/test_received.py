# SPDX-License-Identifier: EUPL-1.2
"""The words for what was not received: which source, how much, and nothing about anybody."""

import pyarrow as pa
import pytest

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.detect import not_received
from rekenschap.model.completeness import Missed, NotReceived
from rekenschap.model.relations import CONSULTATION, DELIVERY, PRESENCE, PROCESSING
from rekenschap.sql.workspace import bind_all
from rekenschap.tables import work_schema
from tests.architecture.test_glossary import GUILT

DAY = 86_400_000_000
RELATIONS = {each.name: each for each in (CONSULTATION, DELIVERY, PRESENCE, PROCESSING)}


def found(**facts: list[dict[str, object]]) -> list[NotReceived]:
    """Ask the rules about rows in work form; what is not drawn is null."""
    engine = DuckDbEngine(threads=1)
    bound = {}
    for name, rows in facts.items():
        schema = work_schema(RELATIONS[name])
        whole = [{field.name: row.get(field.name) for field in schema} for row in rows]
        bound[name] = pa.Table.from_pylist(whole, schema=schema)
    try:
        bind_all(engine, bound)
        return list(not_received(engine))
    finally:
        engine.close()


def run(first: int, last: int, *, stream: str = "", kind: str = "first", at: int = 0) -> dict[str, object]:
    told = {"entry": first, "source": "brp", "stream": stream, "kind": kind, "delivered_at": at}
    return told | {"first_number": first, "last_number": last, "happened_day": 0, "recorded_at": at}


def look(number: int, *, source: str = "brp", day: int = 0) -> dict[str, object]:
    return {"entry": number, "source": source, "happened_day": day, "recorded_at": 0}


def step(number: int, *, source: str = "desk", subject: int | None = 1) -> dict[str, object]:
    told = {"entry": number, "source": source, "subject": subject, "trace_id": 7, "operation_id": 70}
    return told | {"happened_day": 0, "recorded_at": 0, "register": "brp", "system": source}


def test_numbers_are_listed_and_summed():
    (gap,) = found(delivery=[run(1, 16), run(18, 39), run(42, 50)])
    assert (gap.ranges, gap.numbers) == (((17, 17), (40, 41)), 3)
    assert gap.nl == "Uit brp ontbreken 3 nummers: 17 en 40 tot en met 41."
    assert gap.en == "From brp 3 numbers are missing: 17 and 40 to 41."


def test_one_number_is_one_number_and_nine_digits_never_stand_in_a_row():
    (gap,) = found(delivery=[run(1, 999_990_018, stream="W3"), run(999_990_020, 999_990_021, stream="W3")])
    assert gap.nl == "Uit brp (W3) ontbreekt 1 nummer: 999.990.019."
    assert gap.en == "From brp (W3) 1 number is missing: 999,990,019."


def test_the_ways_stand_in_their_order():
    first = [
        run(1, 5),
        run(7, 9),
        run(3, 3, kind="again"),
        run(1, 2, stream="late", at=9),
        run(8, 9, stream="late"),
    ]
    assert [each.missed for each in found(delivery=first)] == [
        Missed.MISSING,
        Missed.MISSING,
        Missed.TOLD_AGAIN,
        Missed.COUNTED_BACK,
    ]


def test_more_looks_than_numbers_are_counted():
    (more,) = found(delivery=[run(1, 2)], consultation=[look(n) for n in range(5)])
    assert (more.missed, more.more) == (Missed.UNCOUNTED, 3)
    assert more.en == "brp counted 2 rows; 5 looks stand under that name."


def test_a_silence_says_since_when_and_how_long_is_usual():
    days = [*range(0, 20), 45]
    looks = [look(n, day=day) for n, day in enumerate(days)]
    (silence,) = found(consultation=looks)
    assert (silence.days, silence.usual_days) == (26, 1)
    assert silence.nl == "brp gaf na 1970-01-20 26 dagen lang geen raadplegingen; anders hooguit 1."


def test_an_edited_shift_names_both_entries():
    shift = {
        "source": "roster",
        "kind": "shift",
        "staff": 7,
        "started_at": 0,
        "ended_at": 9,
        "happened_day": 0,
    }
    later = shift | {"entry": 1_234, "started_at": 3, "recorded_at": DAY}
    (edit,) = found(presence=[shift | {"entry": 5, "recorded_at": 0}, later])
    assert edit.entries == ((5, 1_234),)
    assert edit.nl == (
        "Uit roster: 1 dienst of verlof is later anders gemeld (regel 5 en 1.234). Beide blijven staan."
    )


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_line_blames_anybody(language: str):
    shift = {"source": "roster", "kind": "leave", "staff": 7, "started_at": 0, "happened_day": 0}
    lines = found(
        delivery=[run(1, 2), run(4, 5), run(2, 2, kind="again"), run(3, 3, at=4), run(8, 8)],
        consultation=[*(look(n, day=n if n < 20 else 99) for n in range(21)), step(30)],
        presence=[shift | {"entry": 1, "recorded_at": 0}, shift | {"entry": 2, "recorded_at": 1}],
        processing=[
            step(4),
            step(9, subject=2),
            *(step(n) | {"operation_id": n, "parent_id": 70 if n < 53 else 9} for n in range(50, 54)),
        ],
    )
    assert {each.missed for each in lines} == set(Missed)
    assert [line for each in lines if GUILT.search(line := getattr(each, language))] == []


def test_a_step_told_twice_is_named_with_both_entries():
    (conflict,) = found(processing=[step(4), step(9, subject=2)])
    assert (conflict.missed, conflict.entries) == (Missed.CONFLICTING, ((4, 9),))
    assert conflict.nl == (
        "Uit desk is 1 verwerking nog eens verteld, met andere inhoud (regel 4 en 9). Alles blijft staan."
    )
    assert conflict.en == (
        "From desk 1 processing entry was told again, with other content (entries 4 and 9). All stay."
    )


def test_what_stands_in_one_log_only_is_counted():
    alone = step(5) | {"operation_id": 71}
    (found_alone,) = found(processing=[step(4), alone], consultation=[step(6)])
    assert (found_alone.missed, found_alone.more) == (Missed.UNJOINED, 1)
    assert found_alone.nl == "Van 2 verwerkingen uit desk hebben er 1 geen raadpleging."


def test_a_step_whose_forerunner_never_came_is_counted():
    steps = [step(n) | {"operation_id": n, "parent_id": 70 if n < 8 else 99} for n in range(5, 9)]
    lines = [each for each in found(processing=[step(4), *steps]) if each.missed is Missed.LOST]
    assert [(each.more, each.en) for each in lines] == [
        (1, "Of 4 steps from desk that follow another, 1 follow one that never came in.")
    ]
