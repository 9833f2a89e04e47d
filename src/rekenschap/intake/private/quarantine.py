# SPDX-License-Identifier: EUPL-1.2
"""Where a bad row waits: file, line, reason and the row itself, sealed. The same row twice is one."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rekenschap.intake.private.files import open_private, told, whole
from rekenschap.seams.cipher import Cipher

QUARANTINE = "quarantine.sqlite"
_LABEL = b"rekenschap/quarantine/v1"
_ROWS = """CREATE TABLE IF NOT EXISTS quarantine
    (digest BLOB, line INTEGER, reason TEXT NOT NULL, "column" TEXT NOT NULL, profile TEXT NOT NULL,
     sealed BLOB NOT NULL, PRIMARY KEY (digest, line)) WITHOUT ROWID"""
_COUNTED = """SELECT reason, count(*) FROM quarantine
    WHERE :digest IS NULL OR digest = :digest GROUP BY reason ORDER BY reason"""
_TAKEN = """SELECT digest, line, reason, "column", sealed FROM quarantine
    WHERE :digest IS NULL OR digest = :digest ORDER BY digest, line"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that is not taken in: its line, the reason code, the column it is about if any, its text."""

    line: int
    reason: str
    column: str = ""
    original: bytes = b""


class Quarantine:
    """The quarantine file in `folder`."""

    def __init__(self, folder: Path, *, cipher: Cipher, sealing_key: bytes) -> None:
        self._cipher = cipher
        self._key = hmac.digest(sealing_key, _LABEL, "sha256")
        self._rows = open_private(folder / QUARANTINE, _ROWS)

    def put(self, digest: bytes, rows: Sequence[BadRow], *, profile: str) -> None:
        """Set rows of the file with this SHA-256 aside; on return they are on disk."""
        sealed = [
            (digest, row.line, row.reason, row.column, profile, self._sealed(digest, row.line, row.original))
            for row in rows
        ]
        with whole(self._rows) as connection:
            connection.executemany("INSERT OR IGNORE INTO quarantine VALUES (?, ?, ?, ?, ?, ?)", sealed)

    def counts(self, digest: bytes | None = None) -> dict[str, int]:
        """Count the rows that wait, per reason code; of one file, or of all."""
        with told(self._rows) as connection:
            return dict(connection.execute(_COUNTED, {"digest": digest}))

    def take(self, digest: bytes | None = None) -> Iterator[BadRow]:
        """Give the rows back with their text, by file and line; they stay where they are."""
        with told(self._rows) as connection:
            for file, line, reason, column, sealed in connection.execute(_TAKEN, {"digest": digest}):
                original = self._cipher.unseal(self._key, sealed, bound_to=_bond(file, line))
                yield BadRow(line=line, reason=reason, column=column, original=original)

    def remove(self, digest: bytes) -> None:
        """Destroy the rows of one file, when they have been corrected or may not be kept any longer."""
        with whole(self._rows) as connection:
            connection.execute("DELETE FROM quarantine WHERE digest = ?", (digest,))

    def close(self) -> None:
        """Let go of the file."""
        self._rows.close()

    def _sealed(self, digest: bytes, line: int, original: bytes) -> bytes:
        return self._cipher.seal(self._key, original, bound_to=_bond(digest, line))


def _bond(digest: bytes, line: int) -> bytes:
    return digest + line.to_bytes(8, "big")
