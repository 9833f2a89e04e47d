# SPDX-License-Identifier: EUPL-1.2
"""What kind of file this is and how it is written: a guess from its first megabyte, for a person to check."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import orjson

from rekenschap.adapters.sources.encodings import encoding_of
from rekenschap.adapters.sources.unpacking import chunks_of, opened_raw, source_error
from rekenschap.seams.source import ReaderOptions

_LOOKED_AT = 1 << 16
_ROWS = 60
_DELIMITERS = (";", ",", "\t", "|")
_MAGIC = {
    b"PAR1": "parquet",
    b"PK\x03\x04": "excel",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "excel",
    b"ElfFile\0": "evtx",
}
_LISTS = ("results", "Resources", "value", "items", "data", "records", "entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A kind of file by the name a profile gives its reader, with the options that go with it."""

    kind: str
    options: ReaderOptions


def recognise(path: Path) -> Recognised:
    """Guess the reader of a file and its options; raises SourceError when it cannot be read at all."""
    head = opened_raw(path, 8)
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return Recognised(kind=kind, options=ReaderOptions())
    first, _ = next(chunks_of(path))
    codec = encoding_of(first, "auto")
    text = first[:_LOOKED_AT].decode(codec, errors="replace").removeprefix("\ufeff")
    named = "auto" if first[:_LOOKED_AT].isascii() or codec.startswith("utf-16") else codec
    return _of_text(text, named, whole=len(first) <= _LOOKED_AT)


def _of_text(text: str, encoding: str, *, whole: bool) -> Recognised:
    begin = text.lstrip()[:4_000]
    first_line = begin.partition("\n")[0]
    if begin.startswith(("{", "[")):
        return _of_json(text, first_line)
    if begin.startswith("<"):
        kind = "windows-xml" if "<Event" in begin and "<log" not in begin else "xes"
        return Recognised(kind=kind, options=ReaderOptions())
    for mark, kind in (("CEF:", "cef"), ("LEEF:", "leef")):
        if mark in first_line and "|" in first_line:
            return Recognised(kind=kind, options=ReaderOptions())
    if begin.startswith(("dn:", "version: 1")):
        return Recognised(kind="ldif", options=ReaderOptions())
    return _of_table(text if whole else text.rpartition("\n")[0], encoding)


def _of_json(text: str, first_line: str) -> Recognised:
    try:
        row = orjson.loads(first_line)
    except orjson.JSONDecodeError:
        row = None
    if isinstance(row, dict) and not any(isinstance(row.get(name), list) for name in _LISTS):
        nested = any(isinstance(value, dict) for value in row.values())
        return Recognised(kind="jsonl", options=ReaderOptions(settings={"flatten": "yes"} if nested else {}))
    rows = "" if text.lstrip().startswith("[") else next((x for x in _LISTS if f'"{x}"' in text), "")
    return Recognised(kind="json", options=ReaderOptions(settings={"rows": rows} if rows else {}))


def _of_table(text: str, encoding: str) -> Recognised:
    """Choose the delimiter that gives most rows the same number of columns, and find the row of names."""
    lines = text.splitlines()[:_ROWS]
    best = max(_DELIMITERS, key=lambda each: _regular(lines, each))
    if not _regular(lines, best)[0] and len(lines) < 2:
        raise source_error(
            "a file with a row of names and rows",
            "something else",
            "name the reader and its options yourself (--reader, --delimiter)",
        )
    widths = _widths(lines, best)
    width = Counter(w for w in widths if w).most_common(1)[0][0] if any(widths) else 1
    row = next((at for at, each in enumerate(widths) if each == width), 0) + 1
    return Recognised(kind="csv", options=ReaderOptions(delimiter=best, encoding=encoding, header_row=row))


def _regular(lines: list[str], delimiter: str) -> tuple[float, int]:
    """Give the share of rows with the same number of columns, when that is more than one, and that number."""
    counts = Counter(width for width in _widths(lines, delimiter) if width)
    if not counts:
        return 0.0, 0
    width, rows = counts.most_common(1)[0]
    return (rows / counts.total(), width) if width > 1 else (0.0, width)


def _widths(lines: list[str], delimiter: str) -> list[int]:
    try:
        return [len(row) for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error:
        return [len(line.split(delimiter)) for line in lines]
