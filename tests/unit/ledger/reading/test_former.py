# SPDX-License-Identifier: EUPL-1.2
"""A fact under a newer version of its relation that says no more than before is the fact of before."""

from dataclasses import replace

import pyarrow as pa

from rekenschap.ledger.identity import with_identity
from rekenschap.model.columns import RECORD, record, text
from rekenschap.model.relations import CONSULTATION
from rekenschap.tables import arrow_type
from tests.ledgers import RECORDED_AT, content, memory_ledger

OLD = replace(
    CONSULTATION, version=1, columns=tuple(each for each in CONSULTATION.columns if each.name != RECORD)
)
NEW = replace(OLD, version=3, columns=(*OLD.columns, text("channel", "by which way"), record()))


def of_before(count: int) -> pa.Table:
    return content(OLD, count, 7)


def now(rows: pa.Table, **filled: list[object]) -> pa.Table:
    for column in NEW.content:
        if column.name not in OLD:
            values = filled.get(column.name, [None] * rows.num_rows)
            rows = rows.append_column(column.name, pa.array(values, arrow_type(column)))
    return with_identity(rows, NEW, recorded_at=RECORDED_AT)


def test_what_says_no_more_than_before_is_known_and_what_says_more_is_not():
    ledger, _, _ = memory_ledger()
    rows = of_before(5)
    ledger.append([(OLD, with_identity(rows.slice(0, 3), OLD, recorded_at=RECORDED_AT))])
    said = ["desk", None, None, None, None]
    assert ledger.known(NEW, now(rows, channel=said)).to_pylist() == [False, True, True, False, False]


def test_the_token_of_a_record_makes_no_other_fact_of_it():
    ledger, _, _ = memory_ledger()
    rows = of_before(3)
    ledger.append([(OLD, with_identity(rows, OLD, recorded_at=RECORDED_AT))])
    tokens = [bytes([number]) * 16 for number in range(3)]
    assert ledger.known(NEW, now(rows, **{RECORD: tokens})).to_pylist() == [True] * 3


def test_a_fact_of_the_newer_version_is_known_as_it_is():
    ledger, _, _ = memory_ledger()
    rows = now(of_before(4), channel=["desk", None, "web", None])
    ledger.append([(OLD, with_identity(of_before(1), OLD, recorded_at=RECORDED_AT)), (NEW, rows.slice(2))])
    assert ledger.known(NEW, rows).to_pylist() == [False, False, True, True]


def test_a_column_that_was_required_before_and_is_empty_now_is_no_fact_of_before():
    ledger, _, _ = memory_ledger()
    first = of_before(2)
    ledger.append([(OLD, with_identity(first, OLD, recorded_at=RECORDED_AT))])
    relaxed = replace(NEW, columns=tuple(replace(c, required=False) for c in NEW.columns))
    at = first.column_names.index("staff")
    kind = arrow_type(OLD["staff"])
    first = first.set_column(at, "staff", pa.array([None, first.column("staff")[1].as_py()], kind))
    for column in ("channel", RECORD):
        first = first.append_column(column, pa.nulls(2, arrow_type(NEW[column])))
    rows = with_identity(first, relaxed, recorded_at=RECORDED_AT)
    assert ledger.known(relaxed, rows).to_pylist() == [False, True]
