# SPDX-License-Identifier: EUPL-1.2
"""Whether the desk can do its work: asked by a balancer, by monitoring, and by the doctor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from rekenschap.errors import RekenschapError

_PATIENCE = timedelta(minutes=15)
"""How long an act may wait for the ledger: the worker comes by every few seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that must be right, and what was found: a word for programs, perhaps with a number."""

    name: str
    is_well: bool
    code: str
    number: int | None = None

    @property
    def found(self) -> str:
        """Say it in short English, for a balancer and for monitoring; the doctor speaks two languages."""
        return _FOUND[self.code].format(number=self.number)


_FOUND = {
    "answers": "answers",
    "silent": "does not answer",
    "migrations_waiting": "{number} to run",
    "migrations_run": "all run",
    "no_acts": "no table of acts",
    "acts_waiting": "{number} waiting for the ledger",
    "not_derived": "nothing derived yet",
    "derived_from": "from {number} entries",
}


def ready() -> tuple[Point, ...]:
    """Give every point that decides whether pages can be answered."""
    database = _database()
    return (database, _migrations(), _outbox(), _derived()) if database.is_well else (database, _derived())


def _database() -> Point:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Point(name="database", is_well=False, code="silent")
    return Point(name="database", is_well=True, code="answers")


def _migrations() -> Point:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Point(
        name="migrations",
        is_well=not waiting,
        code="migrations_waiting" if waiting else "migrations_run",
        number=len(waiting),
    )


def _outbox() -> Point:
    from rekenschap_web.acts.queries import oldest_waiting, waiting

    try:
        oldest, count = oldest_waiting(), waiting()
    except DatabaseError:
        return Point(name="acts", is_well=False, code="no_acts")
    is_late = oldest is not None and timezone.now() - oldest > _PATIENCE
    return Point(name="acts", is_well=not is_late, code="acts_waiting", number=count)


def _derived() -> Point:
    from rekenschap_web.evidence.house import derived

    try:
        size = derived().manifest.size
    except RekenschapError:
        return Point(name="derived", is_well=False, code="not_derived")
    return Point(name="derived", is_well=True, code="derived_from", number=size)
