# SPDX-License-Identifier: EUPL-1.2
"""From a table of facts to rows for the journal: judged, encoded, and who they are.

Knows the schemas the ledger holds; no file, salt or tree. `joining` does the same for several at once.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rekenschap.errors import RefusedError
from rekenschap.ledger.facts import Schemas
from rekenschap.ledger.journal import Batch
from rekenschap.ledger.reading.clock import CLOCK_TOLERANCE, backwards
from rekenschap.ledger.rows.batches import BatchPlan, batch_plan, write_batch
from rekenschap.ledger.rows.encoding import Layout, Rows, encode
from rekenschap.ledger.rows.few import FEW, Plan, encode_few, plan_of
from rekenschap.ledger.segments import SCHEMA_SHAPE, Shape, columns_of, schema_row
from rekenschap.ledger.writer import checked
from rekenschap.model.columns import Relation
from rekenschap.tables import fact_schema

MOST_ROWS = 100_000
Times = npt.NDArray[np.int64]
_RECORDED, _IDENTITY = "recorded_at", "fact_id"
_NAME = np.dtype("V16")


@dataclass(frozen=True, slots=True)
class Form:
    """What is worked out once for each relation that is appended."""

    shape: Shape
    schema: pa.Schema
    layout: Layout
    plan: Plan
    quick: BatchPlan | None
    """how machine code writes the rows of a whole batch, where there is any"""
    required: tuple[int, ...]
    """columns that are never empty"""
    head: bytes
    name_at: int
    time_at: int
    """which columns are identity and time of recording"""
    fact_id: int
    recorded_at: int
    """where they stand in an encoded row"""


def form_of(shape: Shape) -> Form:
    """Work out the form of rows with a schema of the ledger."""
    relation = shape.relation
    layout = shape.layout
    start = len(shape.head) + -(-len(layout) // 8)
    columns = [relation.names.index(name) for name in (_IDENTITY, _RECORDED)]
    places = [start + sum(each.width for each in layout[:number]) for number in columns]
    required = tuple(number for number, column in enumerate(relation) if column.required)
    quick = batch_plan(relation, head=shape.head)
    plans = plan_of(relation), quick
    return Form(shape, fact_schema(relation), layout, *plans, required, shape.head, *columns, *places)


def check_relation(relation: Relation) -> None:
    """Raise RefusedError when facts of this relation cannot be kept."""
    checked(relation, fact_schema(relation).empty_table())


def batch_of(form: Form, rows: pa.Table) -> Batch:
    """Judge and encode 1 up to 100,000 facts; raises RefusedError."""
    check_count(rows.num_rows)
    written = _written(form, rows)
    if written is not None:
        return written
    if rows.num_rows > FEW or not _fits(form, rows.schema):
        return _many(form, rows)
    encoded: list[bytes] = []
    for part in rows.to_batches():
        encoded += encode_few(part, form.plan, head=form.head)
    at = form.recorded_at
    times = [int.from_bytes(row[at : at + 8], "big", signed=True) for row in encoded]
    if len(encoded) == 1:
        return _one(form, encoded[0], times[0])
    return _batch(form, encoded, np.array(times, dtype=np.int64))


def _written(form: Form, rows: pa.Table) -> Batch | None:
    """Encode facts in one go; None where something is not as it should be, for others to say what."""
    batches = rows.to_batches() if form.quick is not None and _fits(form, rows.schema) else []
    found = write_batch(batches[0], form.quick) if len(batches) == 1 and form.quick is not None else None
    if found is None:
        return None
    if rows.num_rows == 1:
        row = bytes(found.blob)
        time = int.from_bytes(row[form.recorded_at : form.recorded_at + 8], "big", signed=True)
        return _one(form, row, time)
    times, names = times_in(batches[0].column(form.time_at)), names_in(batches[0].column(form.name_at))
    spread = (int(times.min()), int(times.max()))
    if spread[0] != spread[1]:
        check_times(times)
    return Batch(pair_of(form), found.lengths, found.blob, times=spread, identities=names)


def check_count(count: int) -> None:
    """Raise RefusedError when there are no facts, or too many at once."""
    if not 0 < count <= MOST_ROWS:
        raise _refused(f"a batch of 1 up to {MOST_ROWS} facts", f"{count}", "offer it in other batches")


def _fits(form: Form, schema: pa.Schema) -> bool:
    """Say whether these are the columns of the form; that a required value is there is seen row by row."""
    if schema.equals(form.schema):
        return True
    return bool(schema.names == form.schema.names and schema.types == form.schema.types)


def batches_of_one(form: Form, rows: pa.Table) -> list[Batch]:
    """Judge and encode facts all at once, but make a batch of each: for who gets them one by one."""
    encoded = encode(_columns(form, rows), form.layout, head=form.head)
    times = times_in(_whole(rows.column(_RECORDED))).tolist()
    return [
        _one(form, row, time)
        for row, time in zip((encoded[at] for at in range(len(encoded))), times, strict=True)
    ]


def schema_batch(number: int, text: str) -> Batch:
    """Encode the entry that tells how the rows of a relation are written."""
    row = schema_row(number, text)
    return Batch((SCHEMA_SHAPE.kind, SCHEMA_SHAPE.schema_no), len(row).to_bytes(4, "big"), row)


def _many(form: Form, rows: pa.Table) -> Batch:
    encoded = encode(_columns(form, rows), form.layout, head=form.head)
    times = times_in(_whole(rows.column(_RECORDED)))
    check_times(times)
    spread = (int(times.min()), int(times.max()))
    once = _once(names_in(_whole(rows.column(_IDENTITY))))
    return Batch(pair_of(form), lengths_of(encoded), encoded.blob, times=spread, identities=once)


def _one(form: Form, row: bytes, time: int) -> Batch:
    at = form.fact_id
    once = (row[at : at + 16],)
    return Batch(pair_of(form), len(row).to_bytes(4, "big"), row, times=(time, time), identities=once)


def names_in(column: pa.Array) -> list[bytes]:
    """Give the identities in a column that was found to be right."""
    stored = np.frombuffer(column.buffers()[1], dtype=_NAME, count=len(column), offset=16 * column.offset)
    names: list[bytes] = stored.tolist()
    return names


def _once(identities: list[bytes]) -> list[bytes]:
    once = len(frozenset(identities))
    if once < len(identities):
        raise known(len(identities) - once, len(identities))
    return identities


def _columns(form: Form, rows: pa.Table) -> Sequence[pa.Array]:
    """Judge facts and give their columns; quickly when all is as it should be."""
    batches = rows.to_batches() if rows.schema.equals(form.schema) else []
    if len(batches) == 1 and (columns := sound(form, batches[0])) is not None:
        return columns
    # Chunks, or something that is not in order: who judges says what.
    relation = form.shape.relation
    return columns_of(checked(relation, rows), relation)


def sound(form: Form, batch: pa.RecordBatch) -> list[pa.Array] | None:
    """Give the columns of facts with the schema of the form when all is as it should be."""
    try:
        batch.validate(full=True)
    except pa.ArrowInvalid:
        return None
    columns: list[pa.Array] = batch.columns
    return None if any(columns[number].null_count for number in form.required) else columns


def _batch(form: Form, encoded: Sequence[bytes], times: Times) -> Batch:
    check_times(times)
    lengths = struct.pack(f">{len(encoded)}I", *map(len, encoded))
    at, spread = form.fact_id, (int(times.min()), int(times.max()))
    once = _once([row[at : at + 16] for row in encoded])
    return Batch(pair_of(form), lengths, b"".join(encoded), times=spread, identities=once)


def pair_of(form: Form) -> tuple[int, int]:
    """Give kind and schema number of rows of a form."""
    return form.shape.kind, form.shape.schema_no


def times_in(column: pa.Array) -> Times:
    """Give the times of recording in a column that was found to be right."""
    return np.frombuffer(column.buffers()[1], dtype=np.int64, count=len(column), offset=8 * column.offset)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def lengths_of(encoded: Rows) -> bytes:
    """Give the length of each row as a journal keeps them."""
    return np.diff(encoded.offsets).astype(">u4").tobytes()


def check_times(times: Times) -> None:
    """Raise RefusedError when one was recorded too long before an earlier one in the same batch."""
    if int((np.maximum.accumulate(times) - times).max()) > CLOCK_TOLERANCE:
        raise backwards()


def superseded(schemas: Schemas, name: str | None = None) -> set[int]:
    """Give the schemas in whose place a later one of the same relation came; with a name, all it has had."""
    by_name: dict[str, list[int]] = {}
    for number in sorted(schemas.texts):
        by_name.setdefault(schemas.shape(number).relation.name, []).append(number)
    if name is not None:
        return set(by_name.get(name, ()))
    return {number for numbers in by_name.values() for number in numbers[:-1]}


def known(there: int, offered: int) -> RefusedError:
    """Make the refusal of facts of which some came before."""
    return RefusedError(
        expected="facts the ledger does not have yet",
        found=f"{there} of {offered} that came before",
        remedy="leave those out; nobody has to offer them again",
        rule="known" if there < offered else "all known",
    )


def old_schema() -> RefusedError:
    """Make the refusal of rows that were encoded before their relation changed."""
    return _refused(
        "rows of the latest schema of their relation", "rows of an older one", "prepare them again"
    )


def _refused(expected: str, found: str, remedy: str) -> RefusedError:
    return RefusedError(expected=expected, found=found, remedy=remedy, rule="append")
