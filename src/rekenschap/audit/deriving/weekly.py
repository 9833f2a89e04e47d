# SPDX-License-Identifier: EUPL-1.2
"""What stood out at the end of each week, and what does not wait for that: beside what stands out over all.

Which of it people look into this week is for the desk to say; see `detect.queue`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from rekenschap import detect
from rekenschap.audit.answer import Answer, searched
from rekenschap.audit.deriving.finding import Scene
from rekenschap.audit.deriving.told import Found, Kind
from rekenschap.detect.channels import ALERTS
from rekenschap.detect.telling import Told, told_of
from rekenschap.model.finding import Finding
from rekenschap.seams.engine import Engine
from rekenschap.sql.query import Query
from rekenschap.tables import ZONE

WEEK = 7
WEEKS = 26
"""Weeks back of which alerts are made: as far as the longest window of a channel."""

LATELY = 8
"""Weeks back of which those below the line are kept too: what was picked from them stays to be read."""

Q = 0.05
"""The part of what stands out in a week that may be chance."""

_EPOCH = date(1970, 1, 1)
_AT_LEAST, _EACH_THOUSAND = 25, 25
_DAY = 86_400_000_000
_AT_ONCE, _RECENT = 7 * _DAY, 182 * _DAY
"""How long something does not wait; and until when it is kept, for who is looking into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What was found beside the findings over all; `alerts` as `detect.alerts` gives them.

    `last_week` is the Monday of the last week with looks that was over, `over_at` of the last week that was
    over at all, `rules` are those of what does not wait, and `staff` says how many people looked.
    """

    alerts: pa.Table
    urgent: tuple[Finding, ...]
    last_week: int | None
    rules: tuple[Query, ...] = ()
    over_at: int = 0
    staff: int = 0


NOTHING = Beside(alerts=ALERTS.empty_table(), urgent=(), last_week=None)


def beside(engine: Engine, answered: Answer, rules: tuple[Query, ...], *, now: datetime) -> Beside:
    """Ask the weekly channels and the urgent rules; all relations of an answer are bound on the engine."""
    days = pc.min_max(answered.explained.look.column("happened_day")).as_py()
    over = last_week_over(now)
    last = min(_monday(days["max"]), over)
    first = max(_monday(days["min"]), last - (WEEKS - 1) * WEEK)
    asked = searched(answered.grounds, answered.facts)
    return Beside(
        alerts=detect.alerts(engine, grounds=asked, first_week=first, last_week=last),
        urgent=detect.urgent(engine, since=0, rules=rules),
        rules=rules,
        last_week=last if first <= last else None,
        over_at=over,
        staff=len(pc.unique(answered.explained.look.column("staff"))),
    )


def every_found(
    scene: Scene, standing: Sequence[Finding], more: Beside
) -> tuple[list[Found], list[Found]]:  # fmt: skip
    """Give one finding for each person: those that stand by themselves, and those only a week may pick."""
    found = [scene.found(each, Kind.STANDING) for each in standing]
    found += [scene.alerted(told, kind) for told, kind in _alerted(scene, more)]
    found += [_lately(scene, scene.urgent(each)) for each in more.urgent]
    joined = scene.one_each(each for each in found if each is not None)
    return apart(joined)


def apart(joined: Sequence[Found]) -> tuple[list[Found], list[Found]]:
    """Take apart what stands by itself and what only a week may pick."""
    weekly = {each.key for each in joined if each.kinds == (Kind.WEEKLY,)}
    return [each for each in joined if each.key not in weekly], [
        each for each in joined if each.key in weekly
    ]


def _alerted(scene: Scene, more: Beside) -> Iterator[tuple[Told, Kind]]:
    """Give the alerts that are more than chance, and of the last weeks so many as people may come to."""
    if more.last_week is None:
        return
    most = max(_AT_LEAST, _EACH_THOUSAND * more.staff // 1000)
    seen: dict[int, int] = {}
    for row in more.alerts.to_pylist():
        told = told_of(_of_one(scene, row))
        if told is None:
            continue
        place = seen[told.week] = seen.get(told.week, 0) + 1
        if row["q"] <= Q:
            yield told, Kind.STANDING
        elif place <= most and told.week > more.last_week - LATELY * WEEK:
            yield told, Kind.WEEKLY


def _of_one(scene: Scene, row: dict[str, object]) -> dict[str, object]:
    """Have an alert about a household be about whom of it was looked at most tellingly."""
    looks = row["look"]
    if row["domain"] != "household" or not isinstance(looks, list) or not looks:
        return row
    return row | {"about": scene.subject_of(looks[0])}


def _lately(scene: Scene, found: Found | None) -> Found | None:
    """Say that what did not wait some weeks ago is by now counted like the rest; leave out what is older."""
    newest = pc.max(scene.looks.column("looked_at")).as_py()
    if found is None or found.last_at <= newest - _RECENT:
        return None
    return found if found.last_at > newest - _AT_ONCE else replace(found, kinds=(Kind.WEEKLY,))


def last_week_over(now: datetime) -> int:
    """Give the Monday (days since 1970) of the last week that was over at a moment."""
    return _monday((now.astimezone(ZoneInfo(ZONE)).date() - _EPOCH).days) - WEEK


def _monday(day: int) -> int:
    return day - (day + 3) % WEEK  # 1970-01-01 was a Thursday
