# SPDX-License-Identifier: EUPL-1.2
"""Rows that machine code writes from a record batch are those of the encoding, byte for byte; what is not as
it should be is left to who can say what is wrong with it."""

import random
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from rekenschap.ledger.rows.batches import BatchPlan, batch_plan, write_batch
from rekenschap.ledger.rows.encoding import encode, head_of, layout_of
from rekenschap.model.columns import Column, Kind, Relation
from rekenschap.model.relations import CONSULTATION
from rekenschap.tables import fact_schema

HEAD = head_of(1, 7)
KINDS = [*Kind, *Kind]  # more than eight columns: a bitmap of more than a byte
EVERY = replace(
    CONSULTATION,
    name="everything",
    columns=tuple(
        Column(
            name=f"{kind}_{number}", kind=kind, meaning="", width=[3, 8, 16, 32][number % 4], required=False
        )
        if kind is Kind.BYTES
        else Column(name=f"{kind}_{number}", kind=kind, meaning="", required=False)
        for number, kind in enumerate(KINDS)
    ),
)


def plan_of(relation: Relation) -> BatchPlan:
    found = batch_plan(relation, head=HEAD)
    if found is None:
        pytest.skip("the extra fast is not installed")
    return found


def value(kind: Kind, width: int, source: random.Random) -> object:
    match kind:
        case Kind.TOKEN:
            return source.randbytes(16)
        case Kind.BYTES:
            return source.randbytes(width)
        case Kind.TEXT | Kind.CODE:
            return "é€😀abc"[: source.randrange(7)] * source.randrange(9)
        case Kind.TIME | Kind.COUNT:
            return source.randrange(-(2**62), 2**62)
        case Kind.DAY:
            return source.randrange(-(2**31), 2**31)
        case _:
            return source.random() < 0.5


def batch(count: int, *, nulls: float, seed: int = 1) -> pa.RecordBatch:
    source = random.Random(seed)  # noqa: S311 — test data
    rows = [
        [None if source.random() < nulls else value(c.kind, c.width, source) for c in EVERY]
        for _ in range(count)
    ]
    columns = []
    for number, field in enumerate(fact_schema(EVERY)):
        plain = [row[number] for row in rows]
        as_number = pa.types.is_timestamp(field.type) or pa.types.is_date32(field.type)
        whole = pa.int32() if pa.types.is_date32(field.type) else pa.int64()
        columns.append(pa.array(plain, whole).cast(field.type) if as_number else pa.array(plain, field.type))
    return pa.RecordBatch.from_arrays(columns, schema=fact_schema(EVERY))


def check_same(rows: pa.RecordBatch) -> None:
    found = write_batch(rows, plan_of(EVERY))
    wanted = encode(rows.columns, layout_of(EVERY.columns), head=HEAD)
    assert found is not None
    assert bytes(found.blob) == bytes(wanted.blob)
    assert np.frombuffer(found.lengths, dtype=">u4").tolist() == np.diff(wanted.offsets).tolist()


@pytest.mark.parametrize("nulls", [0, 0.3, 1])
@pytest.mark.parametrize("count", [1, 2, 8, 9, 100, 2_500])  # the last lets others go on meanwhile
def test_every_kind_of_value_is_written_as_it_is_encoded(count: int, nulls: float):
    check_same(batch(count, nulls=nulls))


@pytest.mark.parametrize(("start", "count"), [(0, 1), (1, 7), (13, 50), (99, 1)])
def test_a_part_of_a_batch_is_written_alone(start: int, count: int):
    check_same(batch(100, nulls=0.3).slice(start, count))


def test_many_rows_take_no_more_of_the_stack_than_few():
    check_same(pa.concat_batches([batch(1_000, nulls=0.3)] * 60))


def test_a_value_that_must_be_there_is_left_to_who_can_name_it():
    required = replace(EVERY, columns=tuple(replace(c, required=True) for c in EVERY))
    assert write_batch(batch(20, nulls=0), plan_of(required)) is not None
    assert write_batch(batch(20, nulls=0.05), plan_of(required)) is None


def test_text_that_is_no_utf_8_is_left_to_who_can_name_it():
    rows = batch(5, nulls=0)
    at = next(number for number, column in enumerate(EVERY) if column.kind is Kind.TEXT)
    spoiled = pa.array([b"\xff"] * 5, pa.binary()).view(pa.string())
    assert write_batch(rows.set_column(at, rows.schema.field(at), spoiled), plan_of(EVERY)) is None


@pytest.mark.parametrize("ends", [[0, 5, 3], [0, 2**31 - 1, 6], [0, -9, 6]])
def test_offsets_that_lead_astray_are_not_followed(ends: list[int]):
    rows = batch(2, nulls=0)
    at = next(number for number, column in enumerate(EVERY) if column.kind is Kind.CODE)
    buffers = [None, pa.py_buffer(np.array(ends, dtype=np.int32)), pa.py_buffer(b"abcdef")]
    spoiled = pa.Array.from_buffers(pa.string(), 2, buffers)
    assert write_batch(rows.set_column(at, rows.schema.field(at), spoiled), plan_of(EVERY)) is None


def test_no_rows_and_other_columns_are_left_alone():
    rows = batch(3, nulls=0)
    assert write_batch(rows.slice(0, 0), plan_of(EVERY)) is None
    assert write_batch(rows.select(rows.schema.names[1:]), plan_of(EVERY)) is None
