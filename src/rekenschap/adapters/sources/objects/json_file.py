# SPDX-License-Identifier: EUPL-1.2
"""JSON documents with a list of objects in them, as programs give them page by page.

A file holds one document, or one on each line (pages one after another). Setting `rows` says where the list
is (`results`, `Resources`, `data.items`); without it the document is the list, or one object. Objects inside
an object become columns with dots; setting `keep` names, by spaces, keys beside the list that every row gets.
Setting `record: yes` gives each object as JSON too, for a profile that keeps records.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pyarrow as pa

from rekenschap.adapters.sources.objects.rows import Object, Rows, flat
from rekenschap.adapters.sources.text_lines import BOM, check_is_text, lines_of
from rekenschap.adapters.sources.unpacking import chunks_of, source_error
from rekenschap.seams.source import BLOCK_ROWS, KEPT_OF_A_LINE, RECORD, Block, BrokenRow, ReaderOptions

_LARGEST = 64 << 20
_Item = tuple[int, object]


class JsonFile:
    """Reads documents of JSON; an item that is no object breaks alone, and so does a page that is no JSON."""

    fixed_columns = False

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give the objects in order, numbered from 1 over the whole file."""
        whole = _whole(path)
        reading = _Reading(
            options.settings.get("rows", ""),
            tuple(options.settings.get("keep", "").split()),
            whole=options.settings.get(RECORD) == "yes",
        )
        try:
            pages: Iterator[object] = iter([orjson.loads(whole)])
        except orjson.JSONDecodeError:
            pages = _pages(path)
        yield from reading.blocks(pages, len(whole))


def _whole(path: Path) -> bytes:
    """Read the file; raises SourceError when it is larger than one document may be."""
    parts: list[bytes] = []
    size = 0
    for chunk, _ in chunks_of(path):
        if not parts:
            check_is_text(chunk)
        size += len(chunk)
        if size > _LARGEST:
            raise source_error(
                "a JSON document of at most 64 MiB",
                "a larger one",
                "export it in pages, or as JSON lines for the reader jsonl",
            )
        parts.append(chunk)
    return b"".join(parts).removeprefix(BOM)


def _pages(path: Path) -> Iterator[object]:
    """Give the document on each line; a line that is none is given as its bytes."""
    for lines in lines_of(chunks_of(path)):
        for text in lines.texts:
            try:
                yield orjson.loads(text)
            except orjson.JSONDecodeError:
                yield text
        yield from (broken.original for broken in lines.broken)


class _Reading:
    def __init__(self, rows: str, keep: tuple[str, ...], *, whole: bool) -> None:
        self._whole = whole
        self._path = rows.split(".") if rows else []
        self._keep = keep
        self._number = 0

    def blocks(self, pages: Iterator[object], size: int) -> Iterator[Block]:
        rows, numbers, broken = Rows(), list[int](), list[BrokenRow]()
        for item, beside in self._items(pages):
            self._number += 1
            reason = "json-unreadable" if isinstance(item, bytes) else "json-no-object"
            if isinstance(item, dict) and item:
                record = {RECORD: orjson.dumps(item).decode()} if self._whole else {}
                reason = rows.add(beside | flat(item) | record)
            if reason:
                broken.append(BrokenRow(line=self._number, reason=reason, original=_original(item)))
            else:
                numbers.append(self._number)
            if len(rows) + len(broken) >= BLOCK_ROWS:
                yield _block(rows, numbers, broken)
                rows, numbers, broken = Rows(), [], []
        yield Block(
            rows=rows.table(), lines=pa.array(numbers, pa.int64()), broken=tuple(broken), bytes_read=size
        )

    def _items(self, pages: Iterator[object]) -> Iterator[tuple[object, Object]]:
        for page in pages:
            beside = {name: page.get(name) for name in self._keep} if isinstance(page, dict) else {}
            found = self._at(page)
            for item in found if isinstance(found, list) else [found]:
                yield item, beside

    def _at(self, page: object) -> object:
        """Follow the path to the list; a page without it has no items."""
        for name in self._path:
            if not isinstance(page, dict):
                return page  # an item that will not fit
            page = page.get(name, [])
        return page


def _original(item: object) -> bytes:
    try:
        return (item if isinstance(item, bytes) else orjson.dumps(item))[:KEPT_OF_A_LINE]
    except orjson.JSONEncodeError:
        return b"nested too deep"


def _block(rows: Rows, numbers: list[int], broken: list[BrokenRow]) -> Block:
    return Block(rows=rows.table(), lines=pa.array(numbers, pa.int64()), broken=tuple(broken))
