# SPDX-License-Identifier: EUPL-1.2
"""Where a bad row waits: file, line, reason and the row itself, sealed. The same row twice is one.

A row is known by the SHA-256 of the file or request it came in, and its line there.
"""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rekenschap.intake.private.files import open_private, told, whole
from rekenschap.seams.cipher import Cipher

QUARANTINE = "quarantine.sqlite"
ROW, TEXT, BODY = "row", "text", "body"
"""What waits: columns as JSON, bytes that could not be read as columns, or a whole request."""

_LABEL = b"rekenschap/quarantine/v1"
_ROWS = """CREATE TABLE IF NOT EXISTS quarantine
    (digest BLOB, line INTEGER, reason TEXT NOT NULL, "column" TEXT NOT NULL, profile TEXT NOT NULL,
     sealed BLOB NOT NULL, PRIMARY KEY (digest, line)) WITHOUT ROWID"""
_LATER = {"since": "INTEGER NOT NULL DEFAULT 0"} | dict.fromkeys(
    ("origin", "relation", "form"), "TEXT NOT NULL DEFAULT ''"
)
"""Columns that the file of an earlier version does not have."""

_PUT = """INSERT INTO quarantine
    (digest, line, reason, "column", profile, sealed, since, origin, relation, form)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (digest, line) DO UPDATE SET reason = excluded.reason, "column" = excluded."column",
    profile = excluded.profile, sealed = excluded.sealed, relation = excluded.relation,
    form = excluded.form"""
_COUNTED = """SELECT reason, count(*) FROM quarantine
    WHERE :digest IS NULL OR digest = :digest GROUP BY reason ORDER BY reason"""
_OF_WHICH = """(:digest IS NULL OR digest = :digest) AND (:reason IS NULL OR reason = :reason)
    AND (:profile IS NULL OR profile = :profile)"""
_PILES = f"""SELECT origin, profile, reason, relation, "column", count(*), min(nullif(since, 0))
    FROM quarantine WHERE {_OF_WHICH} GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC, 1, 2, 3, 4, 5"""  # noqa: S608 - a constant
_KEYS = f"SELECT digest, line FROM quarantine WHERE {_OF_WHICH} ORDER BY digest, line"  # noqa: S608 - a constant
_ANY = "SELECT 1 FROM quarantine WHERE profile = ? LIMIT 1"
_ONE = """SELECT reason, "column", relation, form, profile, origin, since, sealed FROM quarantine
    WHERE digest = ? AND line = ?"""

Key = tuple[bytes, int]
"""What a row came in (SHA-256), and its line there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that is not taken in: its line, the reason code, what it is about if anything, its text.

    `relation` and `column` name the fact it should have given; `form` says what the text is. `origin` names
    the application that wrote it, where a profile counts bad rows by that.
    """

    line: int
    reason: str
    column: str = ""
    original: bytes = b""
    relation: str = ""
    form: str = TEXT
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A row that waits: what it came in, who sent it (if not a file), its profile, since when (µs; or 0)."""

    digest: bytes
    row: BadRow
    profile: str
    origin: str
    since: int

    @property
    def key(self) -> Key:
        """By what it is known."""
        return self.digest, self.row.line


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Some of what waits; what is None says nothing."""

    reason: str | None = None
    profile: str | None = None
    digest: bytes | None = None

    @property
    def named(self) -> dict[str, str | bytes | None]:
        """The same, for SQL."""
        return {"reason": self.reason, "profile": self.profile, "digest": self.digest}


EVERYTHING = Which()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """How many rows wait for one reason, and since when (µs UTC; None when nobody knows)."""

    origin: str
    profile: str
    reason: str
    relation: str
    column: str
    count: int
    oldest: int | None


