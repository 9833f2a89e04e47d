# SPDX-License-Identifier: EUPL-1.2
"""The process that opens a workbook: writes one sheet as Arrow to its output, and ends with a code.

Called by `excel_file`: python -P workbook.py PATH SHEET HEADER_ROW
"""

from __future__ import annotations

import datetime as d
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum

import pyarrow as pa

from rekenschap.seams.source import BLOCK_ROWS, MAX_COLUMNS

_MOST_MEMORY, _MOST_SECONDS = 4 << 30, 900
_LARGEST_WHOLE = 1e15
Row = Sequence[object]


class Ending(IntEnum):
    """What the process ends with."""

    READ = 0
    LOCKED = 10
    DAMAGED = 11
    NO_SHEET = 12
    NO_HEAD = 13
    TOO_WIDE = 14


def main(path: str, sheet: str, header_row: str) -> Ending:
    """Write the sheet to standard output."""
    from python_calamine import CalamineError, PasswordError, load_workbook

    try:
        book = load_workbook(path)
        name = _name_of(book.sheet_names, sheet)
        if name is None:
            return Ending.NO_SHEET
        return _write(iter(book.get_sheet_by_name(name).iter_rows()), int(header_row))
    except PasswordError:
        return Ending.LOCKED
    except (CalamineError, OSError, ValueError):
        return Ending.DAMAGED


def _name_of(names: Sequence[str], sheet: str) -> str | None:
    if sheet in names:
        return sheet
    return names[int(sheet) - 1] if sheet.isdigit() and 0 < int(sheet) <= len(names) else None


def _write(rows: Iterator[Row], header_row: int) -> Ending:
    numbered = enumerate(rows, start=1)
    head = next((row for number, row in numbered if number == header_row), ())
    names = {at: name for at, cell in enumerate(head) if (name := (_text(cell) or "").strip())}
    if not names:
        return Ending.NO_HEAD
    if len(names) > MAX_COLUMNS:
        return Ending.TOO_WIDE
    fields = [(name, pa.string()) for name in _distinct(list(names.values()))]
    schema = pa.schema([("\0line", pa.int64()), *fields])
    with pa.ipc.new_stream(sys.stdout.buffer, schema) as sink:
        lines: list[int] = []
        held: list[Row] = []
        for number, row in numbered:
            if any(cell != "" for cell in row):
                lines.append(number)
                held.append(row)
            if len(held) >= BLOCK_ROWS:
                sink.write_batch(_batch(lines, held, list(names), schema))
                lines, held = [], []
        sink.write_batch(_batch(lines, held, list(names), schema))
    return Ending.READ


def _batch(lines: list[int], rows: list[Row], columns: list[int], schema: pa.Schema) -> pa.RecordBatch:
    texts = [pa.array([_text(row[at]) for row in rows], pa.string()) for at in columns]
    return pa.record_batch([pa.array(lines, pa.int64()), *texts], schema=schema)


def _distinct(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    for name in names:
        number, fresh = 1, name
        while fresh in seen:
            number += 1
            fresh = f"{name} ({number})"
        seen[fresh] = number
    return list(seen)


def _text(cell: object) -> str | None:
    """Write a cell as text; an empty one is nothing."""
    if isinstance(cell, str):
        return cell or None
    write = _WRITE.get(type(cell))
    return None if write is None else write(cell)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < _LARGEST_WHOLE else repr(value)


def _moment(value: d.datetime) -> str:
    near = value + d.timedelta(microseconds=500)  # a day counted in fractions misses by some microseconds
    near = near.replace(microsecond=near.microsecond // 1000 * 1000)
    return near.isoformat(sep=" ", timespec="milliseconds" if near.microsecond else "seconds")


def _lasting(value: d.timedelta) -> str:
    seconds = round(value.total_seconds())
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


_WRITE: dict[type, Callable[..., str]] = {
    bool: lambda value: "true" if value else "false",
    int: str,
    float: _number,
    d.datetime: _moment,
    d.date: lambda value: value.isoformat(),
    d.time: lambda value: value.replace(microsecond=0).isoformat(),
    d.timedelta: _lasting,
}


def _bound() -> None:
    """Take no more memory and time than a large workbook needs; leave no dump of what was in it."""
    import resource  # not on every system, and needed in this process only

    for what, most in (
        (resource.RLIMIT_AS, _MOST_MEMORY),
        (resource.RLIMIT_CPU, _MOST_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


if __name__ == "__main__":
    _bound()
    code = main(*sys.argv[1:4])
    sys.stdout.flush()
    os._exit(code)
