# SPDX-License-Identifier: EUPL-1.2
"""Counts what would explain looks, per team, beside what it explains by chance, and keeps what tells apart.

A candidate is a path from a look to work (a folder in `offers`), a value of it that was found, a team and a
window of days. Nothing here is active: see `drafting` for the ground that a person may take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from rekenschap.explain.null import permute, permuted_looks
from rekenschap.explain.pool import Flags, Numbers, Whole, codes, pool_of
from rekenschap.explain.weighing.strength import PRIOR
from rekenschap.seams.engine import Engine
from rekenschap.sql.derived import LOOK
from rekenschap.sql.query import Query, load_queries, load_query
from rekenschap.sql.workspace import run

HERE = Path(__file__).parent

WINDOWS = (1, 7, 30)
"""Days: the same day, the same week, the same month."""

LEAST_LIFT = 3.0
"""A ground that holds less than three times as often for real looks as by chance tells nothing apart."""

LEAST_LIFT_FULL = 20.0
"""From here on a mined ground may explain by itself; below it a person can make it a weak one only."""

LEAST_SUPPORT = 20
"""Real looks below which a share is an anecdote."""

ENOUGH = 20_000
_LOOK = list(LOOK)
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A ground that might be: which path, which value, in which team (empty: every team), within which days.

    `support` is the share of the real looks of people in that team for which it holds, `null` the same of
    permuted ones, `lift` the first over the second, shrunk for small numbers; `newly` counts looks that
    nothing explains yet, out of `looks`.
    """

    path: str
    told: str
    team: str
    days: int
    looks: int
    holds: int
    newly: int
    support: float
    null: float
    lift: float

    @property
    def id(self) -> str:
        """Give the name the ground would have: it says what it is, so that a person can read it."""
        parts = (self.path, self.told, self.team or "every_team", str(self.days))
        return "_".join(
            ["mined", *("".join(c if c.isalnum() else "_" for c in part.lower()) for part in parts)]
        )

    @property
    def may_be_full(self) -> bool:
        """Say whether it tells apart well enough to explain by itself."""
        return self.lift >= LEAST_LIFT_FULL


def mine(engine: Engine, *, seed: int) -> tuple[Candidate, ...]:
    """Find candidates in the `look` and `verdict` that `explain` left bound; most new looks first.

    Leaves `look` as it was. Of very many looks a part is counted, by lot.
    """
    looks = run(engine, load_query(HERE / "looks_unexplained")).sort_by("look")
    if not len(looks):
        return ()
    sample = _sampled(looks, np.random.default_rng(seed))
    found: list[Candidate] = []
    for offer in load_queries(HERE / "offers"):
        found += _of_path(engine, offer, sample)
    engine.bind("look", looks.select(_LOOK))
    ordered = sorted(found, key=lambda each: (-each.newly, -each.lift, each.id))
    return tuple({each.id: each for each in reversed(ordered)}.values())[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """Real looks of people, and permuted ones under them as rows of `look`, with the team of each row."""

    rows: pa.Table
    real: int
    team: Whole
    teams: tuple[str, ...]
    unexplained: Flags


def _sampled(looks: pa.Table, rng: np.random.Generator) -> _Sample:
    pool = pool_of(looks)
    null = permute(pool, rng, repeats=1)
    members = np.flatnonzero(pool.member)
    kept = members if len(members) <= ENOUGH else np.sort(rng.choice(members, ENOUGH, replace=False))
    wanted = np.isin(null.repeats_row, kept)
    without = looks.select(_LOOK)
    permuted = permuted_looks(without, null, last_look=0).filter(pa.array(wanted))
    rows = pa.concat_tables([without.take(pa.array(kept)), permuted]).combine_chunks()
    team = codes(rows.column("team"))
    names = rows.column("team").to_pylist()
    first = np.unique(team, return_index=True)[1]
    return _Sample(
        rows=rows,
        real=len(kept),
        team=team,
        teams=tuple(names[at] or "" for at in first),
        unexplained=np.asarray(looks.column("unexplained"), dtype=np.bool_)[kept],
    )


def _of_path(engine: Engine, offer: Query, sample: _Sample) -> list[Candidate]:
    engine.bind("look", sample.rows)
    offered = run(engine, offer)
    place = {look: at for at, look in enumerate(sample.rows.column("look").to_pylist())}
    row = np.array([place[look] for look in offered.column("look").to_pylist()], dtype=np.int64)
    told, apart = codes(offered.column("told")), np.asarray(offered.column("apart"), dtype=np.int64)
    values = dict(zip(told.tolist(), offered.column("told").to_pylist(), strict=True))
    path = offer.id.removeprefix("offer_")
    found = []
    for number, value in values.items():
        if not _can_be_written(value):
            continue
        mine = told == number
        for days in WINDOWS:
            hits = np.zeros(len(sample.rows), dtype=np.bool_)
            hits[row[mine & (apart <= days * _DAY)]] = True
            found += _told_apart(sample, hits, path=path, told=value, days=days)
    return _widest_only(found)


def _told_apart(sample: _Sample, hits: Flags, *, path: str, told: str, days: int) -> list[Candidate]:
    """Compare real with permuted looks in each team, and in all teams together."""
    real, null = hits[: sample.real], hits[sample.real :]
    found = []
    for number, team in enumerate((*sample.teams, "")):
        everybody = number == len(sample.teams)
        if not (everybody or team):
            continue
        among = np.ones(len(hits), dtype=np.bool_) if everybody else sample.team == number
        ours, theirs = among[: sample.real], among[sample.real :]
        counts = (int((real & ours).sum()), int(ours.sum()), int((null & theirs).sum()), int(theirs.sum()))
        newly = int((real & ours & sample.unexplained).sum())
        lift = _lift(*counts)
        if counts[0] >= LEAST_SUPPORT and newly and lift >= LEAST_LIFT and _can_be_written(team):
            found.append(
                Candidate(
                    path=path,
                    told=told,
                    team=team,
                    days=days,
                    looks=counts[1],
                    holds=counts[0],
                    newly=newly,
                    support=counts[0] / counts[1],
                    null=counts[2] / max(1, counts[3]),
                    lift=lift,
                )
            )
    return found


def _lift(holds: int, looks: int, null_holds: int, null_looks: int) -> float:
    size = min(looks, null_looks)
    shares: Numbers = np.array([holds / max(1, looks), null_holds / max(1, null_looks)]) * size + PRIOR
    return float(shares[0] / shares[1])


def _widest_only(found: Sequence[Candidate]) -> list[Candidate]:
    """Of windows of one path, value and team keep what explains most new looks; the narrowest of equals."""
    best: dict[tuple[str, str, str], Candidate] = {}
    for each in found:
        key = (each.path, each.told, each.team)
        if key not in best or each.newly > best[key].newly:
            best[key] = each
    return list(best.values())


def _can_be_written(value: str) -> bool:
    """Say whether a value fits in the settings and the drawn cases of a ground."""
    return value.isprintable() and len(value) <= 60 and not set(value) & set('|"\\')
