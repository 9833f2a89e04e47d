# SPDX-License-Identifier: EUPL-1.2
"""CSV with a row of names: any delimiter, quote and encoding (RFC 4180 and its relatives).

A block is read by pyarrow; when its count of rows does not come out, the same block is read row by row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from rekenschap.adapters.sources.csv_blocks import RecordBlock, record_blocks
from rekenschap.adapters.sources.encodings import encoding_of, in_utf_8
from rekenschap.adapters.sources.unpacking import Chunk, chunks_of, source_error
from rekenschap.seams.source import KEPT_OF_A_LINE, MAX_COLUMNS, MAX_LINE, Block, BrokenRow, ReaderOptions

_Line = tuple[int, str]
_AT_ONCE = 4 << 20
"""Bytes: in a larger block more rows have the same text, and each text is asked once a block."""

_FEW = 100
"""Lines an open quote may swallow before they are all set aside instead of read again one by one."""


class _Found(NamedTuple):
    rows: list[list[str]]
    lines: list[int]
    broken: list[BrokenRow]


class CsvFile:
    """Reads CSV; a row with more or fewer columns than the head breaks alone."""

    fixed_columns = True

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give the rows as text columns named by the head."""
        chunks = chunks_of(path, size=_AT_ONCE)
        first, read = next(chunks)
        encoding = encoding_of(first, options.encoding)
        stream = in_utf_8(chain([(first, read)], chunks), encoding)
        encoding = "utf-8" if encoding.startswith(("utf-16", "utf-32")) else encoding
        names, rest = _head(stream, options, encoding)
        records = record_blocks(rest, quote=options.quote, first_line=options.header_row + 1)
        yield from rows_under(names, records, options, encoding=encoding)


def rows_under(
    names: list[str], records: Iterable[RecordBlock], options: ReaderOptions, *, encoding: str
) -> Iterator[Block]:
    """Give the rows of records without a row of names, under names that are known otherwise."""
    parser = _Parser(names, options, encoding)
    for each in records:
        yield parser.block(each)


def _head(
    stream: Iterator[Chunk], options: ReaderOptions, encoding: str
) -> tuple[list[str], Iterable[Chunk]]:
    """Read up to the row of names; gives the names and what follows."""
    seen = b""
    read = 0
    for chunk, reached in stream:
        seen, read = seen + chunk, reached
        if seen.count(b"\n") >= options.header_row or len(seen) > options.header_row * MAX_LINE:
            break
    lines = seen.removeprefix(b"\xef\xbb\xbf").split(b"\n", options.header_row)
    head = lines[options.header_row - 1] if len(lines) >= options.header_row else b""
    rest = lines[options.header_row] if len(lines) > options.header_row else b""
    if len(head) > MAX_LINE:
        raise source_error("a row of names", "a first line of over 1 MiB", "check what the file is")
    return _names(head, options, encoding), chain([(rest, read)], stream)


def _names(head: bytes, options: ReaderOptions, encoding: str) -> list[str]:
    try:
        text = head.decode(encoding).rstrip("\r")
        names = next(csv.reader([text], delimiter=options.delimiter, quotechar=options.quote), [])
    except (UnicodeError, csv.Error):
        raise source_error(
            "a row of names", "bytes that are no text", "check which profile reads this file"
        ) from None
    if not any(name.strip() for name in names):
        raise source_error(
            "a row of names", "an empty one", "say in the profile on which row the names stand"
        )
    if len(names) > MAX_COLUMNS:
        raise source_error(f"at most {MAX_COLUMNS} columns", f"{len(names)}", "check what the file is")
    return _distinct([name.strip() for name in names])


def _distinct(names: list[str]) -> list[str]:
    """Give a second column of the same name a number, so that the first keeps its name."""
    seen: set[str] = set()
    for at, name in enumerate(names):
        number = 2
        while name in seen:
            name, number = f"{names[at]} ({number})", number + 1
        seen.add(name)
        names[at] = name
    return names


