# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import io
from datetime import UTC, datetime

import orjson
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.contracts.facts import BodyKind, rows_of

TASK = {"relation": "task", "task": "T-1", "staff": "m.devries", "done_at": "2026-03-02T09:15:00+01:00"}
EXPORT = {"relation": "disclosure", "kind": "export", "subjects": 12, "staff": "m.devries"}


def in_json(*facts: object) -> bytes:
    return orjson.dumps({"facts": facts})


def in_arrow(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def told(bodies: list[bytes], kind: BodyKind = "facts-json") -> list[dict[str, object]]:
    return [
        {name: value for name, value in row.items() if value is not None}
        for row in rows_of(bodies, kind=kind)[0].to_pylist()
    ]


def test_facts_of_several_bodies_become_rows_that_know_their_body():
    rows, index = rows_of([in_json(TASK), in_json(), in_json(EXPORT, TASK)], kind="facts-json")
    assert index.to_pylist() == [0, 2, 2]
    assert rows.column("relation").to_pylist() == ["task", "disclosure", "task"]
    assert told([in_json(EXPORT)]) == [EXPORT | {"subjects": "12"}]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"facts": 1}', b'{"zaken": []}', b"\xff"])
def test_a_body_that_is_none_is_one_row_without_a_relation(body: bytes):
    (row,) = told([body])
    assert set(row) == {"unreadable"}


def test_what_is_no_fact_takes_none_with_it():
    assert told([in_json(TASK, "T-2", 3, None, [1])]) == [
        TASK,
        {"unreadable": "T-2"},
        {"unreadable": "3"},
        {},
        {"unreadable": "[1]"},
    ]


def test_columns_of_arrow_keep_moments_and_bytes():
    moment = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
    table = pa.table(
        {
            "looked_at": pa.array([moment], pa.timestamp("ms", tz="Europe/Amsterdam")),
            "staff": pa.array(["m.devries"]).dictionary_encode(),
            "trace_id": pa.array([bytes(range(16))], pa.binary(16)),
            "subjects": pa.array([3], pa.int32()),
        }
    ).replace_schema_metadata({"relation": "consultation"})
    rows, _ = rows_of([in_arrow(table)], kind="facts-arrow")
    assert rows.to_pylist() == [
        {
            "looked_at": moment,
            "staff": "m.devries",
            "trace_id": bytes(range(16)),
            "subjects": "3",
            "relation": "consultation",
            "source": None,
        }
    ]


def test_a_column_that_is_text_in_one_body_is_text_in_all():
    moment = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
    typed = pa.table({"relation": ["task"], "done_at": pa.array([moment], pa.timestamp("us", tz="UTC"))})
    loose = pa.table({"relation": ["task"], "done_at": ["2026-03-02T09:15:00+01:00"]})
    rows, index = rows_of([in_arrow(typed), in_arrow(loose)], kind="facts-arrow")
    assert rows.column("done_at").to_pylist() == ["2026-03-02T08:15:00.000000Z", "2026-03-02T09:15:00+01:00"]
    assert index.to_pylist() == [0, 1]


def test_names_nobody_knows_share_one_column():
    facts = [TASK | {f"name-{number}": number} for number in range(500)]
    rows, _ = rows_of([in_json(*facts)], kind="facts-json")
    assert rows.num_columns == 6
    assert rows.column("unreadable")[7].as_py() == '{"name-7":7}'
    table = pa.table({"relation": ["task"], "task": ["T-1"], "naam": [1]})
    assert told([in_arrow(table)], "facts-arrow") == [
        {"relation": "task", "task": "T-1", "unreadable": "{'naam': 1}"}
    ]


def test_a_source_that_is_no_text_spoils_nothing():
    moment = pa.array([datetime(2026, 3, 2, tzinfo=UTC)], pa.timestamp("us", tz="UTC"))
    strange = pa.table({"relation": ["task"], "source": moment})
    assert told([in_arrow(strange), in_arrow(_TASKS)], "facts-arrow")[1] == {
        "relation": "task",
        "task": "T-1",
    }


@given(st.binary(max_size=300), st.sampled_from(["facts-json", "facts-arrow"]))
def test_nothing_that_is_sent_is_lost_or_makes_it_fail(body: bytes, kind: BodyKind):
    rows, index = rows_of([body, in_json(TASK) if kind == "facts-json" else in_arrow(_TASKS)], kind=kind)
    assert len(index) == rows.num_rows
    assert rows.column("relation").to_pylist()[-1] == "task"


_TASKS = pa.table({"relation": ["task"], "task": ["T-1"]})
json_value = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(json_value, max_size=6))
def test_each_thing_in_the_list_is_a_row(facts: list[object]):
    rows, index = rows_of([in_json(*facts)], kind="facts-json")
    assert rows.num_rows == len(index) == len(facts)


def test_a_name_that_stands_twice_in_arrow_takes_no_good_body_with_it():
    twice = pa.Table.from_arrays([pa.array(["zaak"]), pa.array(["zaak"])], names=["relation", "relation"])
    target = io.BytesIO()
    with pa.ipc.new_stream(target, twice.schema) as stream:
        stream.write_table(twice)
    good = pa.table({"relation": ["zaak"], "zaak": ["Z-1"]})
    other = io.BytesIO()
    with pa.ipc.new_stream(other, good.schema) as stream:
        stream.write_table(good)
    table, of = rows_of([target.getvalue(), other.getvalue()], kind="facts-arrow")
    assert (table.column("relation").to_pylist(), of.to_pylist()) == ([None, "zaak"], [0, 1])
