# SPDX-License-Identifier: EUPL-1.2
"""What was searched for the looks of a finding, where, with what outcome, and how the sources stood then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.deriving.columns import Whole, one_chunk
from rekenschap.audit.deriving.told import InBoth, Sought
from rekenschap.explain import facts_read
from rekenschap.sql.query import Query

_EPOCH = date(1970, 1, 1)
_WEEK = 7
_MONTHS_NL = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
              "oktober", "november", "december")  # fmt: skip
_MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
              "October", "November", "December")  # fmt: skip
_NEVER_MIND = ("consultation", "processing", "disclosure", "staff", "relation")
"""Relations that are no work of a source, or that hold for years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """How many facts of a relation each source told, by the day they happened on."""

    days: Mapping[tuple[str, str], tuple[Whole, Whole]]
    """(relation, source) -> days in rising order, and how many on each"""

    @classmethod
    def of(cls, facts: Mapping[str, pa.Table]) -> Traffic:
        """Count all relations but the looks themselves."""
        found: dict[tuple[str, str], tuple[Whole, Whole]] = {}
        for name, rows in facts.items():
            if name in ("consultation", "processing") or not len(rows):
                continue
            counted = rows.group_by(["source", "happened_day"]).aggregate([([], "count_all")])
            counted = counted.sort_by([("source", "ascending"), ("happened_day", "ascending")])
            for source in pc.unique(counted.column("source")).to_pylist():
                mine = counted.filter(pc.field("source") == source)
                found[name, source] = (
                    np.asarray(pc.fill_null(mine.column("happened_day"), 0), dtype=np.int64),
                    np.asarray(mine.column("count_all"), dtype=np.int64),
                )
        return cls(days=found)

    def rows(self) -> pa.Table:
        """Give it as a table, to keep."""
        parts = [
            pa.table({"relation": [name] * len(on), "source": [source] * len(on), "day": on, "count": many})
            for (name, source), (on, many) in self.days.items()
        ]
        return pa.concat_tables([_TRAFFIC.empty_table(), *(each.cast(_TRAFFIC) for each in parts)])

    @classmethod
    def read(cls, rows: pa.Table) -> Traffic:
        """Read what was kept."""
        found: dict[tuple[str, str], tuple[Whole, Whole]] = {}
        for name, source in {(row["relation"], row["source"]) for row in rows.select(_NAMED).to_pylist()}:
            mine = rows.filter((pc.field("relation") == name) & (pc.field("source") == source))
            found[name, source] = _whole(mine, "day"), _whole(mine, "count")
        return cls(days=found)

    def beside(self, other: Traffic) -> Traffic:
        """Add what came later."""
        found = dict(self.days)
        for key, (on, many) in other.days.items():
            if key in found:
                on = np.concatenate([found[key][0], on])
                many = np.concatenate([found[key][1], many])
            days, where = np.unique(on, return_inverse=True)
            found[key] = days, np.bincount(where.reshape(-1), weights=many).astype(np.int64)
        return Traffic(days=found)

    def sources(self, relations: Sequence[str]) -> tuple[str, ...]:
        """Name the sources that told of any of these relations."""
        return tuple(sorted({source for relation, source in self.days if relation in relations}))

    def health(self, relations: Sequence[str], first: int, last: int) -> str:
        """Say how the sources of these relations stood from one day to another: the best of them counts."""
        mine = [days for (relation, _), days in self.days.items() if relation in relations]
        if not mine:
            return "not_connected"
        return "connected" if any(_told_in(days, first, last) for days in mine) else "silent"


_NAMED = ["relation", "source"]
_TRAFFIC = pa.schema(
    [("relation", pa.string()), ("source", pa.string()), ("day", pa.int64()), ("count", pa.int64())]
)


def _whole(rows: pa.Table, name: str) -> Whole:
    return np.asarray(rows.column(name), dtype=np.int64)


def sought_for(
    grounds: Sequence[Query], told: pa.Table, looks: Sequence[int], *, days: tuple[int, int],
    traffic: Traffic,
) -> tuple[Sought, ...]:  # fmt: skip
    """Give each ground that could explain, and whether it holds for any of these looks.

    `told` are the terms of the looks (relation `evidence_term`).
    """
    mine = told.filter(pc.is_in(told.column("look"), value_set=pa.array(looks, pa.int64())))
    counted = pc.value_counts(one_chunk(mine.column("term"))).to_pylist()
    holds = {row["values"]: row["counts"] for row in counted}
    return tuple(
        _sought(ground, holds.get(ground.id, 0), days, traffic)
        for ground in grounds
        if ground.weight != "trace"
    )


def span_in_words(first: int, last: int) -> InBoth:
    """Say a stretch of days in both languages: `2 tot en met 14 maart 2026`."""
    one, other = _EPOCH + timedelta(days=first), _EPOCH + timedelta(days=last)
    nl, en = (_span(one, other, months) for months in (_MONTHS_NL, _MONTHS_EN))
    return InBoth(nl=" tot en met ".join(nl), en=" to ".join(en))


def _sought(ground: Query, holds: int, days: tuple[int, int], traffic: Traffic) -> Sought:
    relations = tuple(name for name in facts_read(ground) if name not in ("consultation",))
    work = [name for name in relations if name not in _NEVER_MIND] or list(relations)
    sources = traffic.sources(work)
    span = span_in_words(*days)
    return Sought(
        ground=ground.id,
        found=None if not sources else holds > 0,
        holds_for=holds,
        weight=ground.weight,
        where=InBoth(
            nl=f"{', '.join(sources)}; {span.nl}" if sources else "geen bron aangesloten",
            en=f"{', '.join(sources)}; {span.en}" if sources else "no source connected",
        ),
        sources=sources,
        health=traffic.health(work, *days),
    )


def _told_in(days: tuple[Whole, Whole], first: int, last: int) -> bool:
    """Say whether a source told of anything in a stretch, a week wider for sources that tell little."""
    on, much = days
    usual = much.sum() / max(1, int(on[-1] - on[0]) + 1)
    wider = 0 if usual >= 1 else _WEEK
    return bool(np.searchsorted(on, first - wider) < np.searchsorted(on, last + wider, side="right"))


def _span(one: date, other: date, months: Sequence[str]) -> list[str]:
    last = f"{other.day} {months[other.month - 1]} {other.year}"
    if one == other:
        return [last]
    if (one.year, one.month) == (other.year, other.month):
        return [f"{one.day}", last]
    year = "" if one.year == other.year else f" {one.year}"
    return [f"{one.day} {months[one.month - 1]}{year}", last]
