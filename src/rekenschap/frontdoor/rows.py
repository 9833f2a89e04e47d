# SPDX-License-Identifier: EUPL-1.2
"""Rows of a contract to a block as the door of intake wants it: text, and what cannot be read apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.seams.source import KEPT_OF_A_LINE, Block, BrokenRow

FAULT, RECORD, RECEIVED = "fault", "record", "received"
_HEX = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), dtype="<u2")

Rows = Callable[[Sequence[bytes]], tuple[pa.Table, pa.Int32Array]]
"""Gives a row per record, with the index of its body; see `rekenschap.contracts.otlp.rows_of`."""


def blocks_by(rows: Rows) -> Callable[[Sequence[bytes]], tuple[Block, pa.Int32Array]]:
    """Give what makes a block of the rows of some bodies; lines count from 0 over all of them."""

    def block_of(bodies: Sequence[bytes]) -> tuple[Block, pa.Int32Array]:
        table, index = rows(bodies)
        faulty = table.column(FAULT).combine_chunks().is_valid()
        sound = pc.invert(faulty)
        lines = pa.array(np.arange(table.num_rows, dtype=np.int64))
        named = [name for name in table.column_names if name not in (FAULT, RECORD, RECEIVED)]
        kept = table.filter(sound)
        block = Block(
            rows=pa.table({name: _as_text(kept.column(name)) for name in named}),
            lines=lines.filter(sound),
            broken=_broken(table.filter(faulty), lines.filter(faulty)),
            bytes_read=sum(map(len, bodies)),
        )
        return block, index

    return block_of


def _broken(table: pa.Table, lines: pa.Array) -> tuple[BrokenRow, ...]:
    if not table.num_rows:
        return ()
    written = pc.coalesce(table.column(RECEIVED), table.column(RECORD)).to_pylist()
    return tuple(
        BrokenRow(line=line, reason=reason, original=(original or b"")[:KEPT_OF_A_LINE])
        for line, reason, original in zip(
            lines.to_pylist(), table.column(FAULT).to_pylist(), written, strict=True
        )
    )


def _as_text(column: pa.ChunkedArray) -> pa.Array:
    """Write a column as text: bytes in hexadecimals, times in ISO 8601."""
    array = column.combine_chunks()
    if pa.types.is_string(array.type):
        return array
    if pa.types.is_dictionary(array.type):
        return array.dictionary_decode()
    if pa.types.is_fixed_size_binary(array.type):
        return _in_hex(array)
    return array.cast(pa.string())


def _in_hex(array: pa.FixedSizeBinaryArray) -> pa.Array:
    width, count = array.type.byte_width, len(array)
    filled = array.fill_null(bytes(width))
    octets = np.frombuffer(b"".join(filled.to_pylist()), dtype=np.uint8)
    offsets = np.arange(count + 1, dtype=np.int32) * (2 * width)
    texts = pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(_HEX[octets].tobytes()))
    return pc.if_else(array.is_valid(), texts, pa.scalar(None, pa.string()))