class _Parser:
    def __init__(self, names: list[str], options: ReaderOptions, encoding: str) -> None:
        self._names = names
        self._options = options
        self._encoding = encoding
        self._convert = pa_csv.ConvertOptions(
            column_types={name: pa.string() for name in names}, strings_can_be_null=False
        )

    def block(self, records: RecordBlock) -> Block:
        """Read one block, fast when it is regular, row by row when it is not."""
        return (self._fast(records) if records.regular else None) or self._slow(records)

    def _fast(self, records: RecordBlock) -> Block | None:
        skipped: list[BrokenRow] = []
        try:
            rows = self._read(records, skipped)
        except (pa.ArrowInvalid, UnicodeError):
            return None
        if rows.num_rows + len(skipped) != len(records.lines):
            return None
        whole = np.ones(len(records.lines), dtype=bool)
        whole[[row.line - 1 for row in skipped]] = False
        broken = [
            BrokenRow(line=int(records.lines[row.line - 1]), reason=row.reason, original=row.original)
            for row in skipped
        ]
        lines = pa.array(records.lines[whole], pa.int64())
        return Block(rows=rows, lines=lines, broken=(*records.broken, *broken), bytes_read=records.bytes_read)

    def _read(self, records: RecordBlock, skipped: list[BrokenRow]) -> pa.Table:
        text = records.text
        if not records.lines.size:
            return pa.table({name: pa.array([], pa.string()) for name in self._names})
        decoded = text.decode(self._encoding)  # pyarrow cannot tell of a bad row that is no UTF-8
        text = text if self._encoding == "utf-8" else decoded.encode("utf-8")

        def skip(row: pa_csv.InvalidRow) -> str:
            if "\n" in (row.text or ""):  # an open quote swallowed lines: the slow way finds which
                return "error"
            original = (row.text or "").encode()[:KEPT_OF_A_LINE]
            skipped.append(
                BrokenRow(line=row.number or 1, reason="wrong-number-of-columns", original=original)
            )
            return "skip"

        return pa_csv.read_csv(
            io.BytesIO(text),
            pa_csv.ReadOptions(column_names=self._names, use_threads=False, block_size=len(text) + 1),
            pa_csv.ParseOptions(
                delimiter=self._options.delimiter,
                quote_char=self._options.quote,
                newlines_in_values=True,
                invalid_row_handler=skip,
            ),
            self._convert,
        )

    def _slow(self, records: RecordBlock) -> Block:
        texts, broken = self._decoded(records)
        rows: list[list[str]] = []
        lines: list[int] = []
        at = 0
        while at < len(texts):
            at = self._until_a_restart(texts, at, _Found(rows, lines, broken))
        columns = zip(*rows, strict=True) if rows else ([] for _ in self._names)
        table = pa.table(
            {n: pa.array(list(c), pa.string()) for n, c in zip(self._names, columns, strict=True)}
        )
        return Block(
            rows=table, lines=pa.array(lines, pa.int64()), broken=tuple(broken), bytes_read=records.bytes_read
        )

    def _until_a_restart(self, texts: list[_Line], at: int, found: _Found) -> int:
        """Read rows from line `at`; gives the line to begin again at, after an open quote swallowed some."""
        later = (f"{text}\n" for _, text in texts[at:])
        reader = csv.reader(later, delimiter=self._options.delimiter, quotechar=self._options.quote)
        begin = at
        while at < len(texts):
            row = _next_row(reader)
            taken = texts[at : begin + reader.line_num]
            if len(row) == len(self._names) and not (at + len(taken) == len(texts) and self._is_open(taken)):
                found.rows.append(row)
                found.lines.append(taken[0][0])
            elif 1 < len(taken) <= _FEW:
                found.broken.append(_broken(taken[0], "quote-not-closed"))
                return at + 1
            elif len(taken) > 1 or self._is_open(taken):
                found.broken.extend(_broken(line, "quote-not-closed") for line in taken)
            elif taken[0][1]:
                found.broken.append(_broken(taken[0], "wrong-number-of-columns"))
            at += len(taken)
        return at

    def _is_open(self, lines: list[_Line]) -> bool:
        """Tell whether a quote is open at the end of these lines."""
        texts = (f"{text}\n" for _, text in lines)
        reader = csv.reader(
            texts, delimiter=self._options.delimiter, quotechar=self._options.quote, strict=True
        )
        try:
            next(reader, [])
        except csv.Error as error:
            return "unexpected end" in str(error)
        return False

    def _decoded(self, records: RecordBlock) -> tuple[list[_Line], list[BrokenRow]]:
        texts: list[_Line] = []
        broken = list(records.broken)
        for number, text in enumerate(records.text.split(b"\n"), start=records.first_line):
            try:
                texts.append((number, text.decode(self._encoding).removesuffix("\r")))
            except UnicodeError:
                broken.append(
                    BrokenRow(line=number, reason="text-unreadable", original=text[:KEPT_OF_A_LINE])
                )
        return texts, broken


def _next_row(reader: Iterator[list[str]]) -> list[str]:
    try:
        return next(reader, [])
    except csv.Error:  # a field over 128 KiB
        return []


def _broken(line: _Line, reason: str) -> BrokenRow:
    return BrokenRow(line=line[0], reason=reason, original=line[1].encode()[:KEPT_OF_A_LINE])
