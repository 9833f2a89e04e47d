# SPDX-License-Identifier: EUPL-1.2
"""SQLite files that only their owner may read, and whose deleted rows are overwritten."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rekenschap.errors import StoreError

_SETTINGS = (
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -65536",
)


def open_private(path: Path, *tables: str) -> sqlite3.Connection:
    """Open or make the file (mode 0600) with `tables` in it; raises StoreError."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for statement in (*_SETTINGS, *tables):
            connection.execute(statement)
    except (OSError, sqlite3.Error) as error:
        raise store_error(error) from None
    return connection


def store_error(error: OSError | sqlite3.Error) -> StoreError:
    """Say in general words what SQLite or the disk did not do; its own words may hold values."""
    full = "full" in str(error)
    return StoreError(
        expected="a private file that can be written",
        found="a disk that is full" if full else f"one that refuses ({type(error).__name__})",
        remedy="make room"
        if full
        else "check the rights of the folder and that no other program has it open",
        retryable=True,
    )


@contextmanager
def told(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Turn what SQLite says into a StoreError."""
    try:
        yield connection
    except sqlite3.Error as error:
        raise store_error(error) from None


@contextmanager
def whole(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Write all or nothing."""
    with told(connection):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # of a full disk SQLite has let go itself
                connection.execute("ROLLBACK")
            raise
