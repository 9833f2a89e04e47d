# SPDX-License-Identifier: EUPL-1.2
"""What several producers offer at once is encoded together, or by machine code, and judged for itself."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest

from rekenschap.errors import RefusedError
from rekenschap.ledger.journal import Batch
from rekenschap.ledger.segments import shape_for
from rekenschap.ledger.sequencer.joining import encode_offered, offered
from rekenschap.ledger.sequencer.preparing import Form, batch_of, form_of
from rekenschap.model.columns import Relation
from rekenschap.model.relations import CONSULTATION, ZAAK
from tests.ledgers import RECORDED_AT, facts

QUICK = form_of(shape_for(CONSULTATION, 1))
FORM, OTHER = replace(QUICK, quick=None), replace(form_of(shape_for(ZAAK, 2)), quick=None)
MINUTE = 60_000_000
EACH_FORM = pytest.mark.parametrize("form", [FORM, QUICK], ids=["columns", "machine code"])


def recorded(rows: pa.Table, *times: int) -> pa.Table:
    column = pa.array(times, pa.timestamp("us", tz="UTC"))
    return rows.set_column(rows.column_names.index("recorded_at"), "recorded_at", column)


def same(form: Form, batch: Batch, rows: pa.Table) -> bool:
    alone = batch_of(form, rows)
    return (
        batch.error is None
        and all(
            getattr(batch, each) == getattr(alone, each)
            for each in ("kind", "schema_no", "rows", "size", "lengths", "times")
        )
        and (bytes(batch.blob), [*batch.identities]) == (bytes(alone.blob), [*alone.identities])
    )


@EACH_FORM
@pytest.mark.parametrize("counts", [(1,), (8,), (9,), (1, 1), (3, 1, 200), (100, 100, 512), (1,) * 64])
def test_together_gives_the_bytes_that_each_alone_gives(form: Form, counts: tuple[int, ...]):
    tables = [facts(count=count, seed=seed) for seed, count in enumerate(counts)]
    batches = [offered(form, rows) for rows in tables]
    assert all(batch.offered is not None for batch in batches)
    encode_offered(batches)
    assert all(same(FORM, batch, rows) for batch, rows in zip(batches, tables, strict=True))


@EACH_FORM
def test_relations_and_chunks_and_slices_may_be_mixed(form: Form):
    def of(relation: Relation, seed: int) -> pa.Table:
        return pa.concat_tables([facts(relation, 30, seed).slice(3, 20), facts(relation, 7, seed + 100)])

    tables = [(form, of(CONSULTATION, 1)), (OTHER, of(ZAAK, 2)), (form, of(CONSULTATION, 3))]
    batches = [offered(each, rows) for each, rows in tables]
    encode_offered(batches)
    assert all(same(each, batch, rows) for batch, (each, rows) in zip(batches, tables, strict=True))


@EACH_FORM
def test_an_identity_may_end_in_zeros(form: Form):
    rows = facts(count=20)
    names = pa.array([bytes([each]) + bytes(15) for each in range(1, 21)], pa.binary(16))
    batch = offered(form, rows.set_column(0, rows.schema.field("fact_id"), names))
    encode_offered([batch])
    assert [*batch.identities] == names.to_pylist()


def spoiled(rows: pa.Table) -> list[pa.Table]:
    """What one producer may get wrong, so that only reading every value shows it."""
    at = rows.column_names.index("source")
    text = pa.StringArray.from_buffers(
        len(rows),
        pa.py_buffer(b"".join((2 * n).to_bytes(4, "little") for n in range(len(rows) + 1))),
        pa.py_buffer(b"\xff\xfe" * len(rows)),
    )
    crooked = pa.StringArray.from_buffers(
        len(rows),
        pa.py_buffer(b"".join(n.to_bytes(4, "little") for n in (0, 9_000, *range(2, len(rows) + 1)))),
        pa.py_buffer(b"x" * len(rows)),
    )
    name = rows.schema.names.index("recorded_at")
    column = rows.column("recorded_at").combine_chunks()
    empty = pa.array([None, *column.to_pylist()[1:]], column.type)
    times = [RECORDED_AT + 2 * MINUTE, *[RECORDED_AT] * (len(rows) - 1)]
    return [
        rows.set_column(at, rows.schema.field("source"), text),
        rows.set_column(at, rows.schema.field("source"), crooked),
        rows.set_column(name, rows.schema.field("recorded_at"), empty),
        recorded(rows, *times).cast(rows.schema),
    ]


@EACH_FORM
@pytest.mark.parametrize("count", [2, 60])
def test_what_is_wrong_with_one_is_told_to_that_one_only(form: Form, count: int):
    good = [facts(count=50, seed=1), facts(count=1, seed=2), facts(count=70, seed=3)]
    for bad in spoiled(facts(count=count, seed=9)):
        tables = [good[0], bad, *good[1:]]
        batches = [offered(form, rows) for rows in tables]
        encode_offered(batches)
        assert isinstance(batches[1].error, RefusedError)
        del tables[1], batches[1]
        assert all(same(FORM, batch, rows) for batch, rows in zip(batches, tables, strict=True))


@EACH_FORM
@pytest.mark.parametrize("count", [2, 60])
def test_however_it_is_encoded_a_wrong_batch_is_told_the_same(form: Form, count: int):
    for bad in spoiled(facts(count=count, seed=9)):
        batch = offered(form, bad)
        encode_offered([batch])
        with pytest.raises(RefusedError) as plain:
            batch_of(FORM, bad)
        assert str(batch.error) == str(plain.value)


@EACH_FORM
def test_what_is_large_or_of_another_form_is_judged_at_once(form: Form):
    large = facts(count=600)
    assert offered(form, large).offered is None
    assert same(FORM, offered(form, large), large)
    with pytest.raises(RefusedError, match="other columns"):
        offered(form, facts(ZAAK, 3))
    for count in (0, 100_001):
        with pytest.raises(RefusedError, match="1 up to 100000 facts"):
            offered(
                form, FORM.schema.empty_table() if not count else pa.concat_tables([facts(count=1)] * count)
            )
