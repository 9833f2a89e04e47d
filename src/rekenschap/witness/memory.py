# SPDX-License-Identifier: EUPL-1.2
"""What a witness remembers, in one SQLite file: the last checkpoint it cosigned of each log, and the refused.

Checking and remembering are one transaction and the answer comes after it: a witness that was cut off may
have remembered more than it said, never less.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rekenschap.errors import InconsistentError, StoreError
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.note import Note, NoteSignature
from rekenschap.tlog.witnessing import AddCheckpoint, check_growth

_TABLES = (
    "CREATE TABLE latest (origin_hash TEXT PRIMARY KEY, size INTEGER NOT NULL, note BLOB NOT NULL) STRICT",
    "CREATE TABLE refused (origin_hash TEXT NOT NULL, old_size INTEGER NOT NULL, note BLOB NOT NULL,"
    " UNIQUE (origin_hash, note)) STRICT",
)
_LATEST = "SELECT note FROM latest WHERE origin_hash = ?"
_REMEMBER = "INSERT OR REPLACE INTO latest (origin_hash, size, note) VALUES (?, ?, ?)"
_REFUSE = (
    "INSERT OR IGNORE INTO refused (origin_hash, old_size, note) SELECT ?, ?, ?"
    " WHERE (SELECT count(*) FROM refused WHERE origin_hash = ?) < ?"
)
_REFUSED = "SELECT note FROM refused WHERE origin_hash = ? ORDER BY rowid"
_WAIT = 10.0  # seconds another question may take
MAX_REFUSED = 100
"""Refused checkpoints kept of each log: two signed histories are proof, a hundred are no better proof."""


def hash_of(origin: str) -> str:
    """Give the name of a log in an address: the SHA-256 of its origin in small hexadecimal."""
    return sha256(origin.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessMemory:
    """The file `path`; made once by `found`, never made anew by anything else."""

    path: Path

    @classmethod
    def found(cls, path: Path) -> WitnessMemory:
        """Make an empty memory; raises StoreError when there is one."""
        if path.exists():
            raise StoreError(
                expected="a place without the memory of a witness",
                found="one",
                remedy="go on with it, or make another witness elsewhere",
            )
        memory = cls(path=path)
        with memory._changing("rwc") as base:
            for table in _TABLES:
                base.execute(table)
        return memory

    def cosign(
        self,
        request: AddCheckpoint,
        *,
        checkpoint: Checkpoint,
        note: Note,
        sign: Callable[[str], tuple[NoteSignature, ...]],
    ) -> tuple[NoteSignature, ...]:
        """Check that a believed checkpoint continues what is remembered; sign it and remember it.

        Raises what `check_growth` raises. A checkpoint of another history is kept as evidence: it carries the
        signature of its log.
        """
        origin_hash = hash_of(checkpoint.origin)
        with self._changing() as base:
            try:
                check_growth(request, checkpoint, _latest(base, origin_hash))
            except InconsistentError:
                refused = (origin_hash, request.old_size, note.to_bytes())
                base.execute(_REFUSE, (*refused, origin_hash, MAX_REFUSED))
                base.execute("COMMIT")
                raise
            signatures = sign(note.text)
            cosigned = note.with_signatures(signatures).to_bytes()
            base.execute(_REMEMBER, (origin_hash, checkpoint.size, cosigned))
        return signatures

    def published(self, origin_hash: str) -> bytes | None:
        """Give the latest cosigned checkpoint of a log, for monitors; None when there is none."""
        with self._connected() as base:
            found = base.execute(_LATEST, (origin_hash,)).fetchone()
        return bytes(found[0]) if found else None

    def refused(self, origin: str) -> list[bytes]:
        """Give the signed checkpoints of a log that did not continue the remembered one: proof of a fork."""
        with self._connected() as base:
            return [bytes(note) for (note,) in base.execute(_REFUSED, (hash_of(origin),))]

    @contextmanager
    def _changing(self, mode: str = "rw") -> Iterator[sqlite3.Connection]:
        with self._connected(mode) as base:
            # EXTRA is FULL that also syncs the directory after the journal is gone.
            base.execute("PRAGMA synchronous=EXTRA")
            base.execute("BEGIN IMMEDIATE")
            try:
                yield base
            except BaseException:
                if base.in_transaction:
                    base.execute("ROLLBACK")
                raise
            base.execute("COMMIT")

    @contextmanager
    def _connected(self, mode: str = "rw") -> Iterator[sqlite3.Connection]:
        try:
            address = f"{self.path.absolute().as_uri()}?mode={mode}"
            with closing(sqlite3.connect(address, uri=True, timeout=_WAIT, isolation_level=None)) as base:
                yield base
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise StoreError(
                expected="the memory of this witness",
                found=getattr(error, "sqlite_errorname", "a damaged table"),
                remedy="restore the disk; a witness that lost its memory must stop and get another key",
                retryable=True,
            ) from error


def _latest(base: sqlite3.Connection, origin_hash: str) -> Checkpoint | None:
    found = base.execute(_LATEST, (origin_hash,)).fetchone()
    return Checkpoint.from_text(Note.from_bytes(bytes(found[0])).text) if found else None
