# SPDX-License-Identifier: EUPL-1.2
"""An anchor in one SQLite file. SQLite does the locking and the syncing; a connection lasts one call."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from rekenschap.adapters.anchors.words import does_not_answer, refuse_unless_next
from rekenschap.errors import InconsistentError

_MADE = "CREATE TABLE IF NOT EXISTS checkpoints (size INTEGER PRIMARY KEY, note BLOB NOT NULL) STRICT"
_SINCE = "SELECT size, note FROM checkpoints WHERE size >= ? ORDER BY size"
_LATEST = "SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1"
_ADD = "INSERT INTO checkpoints (size, note) VALUES (?, ?)"
_WAIT = 10.0  # seconds another writer may take
_WHAT = "SELECT type, name FROM sqlite_master"
_BELOW = "SELECT 1 FROM checkpoints WHERE size < 0 LIMIT 1"
_FORGET = """DELETE FROM checkpoints WHERE size = ? AND size < (SELECT max(size) FROM checkpoints)"""


class SqliteAnchor:
    """Checkpoints in a table by size; the file is made at the first swap.

    See `rekenschap.seams.anchor.Anchor`.
    """

    def __init__(self, path: Path) -> None:
        self._path = Path(path)

    def latest(self) -> tuple[int, bytes] | None:
        """Give the largest checkpoint, or None."""
        found = self._read(_LATEST)
        return found[0] if found else None

    def swap(self, *, expected: int | None, size: int, note: bytes) -> None:
        """Add a checkpoint when the latest still is `expected`; durable on return."""
        with self._connected("rwc") as base:
            # EXTRA is FULL that also syncs the directory after the journal is gone.
            base.execute("PRAGMA synchronous=EXTRA")
            base.execute("BEGIN IMMEDIATE")
            base.execute(_MADE)
            _check_alone(base)
            latest = base.execute(_LATEST).fetchone()
            # Refused: the connection closes, and the transaction is gone.
            refuse_unless_next(found=latest[0] if latest else None, expected=expected, size=size)
            base.execute(_ADD, (size, note))
            base.execute("COMMIT")

    def history(self, *, since: int = 0) -> list[tuple[int, bytes]]:
        """Give every checkpoint of at least `since` entries, smallest first."""
        return self._read(_SINCE, since)

    def forget(self, sizes: Sequence[int]) -> None:
        """Drop the checkpoints of these sizes, all but the latest."""
        if not sizes:
            return
        with self._connected("rw") as base:
            base.execute("PRAGMA synchronous=EXTRA")
            base.execute("BEGIN IMMEDIATE")
            _check_alone(base)
            base.executemany(_FORGET, [(size,) for size in sizes])
            base.execute("COMMIT")

    def _read(self, statement: str, *values: int) -> list[tuple[int, bytes]]:
        try:
            if not self._path.exists():
                return []
        except OSError as error:
            raise does_not_answer("a file that cannot be reached") from error
        with self._connected(self._reading()) as base:
            if not _check_alone(base):
                return []
            held = base.execute(statement, values).fetchall()
        if not all(isinstance(size, int) and isinstance(note, bytes) for size, note in held):
            raise does_not_answer("a damaged table")
        return held

    def _reading(self) -> str:
        """Open for reading only, unless a swap was broken off: then whoever comes next must take it back."""
        return "rw" if self._path.with_name(f"{self._path.name}-journal").exists() else "ro"

    @contextmanager
    def _connected(self, mode: str) -> Iterator[sqlite3.Connection]:
        try:
            address = f"{self._path.absolute().as_uri()}?mode={mode}"
            with closing(sqlite3.connect(address, uri=True, timeout=_WAIT, isolation_level=None)) as base:
                yield base
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise does_not_answer(getattr(error, "sqlite_errorname", "a damaged table")) from error


def _check_alone(base: sqlite3.Connection) -> bool:
    """Say whether the table is there; raises InconsistentError when anything else is, or a row for no size.

    A trigger would change what is written here, a view or an index what is read.
    """
    found = base.execute(_WHAT).fetchall()
    strange = [kind for kind, name in found if (kind, name) != ("table", "checkpoints")]
    if not strange and found and base.execute(_BELOW).fetchone():
        strange = ["row of a size below zero"]
    if strange:
        raise InconsistentError(
            expected="one table of checkpoints by size in the anchor",
            found=f"a {strange[0]} beside it",
            remedy="keep the anchor as evidence, and see who could write in it",
        )
    return bool(found)
