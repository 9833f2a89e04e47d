# SPDX-License-Identifier: EUPL-1.2
"""A slice of a file that grows, as something to take in: whole rows, under the names of its first lines, with
the lines they have in the whole file. It is read from memory, so that nothing of it is written anywhere."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.errors import RefusedError
from rekenschap.intake.private.quarantine import BadRow, Quarantine
from rekenschap.intake.profile import Profile
from rekenschap.intake.readers import check_columns, reader_for
from rekenschap.seams.source import (
    KEPT_OF_A_LINE,
    MAX_LINE,
    Block,
    BrokenRow,
    LeaningReader,
    Reader,
    ReaderOptions,
)

_LINES = ("jsonl", "pgaudit-jsonlog", "cef", "leef", "cups-page-log", "postfix-log")
_QUOTED = ("csv", "pgaudit-csvlog", "exchange-tracking")
_NAMED = ("csv", "exchange-tracking")
_MARKED = ("exchange-tracking",)
"""Kinds of which a line is a row; of which a row may hold ends of lines in quotes; that begin with names; of
which the names stand under remarks."""
_MARK, _NAMES = (b"#", b"\xef\xbb\xbf#"), b"#Fields:"
LOOKED_BACK = 4 << 20
"""Bytes before a slice in which lines are looked for that those of the slice lean on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Growing:
    """How a growing file of one profile is read."""

    profile: Profile
    reader: Reader
    options: ReaderOptions
    is_quoted: bool
    names: int
    """lines with names at the beginning"""
    is_marked: bool = False
    """whether remarks, that begin with #, stand before the names or hold them"""

    def head(self, stream: BinaryIO) -> bytes:
        """Give the lines at the beginning of a file without which its rows cannot be read."""
        stream.seek(0)
        lines = [stream.readline() for _ in range(self.names)]
        while self.is_marked and lines[-1].startswith(_MARK) and _NAMES not in lines[-1]:
            lines.append(stream.readline())
        return b"".join(lines)

    def leaned_on(self, before: BinaryIO, *, until: int) -> bytes:
        """Give the lines before a place in a file that later ones lean on, as far as one looks back."""
        if not isinstance(self.reader, LeaningReader):
            return b""
        start = max(0, until - LOOKED_BACK)
        before.seek(start)
        raw = before.read(until - start)
        return self.reader.leaned_on(raw[raw.find(b"\n") + 1 :] if start else raw)

    def whole(self, raw: bytes, *, final: bool) -> int:
        """Give how many of these bytes are whole rows; all of them when nothing more will come."""
        if final:
            return len(raw)
        end = raw.rfind(b"\n") + 1
        if self.is_marked and raw.startswith(_MARK) and _NAMES not in raw[:end]:
            return 0  # its names are still to be written
        if not self.is_quoted or not end:
            return end
        octets = np.frombuffer(raw, dtype=np.uint8)
        ends = np.flatnonzero(octets == ord("\n"))
        quotes = np.flatnonzero(octets == ord(self.options.quote))
        outside = ends[np.searchsorted(quotes, ends) % 2 == 0]
        if len(outside):
            return int(outside[-1]) + 1
        return end if len(raw) > MAX_LINE else 0  # a quote that is never closed: the reader sets it aside


def growing(profile: Profile, path: Path, readers: Mapping[str, Reader]) -> Growing:
    """Say how a growing file is read; raises RefusedError when only a whole file of its kind can be."""
    reader, options = reader_for(profile, path, readers)
    kind = next(kind for kind in profile.readers if readers[kind] is reader)
    if kind not in (*_LINES, *_QUOTED) or any(rule.one_per for rule in profile.facts):
        raise RefusedError(
            expected=f"a profile that takes each row by itself, of {', '.join((*_QUOTED, *_LINES))}",
            found=f"{profile.id}, which needs a whole file",
            remedy="take its files in with `intake`, each when it is complete",
            rule="whole-file",
        )
    return Growing(
        profile=profile,
        reader=reader,
        options=options,
        is_quoted=kind in _QUOTED,
        names=options.header_row if kind in _NAMED else 0,
        is_marked=kind in _MARKED,
    )


def without_zeros(raw: bytes, *, first: int) -> tuple[bytes, tuple[BrokenRow, ...]]:
    """Take out the lines with zero bytes, as a power cut leaves them in a log; the others keep their numbers.

    With some of those in it a reader takes the whole for a binary file.
    """
    if b"\0" not in raw:
        return raw, ()
    lines = raw.split(b"\n")
    broken = tuple(
        BrokenRow(line=first + at, reason="text-unreadable", original=line[:KEPT_OF_A_LINE])
        for at, line in enumerate(lines)
        if b"\0" in line
    )
    return b"\n".join(b"" if b"\0" in line else line for line in lines), broken


class OfferedSlice:
    """Whole rows of a file that grows; `names` are the lines before `raw` without which it cannot be read."""

    counts_anew = True

    def __init__(self, how: Growing, raw: bytes, *, names: bytes, before: int, generation: bytes) -> None:
        self._how, self._names = how, names
        self._raw, self._zeros = (raw, ()) if how.is_quoted else without_zeros(raw, first=before + 1)
        self._is_first = not before
        self._shift = before - names.count(b"\n")
        self._digest = hashlib.sha256(b"rekenschap/followed\0" + generation).digest()

    def blocks(self) -> Iterator[Block]:
        """Give its rows; the first of the file decide whether it is a file of this profile."""
        checked = not self._is_first
        with _in_memory(self._names + self._raw) as path:
            for block in self._how.reader.blocks(path, self._how.options):
                if not checked and block.rows.num_rows:
                    check_columns(self._how.profile, self._how.reader, block)
                    checked = True
                yield self._shifted(block)
        if self._zeros:
            lines = pa.array([], pa.int64())
            yield Block(rows=pa.table({}), lines=lines, broken=self._zeros)

    def homes(self, bad: Sequence[BadRow]) -> Mapping[bytes, Sequence[BadRow]]:
        """Give all of them under what stands for the file, which has no SHA-256 while it grows."""
        return {self._digest: bad}

    def origin_of(self, digest: bytes) -> str:
        """Give nobody."""
        return ""

    def passed_over(self, lines: pa.Array) -> None:
        """Do nothing: the file is still there."""

    def settle(self, quarantine: Quarantine, bad: Set[int]) -> None:
        """Do nothing: these rows come for the first time."""

    def _shifted(self, block: Block) -> Block:
        if not self._shift:
            return block
        broken = tuple(replace(row, line=row.line + self._shift) for row in block.broken)
        lines = pc.add(block.lines.cast(pa.int64()), pa.scalar(self._shift, pa.int64()))
        return replace(block, lines=lines, broken=broken)


class _in_memory:  # noqa: N801 - reads as what it does
    """Bytes under a path that exists while they are read."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def __enter__(self) -> Path:
        self._file = os.fdopen(os.memfd_create("slice"), "w+b")
        self._file.write(self._raw)
        self._file.flush()
        return Path(f"/proc/self/fd/{self._file.fileno()}")

    def __exit__(self, *_: object) -> None:
        self._file.close()
