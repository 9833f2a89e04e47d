# SPDX-License-Identifier: EUPL-1.2
"""A hash chain in SQLite: WAL, synchronous FULL; a transaction for each call, or one for all that wait.

One connection with a lock, for SQLite has one writer and many connections only wait for each other. The last
hash stays in memory, so no call reads before it writes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread

from peers.peer import Append

FIRST = bytes(32)
_TABLE = "CREATE TABLE chain (entry INTEGER PRIMARY KEY, row BLOB NOT NULL, hash BLOB NOT NULL)"
_ADD = "INSERT INTO chain (row, hash) VALUES (?, ?)"
_WALK = "SELECT row, hash FROM chain ORDER BY entry"


def opened(path: Path) -> sqlite3.Connection:
    """Open a database that is durable at each commit and otherwise as fast as SQLite can be."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_autocheckpoint = 10000")
    connection.execute("PRAGMA cache_size = -65536")
    return connection


def linked(last: bytes, rows: Sequence[bytes]) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Link rows to the chain that ends in `last`; the new last hash, and each row with its hash."""
    links = []
    for row in rows:
        last = sha256(last + row).digest()
        links.append((row, last))
    return last, links


class SqliteChain:
    """A transaction for each call."""

    name = "sqlite_chain"

    def start(self, place: Path) -> None:
        self._path = place / "chain.db"
        self._base, self._last, self._lock = opened(self._path), FIRST, Lock()
        self._base.execute(_TABLE)

    def producer(self, number: int) -> Append:
        return self._append

    def _append(self, rows: Sequence[bytes]) -> None:
        with self._lock:
            self._last = self._commit(rows)

    def _commit(self, rows: Sequence[bytes]) -> bytes:
        last, links = linked(self._last, rows)
        self._base.execute("BEGIN IMMEDIATE")
        self._base.executemany(_ADD, links)
        self._base.execute("COMMIT")
        return last

    def check(self) -> None:
        """Walk the chain, which is the only proof it has."""
        last = FIRST
        for row, kept in self._base.execute(_WALK):
            last = sha256(last + row).digest()
            if last != kept:
                raise SystemExit("the chain of the peer is broken")

    def bytes_kept(self) -> int:
        self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self._path.stat().st_size

    def stop(self) -> None:
        self._base.close()


class SqliteGroupChain(SqliteChain):
    """One thread that commits everything that waits in one transaction."""

    name = "sqlite_group_chain"

    def start(self, place: Path) -> None:
        super().start(place)
        self._waiting: SimpleQueue[tuple[Sequence[bytes], Lock] | None] = SimpleQueue()
        self._writer = Thread(target=self._write)
        self._writer.start()

    def producer(self, number: int) -> Append:
        done = Lock()
        done.acquire()

        def append(rows: Sequence[bytes]) -> None:
            self._waiting.put((rows, done))
            done.acquire()  # held by this producer; the writer releases it after the commit

        return append

    def _write(self) -> None:
        while (first := self._waiting.get()) is not None:
            group = [first]
            while not self._waiting.empty():
                following = self._waiting.get()
                if following is None:
                    self._waiting.put(None)
                    break
                group.append(following)
            self._last = self._commit([row for rows, _ in group for row in rows])
            for _, done in group:
                done.release()

    def stop(self) -> None:
        self._waiting.put(None)
        self._writer.join()
        super().stop()
