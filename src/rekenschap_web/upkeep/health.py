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
    """One thing that must be right, and the sentence about it."""

    name: str
    is_well: bool
    found: str


def ready() -> tuple[Point, ...]:
    """Give every point that decides whether pages can be answered."""
    database = _database()
    return (database, _migrations(), _outbox(), _derived()) if database.is_well else (database, _derived())


def _database() -> Point:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Point(name="database", is_well=False, found="does not answer")
    return Point(name="database", is_well=True, found="answers")


def _migrations() -> Point:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Point(
        name="migrations", is_well=not waiting, found=f"{len(waiting)} to run" if waiting else "all run"
    )


def _outbox() -> Point:
    from rekenschap_web.acts.queries import oldest_waiting, waiting

    try:
        oldest, count = oldest_waiting(), waiting()
    except DatabaseError:
        return Point(name="acts", is_well=False, found="no table of acts")
    is_late = oldest is not None and timezone.now() - oldest > _PATIENCE
    return Point(name="acts", is_well=not is_late, found=f"{count} waiting for the ledger")


def _derived() -> Point:
    from rekenschap_web.evidence.house import derived

    try:
        size = derived().manifest.size
    except RekenschapError:
        return Point(name="derived", is_well=False, found="nothing derived yet")
    return Point(name="derived", is_well=True, found=f"from {size} entries")
