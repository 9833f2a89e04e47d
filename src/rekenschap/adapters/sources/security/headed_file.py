# SPDX-License-Identifier: EUPL-1.2
"""Files of lines of CEF or LEEF, bare or as a syslog server wrote them, also as JSON lines with `text`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pyarrow as pa

from rekenschap.adapters.sources.objects.rows import Object, Rows
from rekenschap.adapters.sources.security.headed import read_cef, read_leef
from rekenschap.adapters.sources.text_lines import Lines, lines_of
from rekenschap.adapters.sources.unpacking import chunks_of
from rekenschap.seams.source import KEPT_OF_A_LINE, Block, BrokenRow, ReaderOptions

Read = Callable[[str], dict[str, str] | None]


class HeadedFile:
    """Reads lines by `read`; a line that is none of its kind breaks alone.

    The head gives columns `head.vendor`, `head.name`, ...; a pair its key; a line of our rsyslog also
    `syslog.host`, `syslog.time` and the like.
    """

    fixed_columns = False

    def __init__(self, read: Read) -> None:
        self.read = read

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give the lines in order."""
        for lines in lines_of(chunks_of(path)):
            yield _block(lines, self.read)


def cef_file() -> HeadedFile:
    """Make the reader of CEF."""
    return HeadedFile(read_cef)


def leef_file() -> HeadedFile:
    """Make the reader of LEEF."""
    return HeadedFile(read_leef)


def _block(lines: Lines, read: Read) -> Block:
    rows = Rows()
    numbers: list[int] = []
    broken = list(lines.broken)
    for raw, number in zip(lines.texts, lines.numbers, strict=True):
        row = _row(raw, read)
        reason = "event-unreadable" if row is None else rows.add(row)
        if reason:
            broken.append(BrokenRow(line=number, reason=reason, original=raw[:KEPT_OF_A_LINE]))
        else:
            numbers.append(number)
    return Block(
        rows=rows.table(),
        lines=pa.array(numbers, pa.int64()),
        broken=tuple(broken),
        bytes_read=lines.bytes_read,
    )


def _row(raw: bytes, read: Read) -> Object | None:
    beside: Object = {}
    if raw.startswith(b"{"):
        try:
            line = orjson.loads(raw)
        except orjson.JSONDecodeError:
            return None
        if not isinstance(line, dict) or not isinstance(line.get("text"), str):
            return None
        text = line.pop("text")
        beside = {f"syslog.{name}": value for name, value in line.items()}
    else:
        text = raw.decode("utf-8", errors="replace")
    found = read(text)
    return None if found is None else {**beside, **found}
