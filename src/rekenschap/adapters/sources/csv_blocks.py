# SPDX-License-Identifier: EUPL-1.2
"""Cuts CSV into blocks that end where a record ends, by counting quotes. Knows no columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rekenschap.adapters.sources.unpacking import Chunk
from rekenschap.errors import SourceError
from rekenschap.seams.source import KEPT_OF_A_LINE, MAX_LINE, BrokenRow

_NEWLINE = 10
_Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBlock:
    """Whole records as bytes; `lines` is where each begins, and `first_line` where the bytes begin.

    `regular` is false where a file ends with a quote open: which line opened it is not known.
    """

    text: bytes
    lines: _Numbers
    first_line: int
    broken: tuple[BrokenRow, ...] = ()
    bytes_read: int = 0
    regular: bool = True


def record_blocks(chunks: Iterable[Chunk], *, quote: str, first_line: int) -> Iterator[RecordBlock]:
    """Give the records; what was whole is given before a SourceError goes on."""
    cutter = _Cutter(quote.encode()[0], first_line)
    try:
        for chunk, read in chunks:
            yield from cutter.cut(chunk, read)
    except SourceError:
        yield cutter.finish(whole=False)
        raise
    yield cutter.finish(whole=True)


class _Cutter:
    """Keeps what follows the last whole record, and nothing of a line that is too long but its beginning."""

    def __init__(self, quote: int, line: int) -> None:
        self.quote = quote
        self.line = line
        self.rest = b""
        self.dropping = False
        self.read = 0

    def cut(self, chunk: bytes, read: int) -> Iterator[RecordBlock]:
        self.read = read
        if self.dropping:
            _, newline, chunk = chunk.partition(b"\n")
            if not newline:
                return
            self.dropping, self.line = False, self.line + 1
        self.rest += chunk
        ends = self._ends()
        if ends.size:
            yield self._taken(int(ends[-1]) + 1, ends)
        while len(self.rest) > MAX_LINE and not self.dropping:
            yield self._without_first_line()

    def finish(self, *, whole: bool) -> RecordBlock:
        rest, self.rest = self.rest, b""
        if rest.strip() and not whole:
            broken = BrokenRow(line=self.line, reason="line-cut-short", original=rest[:KEPT_OF_A_LINE])
            return self._block(b"", np.empty(0, np.int64), (broken,))
        self.rest = rest if not rest or rest.endswith(b"\n") else rest + b"\n"
        ends = self._ends()
        if not self.rest or (ends.size and ends[-1] + 1 == len(self.rest)):
            return self._taken(len(self.rest), ends)
        block = self._taken(len(self.rest), np.append(ends, len(self.rest) - 1))
        return replace(block, regular=False)

    def _ends(self) -> _Numbers:
        """Give where records end: at a line end with an even number of quotes before it."""
        letters = np.frombuffer(self.rest, dtype=np.uint8)
        newlines = np.flatnonzero(letters == _NEWLINE)
        if self.quote not in self.rest:
            return newlines
        quotes = np.flatnonzero(letters == self.quote)
        return np.asarray(newlines[np.searchsorted(quotes, newlines) % 2 == 0])

    def _taken(self, length: int, ends: _Numbers) -> RecordBlock:
        text, self.rest = self.rest[:length], self.rest[length:]
        letters = np.frombuffer(text, dtype=np.uint8)
        newlines = np.flatnonzero(letters == _NEWLINE) if self.quote in text else ends
        starts = np.concatenate(([0], ends[:-1] + 1)).astype(np.int64)[: ends.size]
        blank = _is_blank(letters, starts, ends)
        lines = self.line + np.searchsorted(newlines, starts[~blank])
        block = self._block(text, lines.astype(np.int64), ())
        self.line += newlines.size
        return block

    def _without_first_line(self) -> RecordBlock:
        """Set the first line aside: it is too long, or opens a quote that nothing closes."""
        head, newline, rest = self.rest.partition(b"\n")
        reason = "quote-not-closed" if newline and len(head) <= MAX_LINE else "line-too-long"
        broken = BrokenRow(line=self.line, reason=reason, original=head[:KEPT_OF_A_LINE])
        self.rest, self.dropping = rest, not newline
        self.line += bool(newline)
        ends = self._ends()
        block = self._taken(int(ends[-1]) + 1 if ends.size else 0, ends)
        return replace(block, broken=(broken,))

    def _block(self, text: bytes, lines: _Numbers, broken: tuple[BrokenRow, ...]) -> RecordBlock:
        return RecordBlock(text=text, lines=lines, first_line=self.line, broken=broken, bytes_read=self.read)


def _is_blank(letters: npt.NDArray[np.uint8], starts: _Numbers, ends: _Numbers) -> npt.NDArray[np.bool_]:
    """Tell which records are empty lines, with or without a carriage return."""
    lengths = ends - starts
    only_return = (
        (lengths == 1) & (letters[np.minimum(starts, letters.size - 1)] == 13) if letters.size else False
    )
    return np.asarray((lengths == 0) | only_return)
