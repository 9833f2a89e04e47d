# SPDX-License-Identifier: EUPL-1.2
"""The reference of AEL1: one row at a time, as the format page says it, with nothing clever."""

from rekenschap.ledger.rows.code.agreed import Form
from rekenschap.ledger.rows.decoding import Value
from rekenschap.ledger.rows.encoding import Layout, head_of

HEAD = head_of(1, 7)
SIZES = {
    Form.I64: (8, True),
    Form.U64: (8, False),
    Form.U32: (4, False),
    Form.DAY: (4, True),
    Form.FLAG: (1, False),
}


def reference(row: tuple[Value, ...], layout: Layout, head: bytes = HEAD) -> bytes:
    bitmap, fixed, tail = 0, b"", b""
    for number, (value, each) in enumerate(zip(row, layout, strict=True)):
        if value is None:
            bitmap |= 1 << number
            fixed += bytes(each.width)
        elif each.form is Form.VAR:
            fixed += len(value).to_bytes(4, "big")
            tail += value
        elif each.form is Form.BYTES:
            fixed += value
        else:
            size, signed = SIZES[each.form]
            fixed += int(value).to_bytes(size, "big", signed=signed)
    return head + bitmap.to_bytes((len(layout) + 7) // 8, "little") + fixed + tail
