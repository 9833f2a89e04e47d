# SPDX-License-Identifier: EUPL-1.2
"""The way back from AEL1 bytes to values, one row at a time and strict: one row has one spelling only.

Used for proofs, where a stranger brings the bytes. Bulk reading goes through Parquet.
"""

from __future__ import annotations

from rekenschap.errors import MalformedProofError
from rekenschap.ledger.rows.code.agreed import Form
from rekenschap.ledger.rows.encoding import MAGIC, Field, Layout

HEAD_SIZE = 9
Value = bytes | int | bool | None


def read_head(row: bytes) -> tuple[int, int]:
    """Give (kind, schema_no) of a row; raises MalformedProofError when it is not an AEL1 row."""
    if len(row) < HEAD_SIZE or row[:4] != MAGIC:
        raise _malformed("a row in AEL1 encoding", "other bytes")
    return row[4], int.from_bytes(row[5:9], "big")


def decode(row: bytes, layout: Layout) -> tuple[Value, ...]:
    """Read the values of one row, variable ones as bytes; raises MalformedProofError on another spelling."""
    read_head(row)
    at = HEAD_SIZE + -(-len(layout) // 8)
    tail = at + sum(each.width for each in layout)
    if len(row) < tail:
        raise _malformed(f"a row of at least {tail} bytes", f"{len(row)} bytes")
    bitmap = int.from_bytes(row[HEAD_SIZE:at], "little")
    if bitmap >> len(layout):
        raise _malformed("spare bits of the NULL bitmap to be zero", "a bit that is set")
    values: list[Value] = []
    for number, each in enumerate(layout):
        fixed = row[at : at + each.width]
        value, tail = _value(fixed, each, row, tail)
        at += each.width
        values.append(_or_null(value, fixed, is_null=bool(bitmap >> number & 1)))
    if tail != len(row):
        raise _malformed(f"a row of {tail} bytes", f"{len(row)} bytes")
    return tuple(values)


def _value(fixed: bytes, each: Field, row: bytes, tail: int) -> tuple[Value, int]:
    match each.form:
        case Form.BYTES:
            return fixed, tail
        case Form.VAR:
            end = tail + int.from_bytes(fixed, "big")
            return row[tail:end], end
        case Form.FLAG:
            if fixed[0] > 1:
                raise _malformed("a flag of 00 or 01", "another byte")
            return bool(fixed[0]), tail
        case _:
            return int.from_bytes(fixed, "big", signed=each.form in (Form.I64, Form.DAY)), tail


def _or_null(value: Value, fixed: bytes, *, is_null: bool) -> Value:
    if is_null and any(fixed):
        raise _malformed("only zero bytes where the bitmap says NULL", "other bytes")
    return None if is_null else value


def _malformed(expected: str, found: str) -> MalformedProofError:
    return MalformedProofError(expected=expected, found=found, remedy="ask for the proof again")
