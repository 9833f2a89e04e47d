# SPDX-License-Identifier: EUPL-1.2
"""Explained looks by people, counted by week, month, team and system."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.answer import Answer
from rekenschap.audit.deriving.told import Share
from rekenschap.explain.pool import NOT_A_PERSON

_EPOCH = date(1970, 1, 1)
_COUNTED = [("look", "count"), ("good", "sum"), ("weak", "sum"), ("permuted", "sum"), ("null", "sum")]


def by_people(looks: pa.Table) -> pa.Table:
    """Leave out the looks of shared and system accounts: behind those stands no one person."""
    stranger = pc.fill_null(pc.is_in(looks.column("employment"), value_set=pa.array(NOT_A_PERSON)), False)
    return looks.filter(pc.invert(stranger))


def shares_of(answered: Answer, looks: pa.Table) -> list[Share]:
    """Count over all, by week, month, team and system, and by month within team and system."""
    told, by_chance = by_people(looks), answered.explained.chance
    at = pa.array(np.searchsorted(np.asarray(by_chance.column("look")), np.asarray(told.column("look"))))
    return _counted(told, by_chance.column("permuted").take(at), by_chance.column("null_explained").take(at))


def shares_after(shares: Sequence[Share], *, was: pa.Table, now: pa.Table) -> list[Share]:
    """Count anew when some looks have another verdict, or are new; what chance gives stays as measured.

    `was` are those looks that were there before, `now` all of them.
    """
    found = {_place(each): each for each in shares}
    for looks, sign in ((was, -1), (now, 1)):
        told = by_people(looks)
        nothing = pa.chunked_array([np.zeros(len(told), dtype=np.int64)])
        for more in _counted(told, nothing, nothing) if len(told) else ():
            known = found.get(_place(more), replace(more, looks=0, explained=0, weak_only=0))
            found[_place(more)] = replace(
                known,
                looks=known.looks + sign * more.looks,
                explained=known.explained + sign * more.explained,
                weak_only=known.weak_only + sign * more.weak_only,
            )
    order = {by: at for at, by in enumerate(dict.fromkeys(each.by for each in shares))}
    return sorted(found.values(), key=lambda each: (order.get(each.by, 99), each.first or 0, each.name))


def _place(share: Share) -> tuple[str, str, int | None]:
    return share.by, share.name, share.first


def _counted(told: pa.Table, permuted: pa.ChunkedArray, null: pa.ChunkedArray) -> list[Share]:
    day = np.asarray(told.column("happened_day"), dtype=np.int64)
    rows = pa.table({
        "look": told.column("look"),
        "good": told.column("explained").cast(pa.int64()),
        "weak": told.column("weak_only").cast(pa.int64()),
        "permuted": permuted,
        "null": null,
        "week": pa.array(day - (day + 3) % 7),  # 1970-01-01 was a Thursday
        "month": pa.array(_months(day)),
        "team": pc.fill_null(told.column("team").cast(pa.string()), ""),
        "system": told.column("register").cast(pa.string()),
    })  # fmt: skip
    return [
        *_grouped(rows, "all", ()),
        *_grouped(rows, "week", ("week",)),
        *_grouped(rows, "month", ("month",)),
        *_grouped(rows, "team", ("team",)),
        *_grouped(rows, "system", ("system",)),
        *_grouped(rows, "month+team", ("month", "team")),
        *_grouped(rows, "month+system", ("month", "system")),
    ]


def _grouped(rows: pa.Table, by: str, keys: tuple[str, ...]) -> Iterator[Share]:
    counted = rows.group_by(list(keys)).aggregate(_COUNTED)
    order = [(key, "ascending") for key in keys]
    for row in (counted.sort_by(order) if order else counted).to_pylist():
        first = row.get("week", row.get("month"))
        yield Share(
            by=by,
            name=row.get("team", row.get("system", "")),
            first=first,
            looks=row["look_count"],
            explained=row["good_sum"] or 0,
            weak_only=row["weak_sum"] or 0,
            null_explained=row["null_sum"] / row["permuted_sum"] if row["permuted_sum"] else None,
        )


def _months(
    day: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Give the first day of the month of each day."""
    known, where = np.unique(day, return_inverse=True)
    first = [((_EPOCH + timedelta(days=int(each))).replace(day=1) - _EPOCH).days for each in known]
    return np.array(first, dtype=np.int64)[where]
