# SPDX-License-Identifier: EUPL-1.2
"""Files of records with fixed places, by a layout or by a COBOL copybook, in EBCDIC or in ASCII.

Settings: `copybook` (its text) or `layout` (`tijd 1-14, gebruiker 15-22`); `framing`: `fixed` (records
without anything between them), `lines` or `rdw` (each record with its length in front); `choose`: which group
of a REDEFINES counts in which records (`LOOK-DATA: REC-TYPE = 01 02, LOGIN-DATA: REC-TYPE = 09`);
`leave_out`: fields not to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.adapters.sources.records.copybook import parse_copybook
from rekenschap.adapters.sources.records.decoding import Bytes, Page, column_of
from rekenschap.adapters.sources.records.layout import Layout, layout_error, parse_places
from rekenschap.adapters.sources.text_lines import lines_of
from rekenschap.adapters.sources.unpacking import chunks_of, source_error
from rekenschap.errors import SourceError
from rekenschap.seams.source import BLOCK_ROWS, KEPT_OF_A_LINE, Block, BrokenRow, ReaderOptions

_FRAMINGS = ("fixed", "lines", "rdw")


class RecordFile:
    """Reads records; one whose number is no number, or of another length, breaks alone."""

    fixed_columns = True

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give the records in order, numbered from 1."""
        next(chunks_of(path))  # says what is wrong with the file before what is wrong with the settings
        reading = _reading(options)
        frames = {"fixed": _fixed, "lines": _lines, "rdw": _rdw}[options.settings.get("framing", "fixed")]
        for frame in frames(path, reading):
            yield reading.block(frame)


@dataclass(slots=True)
class _Frame:
    """Some records as they stand, the number of each, and those that broke."""

    records: Bytes
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]]
    broken: tuple[BrokenRow, ...]
    read: int


@dataclass(frozen=True, slots=True)
class _Reading:
    layout: Layout
    page: Page

    def block(self, frame: _Frame) -> Block:
        columns: dict[str, pa.Array] = {}
        wrong = np.zeros(len(frame.records), dtype=bool)
        for field in self.layout.fields:
            texts, unread = column_of(frame.records, field, self.page)
            if field.choice is not None:
                name, values = field.choice
                chosen = np.asarray(pc.is_in(columns[name], value_set=pa.array(sorted(values))))
                texts = pc.if_else(pa.array(chosen), texts, pa.scalar(None, pa.string()))
                unread &= chosen
            columns[field.name] = texts
            wrong |= unread
        rows = pa.table(columns).filter(pa.array(~wrong))
        broken = [
            BrokenRow(
                line=int(frame.numbers[at]),
                reason="number-unreadable",
                original=frame.records[at].tobytes()[:KEPT_OF_A_LINE],
            )
            for at in np.flatnonzero(wrong)
        ]
        return Block(
            rows=rows,
            lines=pa.array(frame.numbers[~wrong], pa.int64()),
            broken=(*frame.broken, *broken),
            bytes_read=frame.read,
        )


def _reading(options: ReaderOptions) -> _Reading:
    """Read the settings; raises ConfigurationError."""
    settings = options.settings
    if ("copybook" in settings) == ("layout" in settings):
        raise layout_error("either a copybook or a layout for the reader records", "both or neither")
    if settings.get("framing", "fixed") not in _FRAMINGS:
        raise layout_error(f"framing {', '.join(_FRAMINGS)}", "another")
    if "copybook" in settings:
        layout = parse_copybook(settings["copybook"], _choices(settings.get("choose", "")))
    else:
        layout = parse_places(settings["layout"])
    layout = layout.without(frozenset(settings.get("leave_out", "").upper().split()))
    before: set[str] = set()
    for field in layout.fields:
        if field.choice is not None and field.choice[0] not in before:
            raise layout_error(
                "a field that stands before it as record type in choose", f"{field.choice[0]!r}"
            )
        before.add(field.name)
    try:
        page = Page.named("cp037" if options.encoding == "auto" else options.encoding)
    except (LookupError, UnicodeError):
        raise layout_error("a code page of one byte per character, such as cp037", "another") from None
    return _Reading(layout, page)


