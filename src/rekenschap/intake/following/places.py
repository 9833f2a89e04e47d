# SPDX-License-Identifier: EUPL-1.2
"""Where a followed file is now: in its place, renamed beside it, copied beside it, or packed by gzip."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from rekenschap.intake.following.cursors import DONE, Cursor

_GZIP = b"\x1f\x8b"
_HEAD, _TAIL = 4_096, 256
UNREADABLE = (OSError, EOFError, zlib.error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A file that holds what a cursor is about."""

    path: Path
    is_here: bool
    is_packed: bool


def find(cursor: Cursor, path: Path) -> Place | None:
    """Find the file of a cursor; None when it is nowhere."""
    candidates = sorted(_there(path), key=lambda each: not _is_same(cursor, each))
    for each in candidates:
        try:
            if cursor.unread == DONE:
                if _is_same(cursor, each):
                    return Place(path=each, is_here=False, is_packed=True)
                continue
            with opened(each) as stream:
                if holds(stream, cursor):
                    return Place(path=each, is_here=each == path, is_packed=is_packed(each))
        except UNREADABLE:
            continue
    return None


def rotated(path: Path) -> list[Path]:
    """Give the files beside a path that a rotation of it could have left."""
    name, stem, ending = map(re.escape, (path.name, path.stem, path.suffix))
    of_it = re.compile(rf"(?:{name}[.-]\d[\d-]*|{stem}-\d[\d-]*{ending})(?:\.gz)?")
    try:
        return sorted(each for each in path.parent.iterdir() if of_it.fullmatch(each.name) and each.is_file())
    except OSError:
        return []


def holds(stream: BinaryIO, cursor: Cursor) -> bool:
    """Say whether a file begins as the one of the cursor, and stands as it did just before its place.

    A file of which nothing was taken in yet is known by its number on the disk alone.
    """
    if not cursor.taken:
        status = os.fstat(stream.fileno())
        return (status.st_dev, status.st_ino) == (cursor.device, cursor.inode)
    before = cursor.taken - cursor.tail_length
    return (
        _digest(stream, 0, cursor.head_length) == cursor.head
        and _digest(stream, before, cursor.tail_length) == cursor.tail
    )


def advanced(cursor: Cursor, stream: BinaryIO, *, taken: int, lines: int, at: int) -> Cursor:
    """Give the cursor after more was taken in, with the marks by which the file is found again."""
    head_length, tail_length = min(_HEAD, taken), min(_TAIL, taken)
    return replace(
        cursor,
        taken=taken,
        lines=lines,
        head=_digest(stream, 0, head_length),
        head_length=head_length,
        tail=_digest(stream, taken - tail_length, tail_length),
        tail_length=tail_length,
        seen=at,
    )


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file, out of gzip when it is gzip."""
    if is_packed(path):
        with gzip.open(path) as stream:
            yield cast(BinaryIO, stream)
    else:
        with path.open("rb") as plain:
            yield plain


def is_packed(path: Path) -> bool:
    """Say whether a file is gzip."""
    with path.open("rb") as stream:
        return stream.read(2) == _GZIP


def _there(path: Path) -> list[Path]:
    return [*([path] if path.is_file() else []), *rotated(path)]


def _is_same(cursor: Cursor, path: Path) -> bool:
    try:
        status = path.stat()
    except OSError:
        return False
    return (status.st_dev, status.st_ino) == (cursor.device, cursor.inode)


def _digest(stream: BinaryIO, start: int, length: int) -> bytes:
    stream.seek(start)
    return hashlib.sha256(stream.read(length)).digest()
