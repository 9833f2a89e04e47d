# SPDX-License-Identifier: EUPL-1.2
"""Which findings come onto the work list: what does not wait, what is more than chance, and of each week that
is over so many more as people can look into, most by rank and some where most is to be learnt.

The lot, the third part of a week, is the sample of the FG: somebody else looks into that.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import ceil

import pyarrow as pa

from rekenschap.casework.closing import Reason
from rekenschap.detect import Learnt, queue
from rekenschap_web.evidence.views import FindingView, Week
from rekenschap_web.findings.models import FindingRecord

EACH_THOUSAND, AT_LEAST = 5, 5
"""What people look into in a week for each thousand members of staff, and at the least."""


class Why(StrEnum):
    """Why a finding is on the list."""

    URGENT = "urgent"
    STANDING = "standing"
    RANK = "rank"
    LEARNING = "learning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Why a finding comes onto the list, and of which week (its Monday) when a week picked it."""

    why: Why
    week: date | None = None


def chosen(views: Iterable[FindingView], week: Week, *, budget: int | None = None) -> Mapping[str, Chosen]:
    """Say which of these findings may come onto the list now, by key; what is on it already stays."""
    every = tuple(views)
    found = {view.key: Chosen(why=why) for view in every if (why := _at_once(view)) is not None}
    if week.monday is None or FindingRecord.objects.filter(week=week.monday).exists():
        return found
    for key, why in _of_week(every, week, budget or most_in_a_week(week.people)).items():
        found[key] = Chosen(why=found[key].why if key in found else why, week=week.monday)
    return found


def most_in_a_week(people: int) -> int:
    """Give how many findings people look into in a week."""
    return max(AT_LEAST, ceil(people * EACH_THOUSAND / 1000))


def learnt() -> Mapping[str, Learnt]:
    """Tell of each rule and channel how many findings people looked into, and how many held."""
    rows = FindingRecord.objects.filter(state="closed").values_list("rule", "reason")
    told: dict[str, list[str]] = {}
    for rule, reason in rows:
        told.setdefault(rule, []).append(reason)
    return {
        rule: Learnt(looked_into=len(reasons), held=sum(each in _HELD for each in reasons))
        for rule, reasons in told.items()
    }


_HELD = frozenset({str(Reason.NOT_PERMITTED_SETTLED), str(Reason.INVESTIGATED)})


def _at_once(view: FindingView) -> Why | None:
    if "urgent" in view.kinds:
        return Why.URGENT
    return Why.STANDING if "standing" in view.kinds else None


def _of_week(views: tuple[FindingView, ...], week: Week, budget: int) -> dict[str, Why]:
    """Fill the week: nobody knows beforehand what is drawn to learn from, so the seed is made here."""
    rows = [
        {"key": view.key, "channel": said.rule, "score": said.score, "look": list(view.looks)}
        for view in views
        if (said := next((each for each in view.said if each.week == week.monday), None)) is not None
    ]
    if not rows:
        return {}
    found = pa.Table.from_pylist(rows)
    filled = queue(
        found, looks=pa.array([], pa.int64()), budget=budget, seed=secrets.randbits(63), learnt=learnt()
    )
    keys = found.column("key").to_pylist()
    return {keys[each.row]: Why(each.share) for each in filled.items if each.row is not None}
