# SPDX-License-Identifier: EUPL-1.2
"""A Merkle tree of pymerkle in SQLite: the same tree as ours (RFC 6962), with proofs, without signatures.

Its own defaults sync three times for each commit; with a write-ahead log it is as durable and faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pymerkle import SqliteTree, verify_inclusion

from peers.peer import Append


class PymerkleTree:
    """Append, prove and verify as pymerkle does."""

    name = "pymerkle"

    def start(self, place: Path) -> None:
        self._path = place / "tree.db"
        self._open()

    def _open(self) -> None:
        self._tree = SqliteTree(str(self._path))
        self._tree.con.execute("PRAGMA journal_mode = WAL")
        self._tree.con.execute("PRAGMA synchronous = FULL")
        self._tree.con.execute("PRAGMA wal_autocheckpoint = 10000")
        self._tree.con.execute("PRAGMA cache_size = -65536")

    def producer(self, number: int) -> Append:
        return self._append

    def _append(self, rows: Sequence[bytes]) -> None:
        if len(rows) == 1:
            self._tree.append_entry(rows[0])
        else:
            self._tree.append_entries(rows)

    def reopen(self) -> None:
        """Forget what the tree keeps in memory, as a new process would."""
        self._tree.close()
        self._open()

    def prove(self, entry: int) -> object:
        """Prove one entry, counted from 0."""
        return self._tree.prove_inclusion(entry + 1)

    def verify(self, entry: int, proof: object) -> None:
        """Verify a proof that `prove` gave; raises when it does not hold."""
        verify_inclusion(self._tree.get_leaf(entry + 1), self._tree.get_root(), proof)

    def root(self) -> bytes:
        """Give the root over all rows."""
        return self._tree.get_root()

    def bytes_kept(self) -> int:
        self._tree.con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self._path.stat().st_size

    def stop(self) -> None:
        self._tree.close()
