# SPDX-License-Identifier: EUPL-1.2
"""AEL1 for a few rows at a time, read straight from their Arrow buffers: no column is set up for one value.

Gives the same bytes as `encoding.encode`, for tables in fact form only. Judges for itself what a row may
hold: text is UTF-8, and a required value is there.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from rekenschap.errors import RefusedError
from rekenschap.ledger.rows.code.agreed import Form
from rekenschap.ledger.rows.encoding import Layout, layout_of
from rekenschap.model.columns import Kind, Relation

FEW = 8
"""Up to so many rows this is faster than setting up columns."""
_U32 = struct.Struct(">I")
_ENDS = struct.Struct("<2i")
_Held = Sequence[tuple[int, list[pa.Buffer]]]
"""of each column: where it begins in its buffers, and they"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with each column of a relation: its number, form, width, and whether it must be there."""

    columns: tuple[tuple[int, Form, int, bool, bool], ...]
    bitmap: int
    names: tuple[str, ...]
    relation: str


def plan_of(relation: Relation) -> Plan:
    """Make the plan of a relation, once."""
    layout: Layout = layout_of(relation.columns)
    columns = tuple(
        (number, each.form, each.width, column.required, column.kind in (Kind.TEXT, Kind.CODE))
        for number, (each, column) in enumerate(zip(layout, relation, strict=True))
    )
    return Plan(columns, -(-len(layout) // 8), relation.names, relation.name)


def encode_few(rows: pa.RecordBatch, plan: Plan, *, head: bytes) -> list[bytes]:
    """Encode rows in fact form; raises RefusedError where `required` or UTF-8 does not hold."""
    held = [(column.offset, column.buffers()) for column in rows.columns]
    return [_row(held, at, plan, head) for at in range(rows.num_rows)]


def _row(held: _Held, row: int, plan: Plan, head: bytes) -> bytes:
    empty = 0
    parts = [head, b""]
    tails: list[bytes] = []
    for (number, form, width, required, is_text), (offset, buffers) in zip(plan.columns, held, strict=True):
        at = offset + row
        validity = buffers[0]
        if validity is not None and not validity[at >> 3] >> (at & 7) & 1:
            if required:
                raise _refused(plan, number, "an empty one")
            empty |= 1 << number
            parts.append(bytes(width))
        elif form is Form.VAR:
            start, stop = _ENDS.unpack_from(buffers[1], 4 * at)
            text = bytes(memoryview(buffers[2])[start:stop]) if stop != start else b""
            if len(text) != stop - start or (is_text and not text.isascii()):
                _check_text(text, stop - start, plan, number)
            parts.append(_U32.pack(stop - start))
            tails.append(text)
        elif form is Form.FLAG:
            parts.append(b"\1" if buffers[1][at >> 3] >> (at & 7) & 1 else b"\0")
        else:
            value = bytes(memoryview(buffers[1])[at * width : at * width + width])
            parts.append(value if form is Form.BYTES else value[::-1])
    parts[1] = empty.to_bytes(plan.bitmap, "little")
    return b"".join(parts + tails)


def _check_text(text: bytes, length: int, plan: Plan, number: int) -> None:
    try:
        text.decode()
    except UnicodeDecodeError as error:
        raise _refused(plan, number, "other bytes") from error
    if len(text) != length:
        raise _refused(plan, number, "a damaged one")


def _refused(plan: Plan, number: int, found: str) -> RefusedError:
    return RefusedError(
        expected=f"a value in every row of {plan.relation}.{plan.names[number]}, text in UTF-8",
        found=found,
        remedy="convert the rows to fact form first",
        rule="fact form",
    )
