# SPDX-License-Identifier: EUPL-1.2
"""The three shapes of a fact: at the door, on disk, in SQL."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekenschap import tables
from rekenschap.model.columns import Column, Kind
from rekenschap.model.relations import RELATIONS

_VALUES = {
    Kind.TOKEN: st.binary(min_size=16, max_size=16),
    Kind.TEXT: st.text(max_size=5),
    Kind.CODE: st.just("x"),
    Kind.TIME: st.integers(0, 4_102_444_800_000_000),
    Kind.COUNT: st.integers(-(2**63), 2**63 - 1),
    Kind.FLAG: st.booleans(),
}


def _cell(column: Column):
    value = _VALUES.get(column.kind, st.binary(min_size=column.width, max_size=column.width))
    return value if column.required else st.none() | value


@st.composite
def facts(draw, relation):
    rows = draw(st.lists(st.fixed_dictionaries({c.name: _cell(c) for c in relation}), max_size=4))
    return pa.Table.from_pylist(rows, schema=tables.fact_schema(relation))


@pytest.mark.parametrize("relation", list(RELATIONS.values()), ids=lambda r: r.name)
def test_what_goes_to_disk_comes_back_the_same(relation):
    @settings(max_examples=20, deadline=None)
    @given(facts(relation))
    def comes_back(table):
        stored = tables.to_parquet_form(table, relation)
        assert stored.schema == tables.parquet_schema(relation)
        assert tables.from_parquet_form(stored, relation).equals(table)

    comes_back()


def test_a_slice_of_a_table_comes_back_as_that_slice():
    relation = RELATIONS["relation"]
    rows = [
        {
            "fact_id": bytes([i]) * 16,
            "source": "s",
            "recorded_at": 0,
            "kind": "self",
            "subject": bytes([i]) * 16,
        }
        | {"valid_from": 0, "staff": None if i == 2 else bytes([9]) * 16}
        for i in range(5)
    ]
    sliced = pa.Table.from_pylist(rows, schema=tables.fact_schema(relation)).slice(1, 3)
    assert tables.from_parquet_form(tables.to_parquet_form(sliced, relation), relation).equals(sliced)


def test_sql_sees_a_token_as_its_first_eight_bytes_and_a_time_as_microseconds():
    relation = RELATIONS["shielding"]
    row = {"fact_id": bytes(16), "source": "s", "recorded_at": 5, "kind": "vip", "valid_from": 7}
    row |= {"subject": b"\xff" * 8 + bytes(8)}
    table = pa.Table.from_pylist([row], schema=tables.fact_schema(relation))
    work = tables.to_work_form(table, relation, entries=pa.array([42]))
    assert work.schema == tables.work_schema(relation)
    found = work.to_pylist()[0]
    assert (found["entry"], found["subject"], found["recorded_at"], found["valid_from"]) == (42, -1, 5, 7)


@pytest.mark.parametrize(
    ("moment", "day", "minute"),
    [
        (datetime(2026, 3, 1, 22, 59, tzinfo=UTC), 20513, 23 * 60 + 59),  # winter time, one hour ahead
        (datetime(2026, 3, 1, 23, 0, tzinfo=UTC), 20514, 0),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), 20636, 0),  # summer time, two hours ahead
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 20751, 150),  # 02:30 the first time
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), 20751, 150),  # 02:30 the second time
    ],
)
def test_days_and_minutes_are_counted_in_local_time(moment, day, minute):
    days, minutes = tables.local_day_and_minute(pa.array([moment, None], pa.timestamp("us", tz="UTC")))
    assert (days.to_pylist(), minutes.to_pylist()) == ([day, None], [minute, None])


def _of_texts(indices: list[int | None], texts: list[str]) -> pa.Table:
    places = pa.array(indices, pa.int32())
    return pa.table(
        {"text": pa.DictionaryArray.from_arrays(places, pa.array(texts, pa.string()), safe=False)}
    )


@pytest.mark.parametrize(("indices", "texts"), [([0], []), ([0, 2], ["a", "b"]), ([-1], ["a"])])
def test_a_place_outside_its_dictionary_is_no_text(indices, texts):
    with pytest.raises(pa.ArrowInvalid):
        tables.check_dictionaries(_of_texts(indices, texts))


def test_texts_that_are_there_and_none_are_kept():
    table = _of_texts([0, None, 1], ["a", "b"])
    assert tables.check_dictionaries(table) is table
