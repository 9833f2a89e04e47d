# SPDX-License-Identifier: EUPL-1.2
"""Cuts chunks of bytes into lines, in blocks of bounded size. Knows nothing of quotes or columns."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import compress

from rekenschap.adapters.sources.unpacking import Chunk, source_error
from rekenschap.errors import SourceError
from rekenschap.seams.source import BLOCK_BYTES, BLOCK_ROWS, KEPT_OF_A_LINE, MAX_LINE, BrokenRow

BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT = 8_192
_TOGETHER = 256
"""Lines that are taken together: few enough to fill a block well."""
_RARE = 64  # a zero byte in one row of a log is one bad row; one in every 64 bytes is no text


@dataclass(slots=True)
class Lines:
    """Some whole lines without their ends; `numbers[i]` is the line of `texts[i]`, counted from 1."""

    texts: list[bytes] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)
    size: int = 0
    bytes_read: int = 0


def lines_of(chunks: Iterable[Chunk]) -> Iterator[Lines]:
    """Give the lines that are not blank; what was whole is given before a SourceError goes on."""
    cutter = _Cutter()
    try:
        for chunk, read in chunks:
            yield from cutter.cut(chunk, read)
    except SourceError:
        cutter.finish(whole=False)
        yield cutter.lines
        raise
    cutter.finish(whole=True)
    yield cutter.lines


def check_is_text(head: bytes) -> None:
    """Raise SourceError when the first bytes of a file are not text in an ASCII-like encoding."""
    zeros = head.count(b"\0", 0, _LOOKED_AT)
    in_first_line = b"\0" in head[:_LOOKED_AT].partition(b"\n")[0]
    if in_first_line or zeros * _RARE > len(head[:_LOOKED_AT]) or head.startswith(_UTF_16):
        raise source_error(
            "a file of text", "a binary file", "check that it is the export and not the program's own"
        )


class _Cutter:
    """Keeps the unfinished line between two chunks, and only the beginning of one that is too long."""

    def __init__(self) -> None:
        self.lines = Lines()
        self.line = 1
        self.rest = b""
        self.dropping = False
        self.begun = self.returns = False

    def cut(self, chunk: bytes, read: int) -> Iterator[Lines]:
        if not self.begun:
            check_is_text(chunk)
            chunk, self.begun = chunk.removeprefix(BOM), True
        self.lines.bytes_read = read
        self.returns = b"\r" in chunk
        first, *others = chunk.split(b"\n")
        self._grow(first)
        if others:
            self._end()
            yield from self._full(read)
            others = yield from self._many(others, read)
        for text in others:
            self._end()
            self._grow(text)
            yield from self._full(read)

    def _full(self, read: int) -> Iterator[Lines]:
        """Give the block when it is full, and begin another."""
        if self.lines.size >= BLOCK_BYTES or len(self.lines.texts) >= BLOCK_ROWS:
            yield self.lines
            self.lines = Lines(bytes_read=read)

    def _many(self, texts: list[bytes], read: int) -> Generator[Lines, None, list[bytes]]:
        """Take whole lines together as long as none is long; gives the rest: its last has no end yet.

        The rest begins with what the line that is open has so far.
        """
        at, last = 0, len(texts) - 1
        while at < last:
            some = texts[at : min(at + _TOGETHER, last)]
            size = sum(map(len, some))
            lines = self.lines
            if max(map(len, some)) > MAX_LINE:
                break
            if lines.size + size >= BLOCK_BYTES or len(lines.texts) + len(some) >= BLOCK_ROWS:
                if lines.texts:
                    yield lines
                    self.lines = Lines(bytes_read=read)
                    continue
                break
            kept = [text.rstrip(b"\r") for text in some] if self.returns else some
            numbers = range(self.line, self.line + len(some))
            if min(kept)[:1] > b" ":  # none is empty, and none begins with space
                lines.texts += kept
                lines.numbers += numbers
            else:
                filled = [bool(text) and not text.isspace() for text in kept]
                lines.texts += compress(kept, filled)
                lines.numbers += compress(numbers, filled)
            lines.size += size
            self.line += len(some)
            at += len(some)
        self._grow(texts[at])
        return texts[at + 1 :]

    def finish(self, *, whole: bool) -> None:
        if self.rest and not whole and not self.dropping:
            self._broken("line-cut-short")
        self._end()

    def _grow(self, text: bytes) -> None:
        if self.dropping:
            return
        self.rest = self.rest + text if self.rest else text
        if len(self.rest) > MAX_LINE:
            self._broken("line-too-long")
            self.dropping = True

    def _broken(self, reason: str) -> None:
        kept = self.rest[:KEPT_OF_A_LINE]
        self.lines.broken.append(BrokenRow(line=self.line, reason=reason, original=kept))
        self.rest = b""

    def _end(self) -> None:
        text = self.rest.rstrip(b"\r")
        if text.strip():
            self.lines.texts.append(text)
            self.lines.numbers.append(self.line)
            self.lines.size += len(text)
        self.rest, self.dropping = b"", False
        self.line += 1
