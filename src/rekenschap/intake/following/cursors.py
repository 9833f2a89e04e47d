# SPDX-License-Identifier: EUPL-1.2
"""How far each followed file has been taken in, kept in the house. A file is known by what it begins with and
by what stands just before the place where we are, so that it is found again under another name or in gzip.

A name may hold a personal value, so a path is kept as its keyed hash."""

from __future__ import annotations

import hmac
import os
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

from rekenschap.intake.private.files import open_private, told, whole

FILE = "following.sqlite"
DONE = -1
"""In place of what is unread: nothing more will come, and the file need not be opened again."""

_ROWS = """CREATE TABLE IF NOT EXISTS followed
    (generation BLOB PRIMARY KEY, begun INTEGER NOT NULL, path TEXT NOT NULL, profile TEXT NOT NULL,
     device INTEGER NOT NULL, inode INTEGER NOT NULL, taken INTEGER NOT NULL, lines INTEGER NOT NULL,
     head BLOB NOT NULL, head_length INTEGER NOT NULL, tail BLOB NOT NULL, tail_length INTEGER NOT NULL,
     retired INTEGER NOT NULL, unread INTEGER NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID"""

_LABEL = b"rekenschap/following/v1"
_IN_CLEAR = "SELECT DISTINCT path FROM followed WHERE path LIKE '/%'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """One file, under whatever name: `taken` bytes and `lines` ends of lines of it are in.

    `path` stands for the path that is followed and does not tell it.
    `generation` stands for the file where its SHA-256 cannot, because it grows. `retired` says that it was
    found under another name; `unread` how many bytes were left when last seen, at `seen` (µs UTC), or DONE.
    """

    generation: bytes
    begun: int
    path: str
    profile: str
    device: int
    inode: int
    taken: int = 0
    lines: int = 0
    head: bytes = b""
    head_length: int = 0
    tail: bytes = b""
    tail_length: int = 0
    retired: int = 0
    unread: int = 0
    seen: int = 0


_NAMES = tuple(field.name for field in fields(Cursor))
_PUT = f"INSERT OR REPLACE INTO followed ({', '.join(_NAMES)}) VALUES ({', '.join('?' * len(_NAMES))})"  # noqa: S608
_OF = f"SELECT {', '.join(_NAMES)} FROM followed WHERE path = ? AND profile = ? ORDER BY begun, generation"  # noqa: S608


class Cursors:
    """The file with cursors in `folder`; paths are hashed under a key that is derived from `sealing_key`."""

    def __init__(self, folder: Path, *, sealing_key: bytes) -> None:
        self._key = hmac.digest(sealing_key, _LABEL, "sha256")
        self._rows = open_private(folder / FILE, _ROWS)
        self._hash_old()

    def begin(self, path: Path, profile: str, status: os.stat_result, *, at: int) -> Cursor:
        """Begin with a file of which nothing has been taken in; on return that is on disk."""
        cursor = Cursor(
            generation=os.urandom(32),
            begun=at,
            path=self._hashed(str(path)),
            profile=profile,
            device=status.st_dev,
            inode=status.st_ino,
            unread=status.st_size,
            seen=at,
        )
        self.put(cursor)
        return cursor

    def of(self, path: Path, profile: str) -> list[Cursor]:
        """Give the cursors of a path, those begun first in front."""
        with told(self._rows) as connection:
            found = connection.execute(_OF, (self._hashed(str(path)), profile)).fetchall()
        return [Cursor(**dict(zip(_NAMES, row, strict=True))) for row in found]

    def put(self, cursor: Cursor) -> None:
        """Keep a cursor; on return it is on disk."""
        with whole(self._rows) as connection:
            connection.execute(_PUT, tuple(_values(cursor)))

    def drop(self, cursor: Cursor) -> None:
        """Forget a file that is done with."""
        with whole(self._rows) as connection:
            connection.execute("DELETE FROM followed WHERE generation = ?", (cursor.generation,))

    def touch(self, path: Path, profile: str, *, at: int) -> None:
        """Note that a path was looked at."""
        for cursor in self.of(path, profile):
            self.put(replace(cursor, seen=at))

    def close(self) -> None:
        """Let go of the file."""
        self._rows.close()

    def _hashed(self, path: str) -> str:
        digest = hmac.digest(self._key, os.fsencode(path), "sha256")
        return urlsafe_b64encode(digest).decode()

    def _hash_old(self) -> None:
        """Hash the paths that an earlier version kept in clear; SQLite overwrites what they leave."""
        with whole(self._rows) as connection:
            for (path,) in connection.execute(_IN_CLEAR).fetchall():
                connection.execute("UPDATE followed SET path = ? WHERE path = ?", (self._hashed(path), path))


def _values(cursor: Cursor) -> Iterator[bytes | int | str]:
    return (getattr(cursor, name) for name in _NAMES)
