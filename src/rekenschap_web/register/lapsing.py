# SPDX-License-Identifier: EUPL-1.2
"""What people wrote at the desk goes when its term ends, as the register says under `rekenschap-desk`.

A case goes as a whole, with its questions, notes, tasks and papers, and only when it is over and nothing was
done to it for that long. What stays is one act for each thing: that it went, when, and by which term.
Findings, causes and months stay as long as the looks they rest on; people are not casework.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, cast

from django.db import connection, models, transaction
from django.db.models import Max

from rekenschap.casework.flows import EXPORT, LIFTING
from rekenschap_web.acts import removed
from rekenschap_web.acts.guarding import guarded_models, object_of
from rekenschap_web.acts.models import Act
from rekenschap_web.acts.system import system_person
from rekenschap_web.evidence.reading import register as evidence

ACTIVITY, WIPED = evidence.DESK_ACTIVITY, evidence.WIPED


class _Row(Protocol):
    """What is asked of the rows of other rooms; each kind has some of these."""

    state: str
    investigation: object
    belongs_to: str
    until: datetime
    ended_at: datetime | None
    answered_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """Whether a row is done with at a moment, and to which thing it belongs; an empty text for none."""

    is_over: Callable[[_Row, datetime], bool] = lambda row, now: True
    of: Callable[[_Row], str] = lambda row: ""


def _of_investigation(row: _Row) -> str:
    return f"investigation:{row.investigation}" if row.investigation else ""


_ANSWERED = frozenset({"confirmed", "not_known", "withdrawn", "lapsed"})
"""States in which nobody waits for anybody, though somebody may yet come back to it."""
_KINDS: Mapping[str, _Kind] = {
    "investigation": _Kind(is_over=lambda row, now: row.state == "closed"),
    "task": _Kind(of=_of_investigation),
    "note": _Kind(of=_of_investigation),
    "paper": _Kind(of=lambda row: row.belongs_to),
    "question": _Kind(is_over=lambda row, now: row.state in _ANSWERED, of=_of_investigation),
    "lifting": _Kind(is_over=lambda row, now: row.state in LIFTING.ends, of=lambda row: row.belongs_to),
    "export": _Kind(is_over=lambda row, now: row.state in EXPORT.ends),
    "leak": _Kind(),
    "citizen_question": _Kind(is_over=lambda row, now: row.answered_at is not None),
    "withholding": _Kind(is_over=lambda row, now: row.ended_at is not None or row.until < now),
    "register_proposal": _Kind(is_over=lambda row, now: bool(row.outcome)),
}


def wipe_due(*, now: datetime) -> int:
    """Take away every case whose term ended; gives how many things went. Without a term nothing goes."""
    register = evidence.register()
    version = register.as_of(ACTIVITY, now) or register.latest(ACTIVITY)
    if version is None or version.retention_period is None:
        return 0
    settled = _due(now - timedelta(days=version.retention_period), now)
    if not settled:
        return 0
    by, because = system_person(), f"{ACTIVITY} {version.retention_period}"
    _leave_no_bytes()
    for whole in settled:
        with transaction.atomic():
            for row in whole:
                removed(row, by=by, verb=WIPED, because=because)
    _empty_the_log()
    return sum(len(whole) for whole in settled)


def _due(before: datetime, now: datetime) -> list[Sequence[models.Model]]:
    """Give each case that is over and was left alone since a moment, what belongs to others first."""
    rows = {object_of(row): row for row in _rows()}
    last = dict(
        Act.objects.filter(object__in=list(rows), revision__isnull=False)
        .values_list("object")
        .annotate(Max("acted_at"))
    )
    settled: dict[str, list[str]] = {}
    for name in rows:
        settled.setdefault(_root(name, rows), []).append(name)
    return [
        [rows[name] for name in sorted(whole, key=lambda one: -_depth(one, rows))]
        for root, whole in settled.items()
        if root in rows and all(_is_over(rows[name], now) and last[name] < before for name in whole)
    ]


def _rows() -> Iterable[models.Model]:
    for model in guarded_models():
        if model._meta.model_name in _MODELS:
            fields = {each.name for each in model._meta.get_fields()}
            found = model._base_manager.order_by("pk")
            yield from found.defer("sealed") if "sealed" in fields else found


_MODELS = frozenset({
    "investigation", "task", "note", "paper", "question", "lifting", "exportrecord", "leaksearch",
    "citizenquestion", "withholding", "proposal",
})  # fmt: skip


def _kind(name: str) -> _Kind:
    return _KINDS[name.partition(":")[0]]


def _is_over(row: models.Model, now: datetime) -> bool:
    return _kind(object_of(row)).is_over(cast("_Row", row), now)


def _of(name: str, rows: Mapping[str, models.Model]) -> str:
    """Name what a row belongs to; what belongs to a finding stands by itself, for findings stay."""
    of = _kind(name).of(cast("_Row", rows[name]))
    return of if of.partition(":")[0] in _KINDS else ""


def _root(name: str, rows: Mapping[str, models.Model]) -> str:
    while name in rows and (above := _of(name, rows)):
        name = above
    return name


def _depth(name: str, rows: Mapping[str, models.Model]) -> int:
    deep = 0
    while name in rows and (above := _of(name, rows)):
        name, deep = above, deep + 1
    return deep


def _leave_no_bytes() -> None:
    """Have SQLite write over what goes; PostgreSQL does when it next tidies the table up."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def _empty_the_log() -> None:
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