class Quarantine:
    """The quarantine file in `folder`."""

    def __init__(self, folder: Path, *, cipher: Cipher, sealing_key: bytes) -> None:
        self._cipher = cipher
        self._key = hmac.digest(sealing_key, _LABEL, "sha256")
        self._rows = open_private(folder / QUARANTINE, _ROWS)
        _complete(self._rows)

    def put(
        self, digest: bytes, rows: Sequence[BadRow], *, profile: str, since: int = 0, origin: str = ""
    ) -> None:
        """Set rows of what has this SHA-256 aside; on return they are on disk.

        A row that waits already keeps its first moment and origin; the rest is as it was judged last.
        """
        sealed = [
            (
                *(digest, row.line, row.reason, row.column, profile),
                *(self._sealed(digest, row.line, row.original), since, row.origin or origin),
                *(row.relation, row.form),
            )
            for row in rows
        ]
        with whole(self._rows) as connection:
            connection.executemany(_PUT, sealed)

    def counts(self, digest: bytes | None = None) -> dict[str, int]:
        """Count the rows that wait, per reason code; of one file, or of all."""
        with told(self._rows) as connection:
            return dict(connection.execute(_COUNTED, {"digest": digest}))

    def piles(self, which: Which = EVERYTHING) -> tuple[Pile, ...]:
        """Count what waits by origin, profile, reason and column, the most first."""
        with told(self._rows) as connection:
            found = connection.execute(_PILES, which.named).fetchall()
        names = ("origin", "profile", "reason", "relation", "column", "count", "oldest")
        return tuple(Pile(**dict(zip(names, each, strict=True))) for each in found)

    def has(self, profile: str) -> bool:
        """Say whether any row of a profile waits."""
        with told(self._rows) as connection:
            return bool(connection.execute(_ANY, (profile,)).fetchone())

    def keys(self, which: Which = EVERYTHING) -> list[Key]:
        """Give by what the rows are known that wait at this moment."""
        with told(self._rows) as connection:
            return list(connection.execute(_KEYS, which.named))

    def waiting(self, keys: Iterable[Key]) -> Iterator[Waiting]:
        """Give rows with their text, as far as they still wait."""
        for digest, line in keys:
            with told(self._rows) as connection:
                found = connection.execute(_ONE, (digest, line)).fetchone()
            if found is not None:
                reason, column, relation, form, profile, origin, since, sealed = found
                text = self._cipher.unseal(self._key, sealed, bound_to=_bond(digest, line))
                row = BadRow(
                    line=line, reason=reason, column=column, original=text, relation=relation, form=form
                )
                yield Waiting(digest=digest, row=row, profile=profile, origin=origin, since=since)

    def take(self, digest: bytes | None = None) -> Iterator[BadRow]:
        """Give the rows back with their text, by file and line; they stay where they are."""
        return (each.row for each in self.waiting(self.keys(Which(digest=digest))))

    def remove(self, digest: bytes) -> None:
        """Destroy the rows of one file, when they have been corrected or may not be kept any longer."""
        self.remove_rows(self.keys(Which(digest=digest)))

    def remove_rows(self, keys: Iterable[Key]) -> None:
        """Destroy rows; one that no longer waits is fine."""
        with whole(self._rows) as connection:
            connection.executemany("DELETE FROM quarantine WHERE digest = ? AND line = ?", keys)

    def close(self) -> None:
        """Let go of the file."""
        self._rows.close()

    def _sealed(self, digest: bytes, line: int, original: bytes) -> bytes:
        return self._cipher.seal(self._key, original, bound_to=_bond(digest, line))


def _complete(connection: sqlite3.Connection) -> None:
    """Add what the file of an earlier version lacks."""
    with whole(connection):
        there = {name for _, name, *_ in connection.execute("PRAGMA table_info(quarantine)")}
        for name, kind in _LATER.items():
            if name not in there:
                connection.execute(f"ALTER TABLE quarantine ADD COLUMN {name} {kind}")


def _bond(digest: bytes, line: int) -> bytes:
    return digest + line.to_bytes(8, "big")
