# SPDX-License-Identifier: EUPL-1.2
"""Groups of staff between whom alerts about the innocent should not differ: only what working facts tell.

Team size, hours, employment, newness, hours of the night and the place of work; never who somebody is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.evaluating.material import Material
from rekenschap.audit.evaluating.measuring.measures import Flags, Whole
from rekenschap.explain.pool import pool_of

SMALL, LARGE = 5, 20
"""A team of up to five is small; one of twenty and more is large."""

PART_TIME = 3.5
"""Who looks on fewer days a week than this, in weeks with looks at all, works part of the week."""

NIGHT = 0.2
"""From this share of looks outside 7 to 19 o'clock on somebody works at night."""

_OFFICE = (7 * 60, 19 * 60)
_NEW = 91  # days: a quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The people of a group, and those it is compared with: everybody else of whom it is known."""

    name: str
    people: Whole
    others: Whole


def groups_of(material: Material, looks: pa.Table) -> tuple[Group, ...]:
    """Give the groups that have people in them and others beside them."""
    rows = looks.filter(pa.array(pool_of(looks).member))
    if not len(rows):
        return ()
    who, place = np.unique(np.asarray(rows.column("staff"), dtype=np.int64), return_inverse=True)
    last = {name: _last(rows, place, len(who), name) for name in ("team", "employment")}
    size = _team_size(last["team"])
    flags = {
        "team_small": size <= SMALL,
        "team_large": size >= LARGE,
        "part_time": _days_a_week(rows, place, len(who)) < PART_TIME,
        "hired": np.isin(last["employment"], ("hired", "agency")),
        "new": _is_new(material, who),
        "night": _night(rows, place, len(who)) >= NIGHT,
        **_regions(material, who),
    }
    found = [Group(name=name, people=who[flag], others=who[~flag]) for name, flag in flags.items()]
    return tuple(group for group in found if len(group.people) and len(group.others))


def _last(
    rows: pa.Table, place: Whole, people: int, name: str
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Give the team or employment of each at their last look."""
    latest = np.full(people, None, dtype=object)
    order = np.argsort(np.asarray(rows.column("looked_at")), kind="stable")
    latest[place[order]] = np.asarray(rows.column(name).to_pylist(), dtype=object)[order]
    return latest


def _team_size(team: np.ndarray[tuple[int], np.dtype[np.object_]]) -> Whole:
    _, which, counts = np.unique(team.astype(str), return_inverse=True, return_counts=True)
    return np.asarray(counts[which], dtype=np.int64)


def _days_a_week(rows: pa.Table, place: Whole, people: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    day = np.asarray(rows.column("happened_day"), dtype=np.int64)
    days = np.unique(np.column_stack([place, day]), axis=0)
    weeks = np.unique(np.column_stack([place, (day + 3) // 7]), axis=0)
    counted = np.bincount(days[:, 0], minlength=people)
    return np.asarray(counted / np.maximum(np.bincount(weeks[:, 0], minlength=people), 1))


def _night(rows: pa.Table, place: Whole, people: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    minute = np.asarray(rows.column("happened_minute"), dtype=np.int64)
    out = ((minute < _OFFICE[0]) | (minute >= _OFFICE[1])).astype(np.float64)
    many = np.maximum(np.bincount(place, minlength=people), 1)
    return np.asarray(np.bincount(place, weights=out, minlength=people) / many)


def _is_new(material: Material, who: Whole) -> Flags:
    """Say whose first row of staff begins in the quarter before the last look or later."""
    rows = material.facts["staff"]
    if not len(rows):
        return np.zeros(len(who), dtype=np.bool_)
    begun = rows.group_by("staff").aggregate([("happened_day", "min")])
    last = pc.max(material.looks.column("happened_day")).as_py()
    fresh = begun.filter(pc.greater(begun.column("happened_day_min"), last - _NEW))
    return np.isin(who, np.asarray(fresh.column("staff"), dtype=np.int64))


def _regions(material: Material, who: Whole) -> dict[str, Flags]:
    """Give the places where most of somebody's presence was, when there are two or more."""
    rows = material.facts["presence"]
    rows = rows.filter(rows.column("place").is_valid()) if len(rows) else rows
    if not len(rows):
        return {}
    counted = rows.group_by(["staff", "place"]).aggregate([("entry", "count")])
    most = counted.sort_by([("entry_count", "ascending")]).to_pylist()
    at = {each["staff"]: each["place"] for each in most}
    places = np.asarray([at.get(int(each), "") for each in who], dtype=object)
    names = sorted(set(places.tolist()) - {""})
    return {f"region_{n + 1}": places == name for n, name in enumerate(names)} if len(names) > 1 else {}
