# SPDX-License-Identifier: EUPL-1.2
"""JSON lines: one object per line, UTF-8. A value that is not text becomes the text JSON writes for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pyarrow as pa

from rekenschap.adapters.sources.text_lines import Lines, lines_of
from rekenschap.adapters.sources.unpacking import chunks_of
from rekenschap.seams.source import KEPT_OF_A_LINE, MAX_COLUMNS, Block, BrokenRow, ReaderOptions

_Object = dict[str, object]


class JsonlFile:
    """Reads JSON lines; a line that is not an object breaks alone."""

    fixed_columns = False

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give the objects as rows with a text column per key; a key that is absent is empty."""
        for lines in lines_of(chunks_of(path)):
            yield _block(lines)


def _block(lines: Lines) -> Block:
    rows: list[_Object] = []
    numbers: list[int] = []
    broken = list(lines.broken)
    columns: dict[str, None] = {}
    for text, number in zip(lines.texts, lines.numbers, strict=True):
        read, reason = _object(text, columns)
        if reason:
            broken.append(BrokenRow(line=number, reason=reason, original=text[:KEPT_OF_A_LINE]))
        else:
            rows.append(read)
            numbers.append(number)
    table = pa.table({name: _texts([row.get(name) for row in rows]) for name in columns})
    return Block(
        rows=table, lines=pa.array(numbers, pa.int64()), broken=tuple(broken), bytes_read=lines.bytes_read
    )


def _object(text: bytes, columns: dict[str, None]) -> tuple[_Object, str]:
    """Read one line and note its keys in `columns`; gives a reason code instead when it cannot be a row."""
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}, "json-unreadable"
    if not isinstance(read, dict) or not read:
        return {}, "json-no-object"
    if not read.keys() <= columns.keys():
        if len(columns | read) > MAX_COLUMNS:
            return {}, "too-many-columns"
        columns |= dict.fromkeys(read)
    return read, ""


def _texts(values: list[object]) -> pa.Array:
    try:
        return pa.array(values, pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return pa.array([_text(value) for value in values], pa.string())


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()
