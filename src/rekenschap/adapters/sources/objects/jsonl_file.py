# SPDX-License-Identifier: EUPL-1.2
"""JSON lines: one object per line, UTF-8; objects inside an object as columns of their own when asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pyarrow as pa

from rekenschap.adapters.sources.objects.alike import texts_in
from rekenschap.adapters.sources.objects.rows import Object, Rows, flat
from rekenschap.adapters.sources.text_lines import Lines, lines_of
from rekenschap.adapters.sources.unpacking import chunks_of
from rekenschap.seams.source import KEPT_OF_A_LINE, RECORD, Block, BrokenRow, ReaderOptions


class JsonlFile:
    """Reads JSON lines; a line that is not an object breaks alone.

    Setting `flatten: yes` makes a column `a.b` of key b in object a; setting `record: yes` gives the whole
    line too, for a profile that keeps records.
    """

    fixed_columns = False

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give the objects as rows with a text column per key; a key that is absent is empty."""
        flatten = options.settings.get("flatten", "no") == "yes"
        for lines in lines_of(chunks_of(path)):
            yield _block(lines, flatten=flatten, whole=options.settings.get(RECORD) == "yes")


def _block(lines: Lines, *, flatten: bool, whole: bool) -> Block:
    table = None if whole else texts_in(lines.texts)
    if table is not None:
        return Block(
            rows=table,
            lines=pa.array(lines.numbers, pa.int64()),
            broken=tuple(lines.broken),
            bytes_read=lines.bytes_read,
        )
    return _one_by_one(lines, flatten=flatten, whole=whole)


def _one_by_one(lines: Lines, *, flatten: bool, whole: bool) -> Block:
    rows = Rows()
    numbers: list[int] = []
    broken = list(lines.broken)
    for text, number in zip(lines.texts, lines.numbers, strict=True):
        read, reason = _object(text)
        row = flat(read) if flatten else read
        reason = reason or rows.add(row | {RECORD: text.decode("utf-8", "replace").strip()} if whole else row)
        if reason:
            broken.append(BrokenRow(line=number, reason=reason, original=text[:KEPT_OF_A_LINE]))
        else:
            numbers.append(number)
    return Block(
        rows=rows.table(),
        lines=pa.array(numbers, pa.int64()),
        broken=tuple(broken),
        bytes_read=lines.bytes_read,
    )


def _object(text: bytes) -> tuple[Object, str]:
    """Read one line; gives a reason code instead when it cannot be a row."""
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}, "json-unreadable"
    if not isinstance(read, dict) or not read:
        return {}, "json-no-object"
    return read, ""
