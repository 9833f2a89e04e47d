# SPDX-License-Identifier: EUPL-1.2
"""A log of five entries, small enough to spoil in every byte: a schema, three looks, a stranger's schema."""

from __future__ import annotations

from rekenschap.ledger.rows.decoding import Value
from rekenschap.ledger.rows.encoding import head_of, layout_of
from rekenschap.model.columns import Column, Kind, Relation, relation, token
from rekenschap.model.schema_text import schema_text
from tests.ael1 import reference
from tests.standalone.both import Log, schema_row

LOOK = relation(
    "look",
    "looked_at",
    "an invented look with every kind of column",
    Column(name="looked_at", kind=Kind.TIME, meaning="", required=True),
    token("staff", "who", required=True),
    token("subject", "at whom"),
    Column(name="why", kind=Kind.TEXT, meaning=""),
    Column(name="by", kind=Kind.CODE, meaning="", codes=("desk", "phone")),
    Column(name="born", kind=Kind.DAY, meaning=""),
    Column(name="times", kind=Kind.COUNT, meaning=""),
    Column(name="urgent", kind=Kind.FLAG, meaning=""),
    Column(name="trace", kind=Kind.BYTES, meaning="", width=3),
)
FULL: tuple[Value, ...] = (
    bytes(range(16)), "BRP é".encode(), 1_790_000_000_000_000,
    1_780_000_000_000_001, b"\x11" * 16, b"\x22" * 16,
    "balie\n= \u202e\x1b[2J\"".encode(), b"desk", 20_000, -7, True, b"\xfb\xff\xfe",
)  # fmt: skip
EMPTY: tuple[Value, ...] = (bytes(16), b"", 0, 0, bytes(16), *[None] * 7)
EDGE: tuple[Value, ...] = (
    b"\xff" * 16, b"x", 2**63 - 1,
    -(2**63), b"\xff" * 16, bytes(16), b"", b"", -(2**31), 2**63 - 1, False, bytes(3),
)  # fmt: skip


def row_of(values: tuple[Value, ...], *, of: Relation = LOOK, kind: int = 1, number: int = 1) -> bytes:
    return reference(values, layout_of(of.columns), head_of(kind, number))


SCHEMA_ROW = schema_row(schema_text(LOOK))
ROWS = (SCHEMA_ROW, row_of(FULL), row_of(EMPTY), row_of(EDGE), schema_row(schema_text(LOOK), 2))
SMALL = Log(rows=ROWS)
ENTRY, SCHEMA = 1, 0
