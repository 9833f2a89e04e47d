# SPDX-License-Identifier: EUPL-1.2
"""An anchor in a PostgreSQL database: one row for each checkpoint, and one row for each ledger to lock.

The role may be given no more than to select and insert checkpoints, and to lock the row of its ledger:
then it cannot change or remove what it wrote. Needs the extra `postgres`; a connection lasts one call.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg

from rekenschap.adapters.anchors.words import does_not_answer, refuse_unless_next

_MADE = (
    "SELECT pg_advisory_xact_lock(7296301)",  # two first swaps at once would both make the tables
    """CREATE TABLE IF NOT EXISTS rekenschap_ledger (
         name text PRIMARY KEY)""",
    """CREATE TABLE IF NOT EXISTS rekenschap_checkpoint (
         name text NOT NULL REFERENCES rekenschap_ledger,
         size bigint NOT NULL CHECK (size >= 0),
         note bytea NOT NULL,
         PRIMARY KEY (name, size))""",
)
_THERE = "SELECT to_regclass('rekenschap_checkpoint') IS NOT NULL"
_BEGUN = "INSERT INTO rekenschap_ledger (name) VALUES (%s) ON CONFLICT DO NOTHING"
_LOCKED = "SELECT name FROM rekenschap_ledger WHERE name = %s FOR UPDATE"
_SINCE = "SELECT size, note FROM rekenschap_checkpoint WHERE name = %s AND size >= %s ORDER BY size"
_LATEST = "SELECT size, note FROM rekenschap_checkpoint WHERE name = %s ORDER BY size DESC LIMIT 1"
_ADD = "INSERT INTO rekenschap_checkpoint (name, size, note) VALUES (%s, %s, %s)"
# For this transaction only, so that it also works through a pooler. A server may be set to answer before the
# disk does; for us it may not.
_SETTINGS = """SELECT set_config('lock_timeout', '10s', true), set_config('statement_timeout', '60s', true),
       CASE WHEN current_setting('synchronous_commit') IN ('off', 'local')
            THEN set_config('synchronous_commit', 'on', true) END"""
_CONNECT = 10  # seconds


class PostgresAnchor:
    """Checkpoints in a table by size; `name` tells the ledgers in one database apart.

    `address` is as libpq wants it; a password belongs in its password file, never in here.
    See `rekenschap.seams.anchor.Anchor`.
    """

    def __init__(self, address: str, *, name: str = "ledger") -> None:
        self._address = address
        self._name = name

    def latest(self) -> tuple[int, bytes] | None:
        """Give the largest checkpoint, or None."""
        found = self._read(_LATEST)
        return found[0] if found else None

    def swap(self, *, expected: int | None, size: int, note: bytes) -> None:
        """Add a checkpoint when the latest still is `expected`; durable on return."""
        with self._connected() as base:
            if not _there(base):
                for statement in _MADE:
                    base.execute(statement)
            base.execute(_BEGUN, (self._name,))
            base.execute(_LOCKED, (self._name,))
            # Each statement sees what was committed before it: also by the one we waited for.
            latest = base.execute(_LATEST, (self._name,)).fetchone()
            refuse_unless_next(found=latest[0] if latest else None, expected=expected, size=size)
            base.execute(_ADD, (self._name, size, note))

    def history(self, *, since: int = 0) -> list[tuple[int, bytes]]:
        """Give every checkpoint of at least `since` entries, smallest first."""
        return self._read(_SINCE, since)

    def forget(self, sizes: Sequence[int]) -> None:
        """Keep everything: the rights of its writer are to add only."""

    def _read(self, statement: LiteralString, *values: int) -> list[tuple[int, bytes]]:
        with self._connected() as base:
            if not _there(base):
                return []
            return [(size, bytes(note)) for size, note in base.execute(statement, (self._name, *values))]

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """Connect for one transaction: committed at the end, rolled back when something is raised.

        What libpq says may name host, role and address: only the code of the error is kept.
        """
        try:
            with psycopg.connect(self._address, connect_timeout=_CONNECT) as base:
                base.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
                base.execute(_SETTINGS)
                yield base
        except psycopg.Error as error:
            raise does_not_answer(
                f"the error {error.sqlstate}" if error.sqlstate else "no connection"
            ) from None


def _there(base: psycopg.Connection[tuple[Any, ...]]) -> bool:
    found = base.execute(_THERE).fetchone()
    return found is not None and bool(found[0])
