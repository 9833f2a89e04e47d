# SPDX-License-Identifier: EUPL-1.2
"""The bytes of a file in chunks, out of gzip when it is gzip. Never holds more than a chunk."""

from __future__ import annotations

import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from rekenschap.errors import SourceError

CHUNK = 1 << 20
BOMB_BYTES = 256 << 20
BOMB_RATIO = 400  # real logs pack 10 to 60 times; gzip's own ceiling is about 1,030

_GZIP = b"\x1f\x8b"
_PACKED = {
    b"PK\x03\x04": "a zip file",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"(\xb5/\xfd": "a zstd file",
}

Chunk = tuple[bytes, int]
"""Unpacked bytes, and how far in the file (in bytes as stored) they reach."""


def chunks_of(path: Path, *, size: int = CHUNK) -> Iterator[Chunk]:
    """Give the unpacked bytes of `path`, at most `size` at once; raises SourceError before the first or where
    reading stops.
    """
    with _opened(path) as stream:
        head = stream.read(size)
        if not head:
            raise source_error("a file with rows", "an empty file", "ask the supplier for the file again")
        for magic, kind in _PACKED.items():
            if head.startswith(magic):
                raise source_error("a plain or gzip file", kind, "unpack it first")
        stream.seek(0)
        yield from (_gunzipped if head.startswith(_GZIP) else _plain)(stream, size)


def opened_raw(path: Path, count: int) -> bytes:
    """Give the first bytes of `path` as they are stored; raises SourceError as `chunks_of` does."""
    with _opened(path) as stream:
        return stream.read(count)


def source_error(expected: str, found: str, remedy: str) -> SourceError:
    """Put three short phrases together; none of them holds anything out of the file."""
    return SourceError(expected=expected, found=found, remedy=remedy)


def _opened(path: Path) -> BinaryIO:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            found = "a directory" if path.is_dir() else "something that is not a regular file"
            raise source_error("a file", found, "name the files one by one")
        return path.open("rb")
    except FileNotFoundError:
        raise source_error("a file", "nothing of that name", "check the path") from None
    except PermissionError:
        raise source_error(
            "a file we may read", "no permission", "give this account the right to read it"
        ) from None
    except (OSError, ValueError):  # a name too long, a loop of links, a zero byte in the name
        raise source_error("a file", "a path that cannot be opened", "check the path") from None


def _plain(stream: BinaryIO, size: int) -> Iterator[Chunk]:
    read = 0
    while chunk := _read(stream, size):
        read += len(chunk)
        yield chunk, read


def _read(stream: BinaryIO, size: int) -> bytes:
    try:
        return stream.read(size)
    except OSError:
        raise source_error(
            "a disk that can be read", "a read error", "copy the file elsewhere and try again"
        ) from None


def _gunzipped(stream: BinaryIO, size: int) -> Iterator[Chunk]:
    read = given = 0
    ended = False
    unpacker = zlib.decompressobj(wbits=31)
    while packed := _read(stream, size):
        read += len(packed)
        while packed:
            if ended:  # a gzip file may be several, one after the other; zeros may fill it up
                packed = packed.lstrip(b"\0")
                unpacker, ended = zlib.decompressobj(wbits=31), not packed
                continue
            chunk = _inflated(unpacker, packed, size)
            given += len(chunk)
            _check_no_bomb(given, read)
            if chunk:
                yield chunk, read
            ended = unpacker.eof
            packed = unpacker.unused_data if ended else unpacker.unconsumed_tail
    if not ended:
        raise source_error(
            "a whole gzip file", "one that stops half-way", "ask for the file again, or copy it again"
        )


def _inflated(unpacker: zlib._Decompress, packed: bytes, size: int) -> bytes:
    try:
        return unpacker.decompress(packed, size)
    except zlib.error:
        raise source_error("a sound gzip file", "one that is damaged", "ask for the file again") from None


def _check_no_bomb(given: int, read: int) -> None:
    if given > BOMB_BYTES and given > BOMB_RATIO * read:
        found = f"one that unpacks to more than {BOMB_RATIO} times its size"
        raise source_error("a gzip file of a log", found, "unpack it yourself and look what it is")
