# SPDX-License-Identifier: EUPL-1.2
"""Event logs of Windows: exported as XML (`wevtutil`, the event viewer), and the binary .evtx itself.

The binary file is read by the wheel `evtx` (extra `sources`) into XML, so both end in the same rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

import pyarrow as pa

from rekenschap.adapters.sources.encodings import encoding_of, in_utf_8
from rekenschap.adapters.sources.objects.rows import Rows
from rekenschap.adapters.sources.security.windows_event import read_event
from rekenschap.adapters.sources.text_lines import BOM
from rekenschap.adapters.sources.unpacking import Chunk, chunks_of, opened_raw, source_error
from rekenschap.errors import ConfigurationError
from rekenschap.seams.source import KEPT_OF_A_LINE, MAX_LINE, Block, BrokenRow, ReaderOptions

_BEGIN = re.compile(rb"<Event[\s>]")
_END = b"</Event>"
_MAGIC = b"ElfFile\0"
_ROWS = 1 << 14


class WindowsXml:
    """Reads events one by one, with or without `<Events>` around them; a broken one breaks alone."""

    fixed_columns = False

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give the events, numbered from 1."""
        events = _Events()
        for text, read in _cut(_in_utf_8(path)):
            events.add(text, read)
            if events.is_full:
                yield events.block()
        yield events.block()


class WindowsEvtx:
    """Reads the binary log; a record that is damaged breaks alone."""

    fixed_columns = False

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give the events, numbered from 1."""
        if opened_raw(path, 8) != _MAGIC:
            next(chunks_of(path))
            raise source_error(
                "an .evtx file", "a file of another kind", "check which profile reads this file"
            )
        events, size = _Events(), path.stat().st_size
        for text in _records(path):
            events.add(text, size)
            if events.is_full:
                yield events.block()
        yield events.block()


class _Events:
    """Events on their way to a block."""

    def __init__(self) -> None:
        self._rows = Rows()
        self._numbers: list[int] = []
        self._broken: list[BrokenRow] = []
        self._number = 0
        self._read = 0

    @property
    def is_full(self) -> bool:
        return len(self._rows) + len(self._broken) >= _ROWS

    def add(self, text: bytes, read: int) -> None:
        self._number, self._read = self._number + 1, read
        row = read_event(text) if 0 < len(text) <= MAX_LINE else None
        reason = "event-unreadable" if row is None else self._rows.add(row)
        if reason:
            original = text[:KEPT_OF_A_LINE]
            self._broken.append(BrokenRow(line=self._number, reason=reason, original=original))
        else:
            self._numbers.append(self._number)

    def block(self) -> Block:
        block = Block(
            rows=self._rows.table(),
            lines=pa.array(self._numbers, pa.int64()),
            broken=tuple(self._broken),
            bytes_read=self._read,
        )
        self._rows, self._numbers, self._broken = Rows(), [], []
        return block


def _in_utf_8(path: Path) -> Iterator[Chunk]:
    chunks = chunks_of(path)
    first, read = next(chunks)
    return in_utf_8(chain([(first, read)], chunks), encoding_of(first, "auto"))


def _cut(chunks: Iterator[Chunk]) -> Iterator[tuple[bytes, int]]:
    """Give each event with its tags; of one without end only as much as a line may hold."""
    rest = b""
    for chunk, read in chunks:
        rest += chunk.removeprefix(BOM)
        while (begin := _BEGIN.search(rest)) is not None:
            end = rest.find(_END, begin.start())
            another = _BEGIN.search(rest, begin.end(), end if end >= 0 else len(rest))
            if another is not None:  # the end of the first is missing
                yield rest[begin.start() : another.start()], read
                rest = rest[another.start() :]
                continue
            if end < 0:
                break
            yield rest[begin.start() : end + len(_END)], read
            rest = rest[end + len(_END) :]
        if begin is None:
            rest = rest[-len(_END) :]
        elif len(rest) > 2 * MAX_LINE:
            yield rest[begin.start() : begin.start() + KEPT_OF_A_LINE], read
            rest = rest[-len(_END) :]
    if (begin := _BEGIN.search(rest)) is not None:
        yield rest[begin.start() :], read


def _records(path: Path) -> Iterator[bytes]:
    """Give the XML of each record, and nothing for one that is damaged; raises SourceError for the whole."""
    if find_spec("evtx") is None:
        raise ConfigurationError(
            expected="rekenschap with the extra sources",
            found="no reader of .evtx",
            remedy="install rekenschap[sources], or export the log as XML",
        )
    from evtx import PyEvtxParser

    damaged = source_error("a sound .evtx file", "one that is damaged", "export the log as XML")
    try:
        records = PyEvtxParser(str(path), number_of_threads=1).records()
    except (RuntimeError, OSError, ValueError):
        raise damaged from None
    while True:
        try:
            record = next(records)
            yield b"" if record is None else str(record["data"]).encode()
        except StopIteration:
            return
        except (RuntimeError, OSError, ValueError):
            yield b""
        except BaseException as error:  # a fault inside the wheel arrives as its own PanicException
            if type(error).__name__ != "PanicException":
                raise
            raise damaged from None