def _choices(text: str) -> dict[str, tuple[str, frozenset[str]]]:
    choices: dict[str, tuple[str, frozenset[str]]] = {}
    for part in (each.strip() for each in re.split(r"[,\n]", text)):
        if not part:
            continue
        found = re.fullmatch(r"([\w-]+)\s*:\s*([\w()-]+)\s*=\s*(.+)", part)
        if found is None:
            raise layout_error("GROUP: FIELD = value in choose", "something else")
        choices[found[1].upper()] = (found[2].upper(), frozenset(found[3].split()))
    return choices


def _fixed(path: Path, reading: _Reading) -> Iterator[_Frame]:
    length = reading.layout.length
    rest, number, reached = b"", 0, 0
    try:
        for chunk, reached in chunks_of(path):
            rest += chunk
            count = min(len(rest) // length, BLOCK_ROWS)
            while count:
                yield _frame(rest[: count * length], length, number, reached)
                rest, number = rest[count * length :], number + count
                count = min(len(rest) // length, BLOCK_ROWS)
    except SourceError:
        yield _cut_short(rest, length, number, reached)
        raise
    yield _cut_short(rest, length, number, reached)


def _frame(records: bytes, length: int, number: int, read: int) -> _Frame:
    table = np.frombuffer(records, dtype=np.uint8).reshape(-1, length)
    return _Frame(table, np.arange(number + 1, number + 1 + len(table)), (), read)


def _cut_short(rest: bytes, length: int, number: int, read: int) -> _Frame:
    """Give what is left of the last record; a lone end of file mark (0x1A) or line end is none."""
    frame = _frame(b"", length, number, read)
    if rest.strip(b"\x1a\r\n\0"):
        frame.broken = (BrokenRow(line=number + 1, reason="line-cut-short", original=rest[:KEPT_OF_A_LINE]),)
    return frame


def _lines(path: Path, reading: _Reading) -> Iterator[_Frame]:
    length = reading.layout.length
    for lines in lines_of(chunks_of(path)):
        fits = [len(text) <= length for text in lines.texts]
        whole = b"".join(text.ljust(length) for text, fit in zip(lines.texts, fits, strict=True) if fit)
        long = tuple(
            BrokenRow(line=number, reason="record-too-long", original=text[:KEPT_OF_A_LINE])
            for text, number, fit in zip(lines.texts, lines.numbers, fits, strict=True)
            if not fit
        )
        frame = _frame(whole, length, 0, lines.bytes_read)
        frame.numbers = np.array(lines.numbers, dtype=np.int64)[np.array(fits, dtype=bool)]
        frame.broken = (*lines.broken, *long)
        yield frame


def _rdw(path: Path, reading: _Reading) -> Iterator[_Frame]:
    """Follow the lengths from record to record; what a record does not fill counts as spaces.

    Raises SourceError at a length that cannot be, after what came before.
    """
    length, space = reading.layout.length, bytes([reading.page.space])
    rest, number, reached = b"", 0, 0
    for chunk, reached in chunks_of(path):
        rest += chunk
        spans, at = _spans(rest)
        records = [rest[begin:end] for begin, end in spans]
        numbers = range(number + 1, number + 1 + len(records))
        number += len(records)
        fitting = [
            (n, text.ljust(length, space))
            for n, text in zip(numbers, records, strict=True)
            if len(text) <= length
        ]
        frame = _frame(b"".join(text for _, text in fitting), length, 0, reached)
        frame.numbers = np.array([n for n, _ in fitting], dtype=np.int64)
        frame.broken = tuple(
            BrokenRow(line=n, reason="record-too-long", original=text[:KEPT_OF_A_LINE])
            for n, text in zip(numbers, records, strict=True)
            if len(text) > length
        )
        yield frame
        rest = rest[at:]
        if len(rest) >= 4 and int.from_bytes(rest[:2], "big") < 4:
            raise source_error("records with their length in front", "a length below 4", "use framing fixed")
    yield _cut_short(rest, length, number, reached)


def _spans(text: bytes) -> tuple[list[tuple[int, int]], int]:
    """Give where the whole records are, without their lengths, and where the next begins."""
    spans: list[tuple[int, int]] = []
    at = 0
    while at + 4 <= len(text):
        size = int.from_bytes(text[at : at + 2], "big")
        if size < 4 or at + size > len(text):
            break
        spans.append((at + 4, at + size))
        at += size
    return spans, at
