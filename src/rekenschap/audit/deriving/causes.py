# SPDX-License-Identifier: EUPL-1.2
"""Unexplained looks that probably have one cause: a source that fell silent, or a team, system or day apart.

A look counts for one cause only, the most telling one first. A cause is a proposal: people settle it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.deriving.columns import Whole, one_chunk
from rekenschap.audit.deriving.shares import by_people
from rekenschap.audit.deriving.sought import Traffic, span_in_words
from rekenschap.audit.deriving.told import Cause, Found, InBoth
from rekenschap.explain.pool import codes

Flags = npt.NDArray[np.bool_]

AT_LEAST = 8
"""Unexplained looks that make a cause worth a decision of its own."""

BEYOND = 5.0
"""Standard deviations above what is usual: one cell in some millions by chance."""

RECENT_DAYS = 90
AT_LEAST_STAFF = 4
"""What one or two people did is no cause: it is for a finding."""

_ALONE, _MORE = 3.0, 5.0
"""Whoever has more than so many times the median of a cell, and so many more, is left out of it."""

_HOLE = 0.7
"""A source had a hole when it told less than this share of what it usually tells on such days."""

_USUAL_PER_DAY = 4.0
_LEANS = 0.15
"""A team leans on a source when that explains at least this share of its looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caused:
    """The causes, and which look has which (columns look, cause, staff; sorted by cause and look)."""

    causes: tuple[Cause, ...]
    looks: pa.Table


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pool:
    """Looks by people as whole numbers."""

    look: Whole
    staff: Whole
    team: Whole
    teams: list[str]
    system: Whole
    systems: list[str]
    day: Whole
    open: Flags

    @classmethod
    def of(cls, looks: pa.Table) -> _Pool:
        told = by_people(looks)
        team, teams = _coded(told.column("team"))
        system, systems = _coded(told.column("register"))
        return cls(
            look=np.asarray(told.column("look"), dtype=np.int64),
            staff=np.asarray(told.column("staff"), dtype=np.int64),
            team=team, teams=teams, system=system, systems=systems,
            day=np.asarray(told.column("happened_day"), dtype=np.int64),
            open=~np.asarray(told.column("explained"), dtype=np.bool_),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    kind: str
    name: InBoth
    cell: Flags
    days: tuple[int, int]
    source: str = ""
    system: str = ""
    teams: tuple[str, ...] = ()


def causes_of(
    looks: pa.Table, explanation: pa.Table, *, traffic: Traffic, findings: Sequence[Found]
) -> Caused:
    """Give the causes, those with most looks first."""
    pool = _Pool.of(looks)
    taken = np.zeros(len(pool.look), dtype=np.bool_)
    causes: list[Cause] = []
    parts: list[tuple[int, Whole, Whole]] = []
    for draft in _drafts(pool, explanation, traffic):
        mine = _shared(pool, draft.cell & pool.open & ~taken)
        if len(np.unique(pool.staff[mine])) < AT_LEAST_STAFF or not _is_beyond(pool, draft.cell, mine):
            continue
        taken |= mine
        cause = _cause(pool, draft, mine, findings)
        parts.append((len(causes), pool.look[mine], pool.staff[mine]))
        causes.append(cause)
    return Caused(causes=tuple(sorted(causes, key=lambda each: -each.looks)), looks=_rows(causes, parts))


def _is_beyond(pool: _Pool, cell: Flags, mine: Flags) -> bool:
    """Say whether what is left of a cell is still far more than is usual for these teams on other days."""
    outside = ~cell & np.isin(pool.team, np.unique(pool.team[cell]))
    expected = float(pool.open[outside].mean()) * int(cell.sum()) if outside.any() else 0.0
    count = int(mine.sum())
    return count >= AT_LEAST and count > expected + BEYOND * max(expected, 1.0) ** 0.5


def _shared(pool: _Pool, cell: Flags) -> Flags:
    """Leave out whoever has far more of these looks than the others: bulk work must not hide one person."""
    rows = np.flatnonzero(cell)
    if not len(rows):
        return cell
    people, where, count = np.unique(pool.staff[rows], return_inverse=True, return_counts=True)
    del people
    middle = float(np.median(count))
    kept = cell.copy()
    kept[rows[count[where] > max(_ALONE * middle, middle + _MORE)]] = False
    return kept


def _drafts(pool: _Pool, explanation: pa.Table, traffic: Traffic) -> Iterator[_Draft]:
    if not len(pool.look):
        return
    leaning = _leaning(pool, explanation)
    yield from _silent_sources(pool, leaning, traffic)
    for each in _cells(pool, pool.team, "team", pool.teams):
        yield _with_source(pool, each, leaning, traffic)
    yield from _cells(pool, pool.system, "system", pool.systems)
    yield from _cells(pool, np.zeros(len(pool.look), dtype=np.int64), "day", [""])


def _with_source(pool: _Pool, draft: _Draft, leaning: dict[str, tuple[int, ...]], traffic: Traffic) -> _Draft:
    """Name the source that had a hole on those days, when there is one on which the team leans."""
    span = int(pool.day.min()), int(pool.day.max())
    at = pool.teams.index(draft.teams[0])
    holes: dict[str, float] = {}
    for source, teams in leaning.items():
        told, working = _told_by_day(traffic, source, span)
        inside = slice(draft.days[0] - span[0], draft.days[1] - span[0] + 1)
        usual = float(told[working].mean()) if working.any() else 0.0
        some = told[inside][working[inside]]
        if at in teams and usual >= _USUAL_PER_DAY and len(some) and some.mean() < _HOLE * usual:
            holes[source] = float(some.mean()) / usual
    if not holes:
        return draft
    source, words = min(holes, key=lambda name: holes[name]), span_in_words(*draft.days)
    nl = f"koppeling met {source} had een gat, team {draft.teams[0]}: {words.nl}"
    en = f"link to {source} had a gap, team {draft.teams[0]}: {words.en}"
    return replace(draft, kind="source", source=source, name=InBoth(nl=nl, en=en))


def _silent_sources(pool: _Pool, leaning: dict[str, tuple[int, ...]], traffic: Traffic) -> Iterator[_Draft]:
    """Find stretches of working days in which a source of work told nothing, and who leans on it."""
    span = int(pool.day.min()), int(pool.day.max())
    for source in sorted({source for _, source in traffic.days}):
        for first, last in _silences(traffic, source, span):
            teams = leaning.get(source, ())
            if not teams:
                continue
            cell = (pool.day >= first) & (pool.day <= last) & np.isin(pool.team, teams)
            words = span_in_words(first, last)
            yield _Draft(
                kind="source", cell=cell, days=(first, last), source=source,
                teams=tuple(pool.teams[each] for each in teams),
                name=InBoth(
                    nl=f"koppeling met {source} ontbreekt: {words.nl}",
                    en=f"link to {source} missing: {words.en}",
                ),
            )  # fmt: skip


def _silences(traffic: Traffic, source: str, span: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Give stretches of at least one working day without anything of a source that tells every day."""
    much, working = _told_by_day(traffic, source, span)
    if not working.any() or np.median(much[working]) < _USUAL_PER_DAY:
        return
    day = np.arange(len(much)) + span[0]
    quiet = np.flatnonzero(working & (much == 0))
    for run in np.split(quiet, np.flatnonzero(np.diff(quiet) > 3) + 1):
        if len(run):
            yield int(day[run[0]]), int(day[run[-1]])


def _told_by_day(traffic: Traffic, source: str, span: tuple[int, int]) -> tuple[Whole, Flags]:
    """Give how much a source told on each day of a stretch, and which of those are working days."""
    much = np.zeros(span[1] - span[0] + 1, dtype=np.int64)
    for (_, name), (on, count) in traffic.days.items():
        if name == source:
            within = (on >= span[0]) & (on <= span[1])
            np.add.at(much, on[within] - span[0], count[within])
    day = np.arange(len(much)) + span[0]
    return much, (day + 3) % 7 < 5  # 1970-01-01 was a Thursday


def _leaning(pool: _Pool, explanation: pa.Table) -> dict[str, tuple[int, ...]]:
    """Give for each source the teams of which it explains a good part of the looks."""
    held = explanation.select(["look", "work_source"])
    rows = np.searchsorted(pool.look, np.asarray(held.column("look"), dtype=np.int64))
    rows = np.minimum(rows, len(pool.look) - 1)
    known = pool.look[rows] == np.asarray(held.column("look"))
    source, names = _coded(held.column("work_source"))
    size = np.maximum(np.bincount(pool.team, minlength=len(pool.teams)), 1)
    found: dict[str, tuple[int, ...]] = {}
    for at, name in enumerate(names):
        mine = known & (source == at)
        looks = np.unique(rows[mine])
        share = np.bincount(pool.team[looks], minlength=len(pool.teams)) / size
        found[name] = tuple(int(each) for each in np.flatnonzero(share >= _LEANS))
    return found


def _cells(pool: _Pool, group: Whole, kind: str, names: Sequence[str]) -> Iterator[_Draft]:
    """Find runs of days on which one group has far more unexplained looks than it usually has."""
    first = int(pool.day.min())
    width = int(pool.day.max()) - first + 1
    cell = group * width + (pool.day - first)
    looks = np.bincount(cell, minlength=len(names) * width).astype(np.float64).reshape(len(names), width)
    bare = (
        np.bincount(cell[pool.open], minlength=len(names) * width)
        .astype(np.float64)
        .reshape(len(names), width)
    )
    usual = bare.sum(1) / np.maximum(looks.sum(1), 1.0)
    for at, name in enumerate(names):
        expected = looks[at] * usual[at]
        strange = (bare[at] >= AT_LEAST) & (bare[at] > expected + BEYOND * np.sqrt(np.maximum(expected, 1.0)))
        for run in np.split(
            np.flatnonzero(strange), np.flatnonzero(np.diff(np.flatnonzero(strange)) > 3) + 1
        ):
            if not len(run) or (not name and kind != "day"):
                continue
            days = first + int(run[0]), first + int(run[-1])
            inside = (group == at) & (pool.day >= days[0]) & (pool.day <= days[1])
            words = span_in_words(*days)
            yield _Draft(
                kind=kind, cell=inside, days=days,
                system=name if kind == "system" else "", teams=(name,) if kind == "team" else (),
                name=_name(kind, name, words),
            )  # fmt: skip


def _name(kind: str, name: str, words: InBoth) -> InBoth:
    match kind:
        case "team":
            return InBoth(nl=f"team {name}: {words.nl}", en=f"team {name}: {words.en}")
        case "system":
            return InBoth(nl=f"systeem {name}: {words.nl}", en=f"system {name}: {words.en}")
        case _:
            return InBoth(nl=f"alle teams: {words.nl}", en=f"all teams: {words.en}")


def _cause(pool: _Pool, draft: _Draft, mine: Flags, findings: Sequence[Found]) -> Cause:
    looks = pool.look[mine]
    inside, last = draft.cell, int(pool.day.max())
    outside = ~inside & np.isin(pool.team, np.unique(pool.team[inside]))
    told = f"{draft.kind}|{draft.source}|{draft.system}|{','.join(draft.teams)}|{draft.days[0]}"
    return Cause(
        id=_readable(told),
        kind=draft.kind,
        name=draft.name,
        source=draft.source,
        system=draft.system,
        teams=draft.teams,
        first_day=draft.days[0],
        last_day=draft.days[1],
        looks=len(looks),
        staff=len(np.unique(pool.staff[mine])),
        usual_share=_share(~pool.open[outside]),
        share=_share(~pool.open[inside]),
        recent=int((pool.day[mine] > last - RECENT_DAYS).sum()),
        findings=tuple(each.key for each in findings if np.isin(np.array(each.looks), looks).any()),
    )


def _readable(told: str) -> str:
    alphabet = "abcdefghjkmnpqrstvwxyz"
    return "".join(alphabet[each % len(alphabet)] for each in sha256(told.encode()).digest()[:10])


def _rows(causes: Sequence[Cause], parts: Sequence[tuple[int, Whole, Whole]]) -> pa.Table:
    nothing = np.zeros(0, dtype=np.int64)
    which = [np.full(len(looks), causes[at].id, dtype=object) for at, looks, _ in parts]
    rows = pa.table({
        "cause": pa.array(np.concatenate([*which, nothing.astype(object)]), pa.string()),
        "look": pa.array(np.concatenate([nothing, *(looks for _, looks, _ in parts)])),
        "staff": pa.array(np.concatenate([nothing, *(staff for _, _, staff in parts)])),
    })  # fmt: skip
    return rows.sort_by([("cause", "ascending"), ("look", "ascending")])


def _share(explained: Flags) -> float:
    return float(explained.mean()) if len(explained) else 0.0


def _coded(column: pa.ChunkedArray) -> tuple[Whole, list[str]]:
    texts = one_chunk(pc.fill_null(column.cast(pa.string()), ""))
    number = codes(pa.chunked_array([texts]))
    names = pc.unique(texts).to_pylist()
    return number, names
