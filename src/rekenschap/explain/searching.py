# SPDX-License-Identifier: EUPL-1.2
"""Searches all looks at once, real, planted and permuted: which grounds hold, and how near work was.

Knows what to bind for the queries; not what any answer is worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.explain.null import Permuted, Width, permute, permute_strangers, permuted_looks
from rekenschap.explain.pool import Flags, Pool, Whole
from rekenschap.explain.weighing.fitting import ENOUGH, Evidence
from rekenschap.explain.weighing.levels import levels_of, no_levels
from rekenschap.seams.engine import Engine
from rekenschap.sql.query import Query, load_query
from rekenschap.sql.workspace import run

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Null:
    """Three ways to permute: `day` (same team and day) measures chance; `team` and `wide` fit the score.

    The score cannot be fitted on `day`: a citizen of that day comes with the work of whoever really looked,
    so that work of colleagues would count against a look.
    """

    day: Permuted
    team: Permuted
    wide: Permuted

    @property
    def all(self) -> tuple[Permuted, ...]:
        """Give the three in the order in which their rows are searched."""
        return self.day, self.team, self.wide


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found for each look (row), and the work that carries each ground."""

    evidence: Evidence
    work: Mapping[str, pa.Table]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All that was looked at. Rows of `found` are the shown looks, then the permuted ones."""

    pool: Pool
    shown: pa.Table
    null: Null
    found: Found

    def evidence_of(self, which: str) -> Evidence:
        """Give the rows of the real, planted, day, team or wide looks, or of the `shown`: the first two."""
        ends = np.cumsum([0, len(self.pool), len(self.shown) - len(self.pool), *map(len, self.null.all)])
        if which == "shown":
            return self.found.evidence.rows(slice(0, len(self.shown)))
        at = ("real", "planted", "day", "team", "wide").index(which)
        return self.found.evidence.rows(slice(ends[at], ends[at + 1]))


def permuted_null(pool: Pool, rng: np.random.Generator, repeats: int) -> Null:
    """Draw the three kinds of permuted looks."""
    return Null(
        day=permute(pool, rng, repeats=repeats),
        team=permute_strangers(pool, rng, most=ENOUGH, begin=Width.TEAM),
        wide=permute_strangers(pool, rng, most=ENOUGH, begin=Width.ALL),
    )


def rows_to_search(real: pa.Table, shown: pa.Table, null: Null) -> pa.Table:
    """Put the permuted looks under the shown ones."""
    rows, last = [shown], 0
    for each in null.all:
        rows.append(permuted_looks(real, each, last_look=last))
        last -= len(each)
    return pa.concat_tables(rows).combine_chunks()


def search(
    engine: Engine, grounds: Sequence[Query], *, shown: pa.Table, rows: pa.Table, weighed: Flags
) -> Found:
    """Run each ground over all rows, and the measures over those that are `weighed`; then leave only the
    shown looks bound.
    """
    zaken_of = load_query(HERE / "look_zaak")
    engine.bind("look", rows)
    zaken = run(engine, zaken_of)
    engine.bind("look_zaak", zaken)
    looks = np.asarray(shown.column("look"))
    hits = np.zeros((len(rows), len(grounds)), dtype=np.bool_)
    work: dict[str, pa.Table] = {}
    for column, ground in enumerate(grounds):
        answered = run(engine, ground)
        hits[_row_of(np.asarray(answered.column("look")), looks), column] = True
        work[ground.id] = answered.filter(pc.field("look") >= 0)
    levels = no_levels(len(rows))
    if weighed.any():
        engine.bind("look", rows.filter(pa.array(weighed)))
        engine.bind("look_zaak", run(engine, zaken_of))
        measured = run(engine, load_query(HERE / "weighing" / "measures"))
        at = _row_of(np.asarray(measured.column("look")), looks)
        levels = levels_of(measured, at, rows=len(rows))
    engine.bind("look", shown)
    engine.bind("look_zaak", zaken.filter(pc.field("look") >= 0))
    return Found(evidence=Evidence(hits=hits, levels=levels), work=work)


def weighed_rows(shown: int, null: Null) -> Flags:
    """Say which rows are weighed: all but those that only measure chance."""
    rows = np.ones(shown + sum(map(len, null.all)), dtype=np.bool_)
    rows[shown : shown + len(null.day)] = False
    return rows


def _row_of(look: Whole, shown: Whole) -> Whole:
    """Give the row of each look: shown looks are in order of their number, permuted ones run down from -1."""
    rows: Whole = np.where(look < 0, len(shown) - 1 - look, np.searchsorted(shown, look))
    return rows
