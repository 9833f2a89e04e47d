# SPDX-License-Identifier: EUPL-1.2
"""XES (IEEE 1849): a row per event; attributes of its trace carry the prefix `case:`, as pm4py names them.

No entity is resolved, no network touched; a document type declaration is refused.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
from lxml import etree

from rekenschap.adapters.sources.text_lines import BOM
from rekenschap.adapters.sources.unpacking import Chunk, chunks_of, source_error
from rekenschap.errors import SourceError
from rekenschap.seams.source import BLOCK_ROWS, Block, ReaderOptions

TRACE_PREFIX = "case:"
_ROWS = BLOCK_ROWS // 4
_BETWEEN_EVENTS = 64 << 20
_Row = dict[str, str]


class XesFile:
    """Reads XES; attributes inside attributes (lists, containers, meta) are left out."""

    fixed_columns = False

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give the events as rows, numbered from 1; whole events are given before a SourceError goes on."""
        stream = _Stream(chunks_of(path))
        rows: list[_Row] = []
        given = 0
        try:
            for row in _events(stream):
                rows.append(row)
                if len(rows) >= _ROWS:
                    yield _block(rows, given, stream.bytes_read)
                    given, rows = given + len(rows), []
        except SourceError:
            yield _block(rows, given, stream.bytes_read)
            raise
        yield _block(rows, given, stream.bytes_read)


class _Stream(io.RawIOBase):
    """The unpacked chunks as the file lxml wants; remembers a SourceError, which lxml would swallow."""

    def __init__(self, chunks: Iterator[Chunk]) -> None:
        self._chunks = chunks
        self._rest = b""
        self.bytes_read = 0
        self.fed = 0
        self.stopped: SourceError | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._next()
        given, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return given

    def _next(self) -> None:
        begun = self.bytes_read > 0
        try:
            self._rest, self.bytes_read = next(self._chunks, (b"", self.bytes_read))
        except SourceError as error:
            self.stopped = error
        self.fed += len(self._rest)
        if self.fed > _BETWEEN_EVENTS:
            found = f"{_BETWEEN_EVENTS >> 20} MiB without an event"
            self._stop(source_error("an XES file with events", found, "check what the file is"))
        elif not begun and self._rest:
            self._check_head(self._rest)

    def _check_head(self, head: bytes) -> None:
        start = head.removeprefix(BOM).lstrip()
        if not start.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
            self._stop(
                source_error("an XES file", "a file that is not XML", "check which profile reads this file")
            )
        elif b"<!DOCTYPE" in head:
            found = "a document type declaration"
            self._stop(source_error("an XES file without one", found, "export the log again"))

    def _stop(self, error: SourceError) -> None:
        self.stopped, self._rest = error, b""


def _events(stream: _Stream) -> Iterator[_Row]:
    tags = ("{*}log", "{*}trace", "{*}event")
    safe = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    try:
        found = etree.iterparse(stream, events=("start", "end"), tag=tags, remove_comments=True, **safe)
        yield from _rows(found, stream)
    except (etree.XMLSyntaxError, ValueError) as error:
        if stream.stopped:
            raise stream.stopped from None
        line = getattr(error, "lineno", None) or 1
        remedy = "ask the supplier for the file again"
        raise source_error("well-formed XML", f"something else on line {line}", remedy) from None
    if stream.stopped:
        raise stream.stopped


def _rows(found: etree.iterparse[tuple[str, etree._Element]], stream: _Stream) -> Iterator[_Row]:
    """Walk the tree and throw away what was read: it never holds more than one event and what led to it."""
    of_trace: _Row | None = None
    is_log = False
    for moment, element in found:
        name = element.tag.rpartition("}")[2]
        if moment == "start":
            of_trace = None if name == "trace" else of_trace
            is_log = is_log or name == "log"
        elif name == "event" and is_log:
            if of_trace is None:
                of_trace = _of_trace(element)
            yield of_trace | _attributes(element)
            stream.fed = 0
            _forget(element)
        elif name == "trace":
            _forget(element)
    if not is_log:
        raise source_error("an XES file", "XML of another kind", "check which profile reads this file")


def _of_trace(first: etree._Element) -> _Row:
    """Read what stands before the first event of a trace; the standard puts all its attributes there."""
    before = first.itersiblings(preceding=True)
    return {f"{TRACE_PREFIX}{x.get('key')}": x.get("value", "") for x in before if x.get("key")}


def _attributes(element: etree._Element) -> _Row:
    return {key: child.get("value", "") for child in element if (key := child.get("key"))}


def _forget(element: etree._Element) -> None:
    """Free the element and all before it; lxml keeps them otherwise."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def _block(rows: list[_Row], given: int, bytes_read: int) -> Block:
    names: dict[str, None] = {}
    for row in rows:
        names |= dict.fromkeys(row)
    table = pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})
    numbers = pa.array(range(given + 1, given + len(rows) + 1), pa.int64())
    return Block(rows=table, lines=numbers, bytes_read=bytes_read)
