# SPDX-License-Identifier: EUPL-1.2
"""From facts on an engine to explanations, a verdict and a score per look, and the shares beside their null.

Every ground runs once over real, planted and permuted looks together. Nothing here is a fact: all of it can
be thrown away and computed again from the same facts and the same seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.explain import stated
from rekenschap.explain.evidence import EvidenceModel, fit, score, terms
from rekenschap.explain.null import Permuted, Width, are_first, permute, permuted_looks, repeats_for
from rekenschap.explain.plant import Ranking, plant, ranking
from rekenschap.explain.pool import Flags, Pool, Whole, pool_of
from rekenschap.explain.shares import shares_of
from rekenschap.explain.strength import Sample, Strengths, strengths
from rekenschap.explain.verdict import explanations, verdicts
from rekenschap.explain.weeks import weeks_of
from rekenschap.model.explanation import Shares, Weight
from rekenschap.model.planting import Among
from rekenschap.seams.engine import Engine
from rekenschap.sql.query import Query, load_queries, load_query
from rekenschap.sql.workspace import run

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Planting:
    """A wish for planted looks: how many, from which seed, among which subjects."""

    count: int
    seed: int
    among: Among = Among.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What came out: tables are also bound on the engine under their own names.

    `look` has the real looks and, after them, the planted ones; `week` the shares by week; `late_work` the
    explanations by work that was recorded days after the look. `widths` says from
    how far the permuted citizens came; `ranking` is there when looks were planted.
    """

    shares: Shares
    strengths: Strengths
    model: EvidenceModel
    widths: tuple[tuple[Width, float], ...]
    ranking: Ranking | None
    look: pa.Table
    explanation: pa.Table
    verdict: pa.Table
    evidence_term: pa.Table
    week: pa.Table
    late_work: pa.Table


def grounds_of_the_house() -> tuple[Query, ...]:
    """Read the grounds that come with the package, by id."""
    return load_queries(HERE / "grounds")


def facts_read(ground: Query) -> tuple[str, ...]:
    """Give the relations of facts in which a ground searches for work, straight or through `look_zaak`."""
    made_of = {"look": (), "look_zaak": ("zaak",)}
    names = [name for read in ground.reads for name in made_of.get(read, (read,))]
    return tuple(dict.fromkeys(names))


def explain(
    engine: Engine,
    *,
    seed: int,
    grounds: Sequence[Query] | None = None,
    model: EvidenceModel | None = None,
    planting: Planting | None = None,
    repeats: int = 0,
) -> Explained:
    """Explain every look of the facts bound on `engine`, in work form.

    Binds `look`, `look_zaak`, `explanation`, `verdict` and `evidence_term`. A `model` fitted before is used
    as it is; otherwise one is fitted here. `repeats` 0 lets the number of looks decide. Raises EngineError.
    """
    asked = tuple(grounds if grounds is not None else grounds_of_the_house())
    rng = np.random.default_rng(seed)
    real = run(engine, load_query(HERE / "looks")).sort_by("look")
    pool = pool_of(real)
    times = repeats or repeats_for(int(pool.member.sum()))
    null = _permuted(pool, rng, times)
    shown = pa.concat_tables([real, *_planted(engine, real, planting)])
    found = _search(engine, asked, shown, _rows_to_search(real, shown, null))
    return _concluded(engine, asked, _Seen(pool=pool, shown=shown, null=null, found=found), model)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What the grounds found: which hold (columns) for which look (rows), and by which work."""

    hits: Flags
    work: Mapping[str, pa.Table]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Null:
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
class _Seen:
    """All that was looked at. Rows of `found` are the shown looks, then the permuted ones."""

    pool: Pool
    shown: pa.Table
    null: _Null
    found: _Found

    def hits_of(self, which: str) -> Flags:
        """Give the rows of the real, planted, day, team or wide looks."""
        ends = np.cumsum([0, len(self.pool), len(self.shown) - len(self.pool), *map(len, self.null.all)])
        at = ("real", "planted", "day", "team", "wide").index(which)
        return self.found.hits[ends[at] : ends[at + 1]]


def _permuted(pool: Pool, rng: np.random.Generator, repeats: int) -> _Null:
    return _Null(
        day=permute(pool, rng, repeats=repeats),
        team=permute(pool, rng, repeats=1, begin=Width.TEAM),
        wide=permute(pool, rng, repeats=1, begin=Width.ALL),
    )


def _planted(engine: Engine, real: pa.Table, wish: Planting | None) -> list[pa.Table]:
    if wish is None:
        return []
    zaken = run(engine, load_query(HERE / "zaken"))
    return [plant(real, zaken, count=wish.count, seed=wish.seed, among=wish.among)]


def _rows_to_search(real: pa.Table, shown: pa.Table, null: _Null) -> pa.Table:
    rows, last = [shown], 0
    for each in null.all:
        rows.append(permuted_looks(real, each, last_look=last))
        last -= len(each)
    return pa.concat_tables(rows).combine_chunks()


def _search(engine: Engine, grounds: Sequence[Query], shown: pa.Table, rows: pa.Table) -> _Found:
    """Run each ground over all rows; then leave only the shown looks bound."""
    engine.bind("look", rows)
    zaken = run(engine, load_query(HERE / "look_zaak"))
    engine.bind("look_zaak", zaken)
    looks = np.asarray(shown.column("look"))
    hits = np.zeros((len(rows), len(grounds)), dtype=np.bool_)
    work: dict[str, pa.Table] = {}
    for column, ground in enumerate(grounds):
        answered = run(engine, ground)
        hits[_row_of(np.asarray(answered.column("look")), looks), column] = True
        work[ground.id] = answered.filter(pc.field("look") >= 0)
    engine.bind("look", shown)
    engine.bind("look_zaak", zaken.filter(pc.field("look") >= 0))
    return _Found(hits=hits, work=work)


def _row_of(look: Whole, shown: Whole) -> Whole:
    """Give the row of each look: shown looks are in order of their number, permuted ones run down from -1."""
    rows: Whole = np.where(look < 0, len(shown) - 1 - look, np.searchsorted(shown, look))
    return rows


def _concluded(
    engine: Engine, grounds: Sequence[Query], seen: _Seen, model: EvidenceModel | None
) -> Explained:
    names = tuple(ground.id for ground in grounds)
    weights = tuple(Weight(ground.weight) for ground in grounds)
    pool, real = seen.pool, seen.hits_of("real")
    says = stated.set_strengths(
        weights,
        names,
        strengths(
            Sample(hits=real[pool.member], team_class=pool.team_class[pool.member]),
            Sample(hits=seen.hits_of("day"), team_class=pool.team_class[seen.null.day.repeats_row]),
        ),
    )
    shown_hits = np.vstack([real, seen.hits_of("planted")])
    said = stated.columns(weights)
    fitted = model or stated.set_weights(
        weights, fit(names, real=_mixed(seen) & ~said, team=seen.hits_of("team"), wide=seen.hits_of("wide"))
    )
    scores = score(fitted, shown_hits)
    shown_class = pool_of(seen.shown).team_class
    looks = np.asarray(seen.shown.column("look"))
    explanation = explanations(grounds, seen.found.work, says, looks=looks, team_class=shown_class)
    verdict = verdicts(
        looks,
        shown_hits,
        names=names,
        weights=weights,
        strength=says.hit_by_class[:, shown_class].T,
        score=scores,
    )
    evidence_term = terms(fitted, shown_hits, looks)
    for name, rows in (("explanation", explanation), ("verdict", verdict), ("evidence_term", evidence_term)):
        engine.bind(name, rows)
    late_work = run(engine, load_query(HERE / "late_work")).sort_by(
        [("look", "ascending"), ("ground", "ascending")]
    )
    return Explained(
        shares=shares_of(
            pool, real, null_hits=seen.hits_of("day"), null_first=are_first(pool, seen.null.day),
            grounds=tuple(zip(names, weights, strict=True)), says=says,
        ),
        strengths=says, model=fitted, widths=seen.null.day.shares(),
        ranking=_ranked(seen, scores), look=seen.shown,
        explanation=explanation, verdict=verdict, evidence_term=evidence_term, late_work=late_work,
        week=weeks_of(
            pool, real, null_hits=seen.hits_of("day"), repeats_row=seen.null.day.repeats_row, weights=weights
        ),
    )  # fmt: skip


def _mixed(seen: _Seen) -> Flags:
    """Give the hits of all shown looks of people: whoever fits the model does not know which were planted."""
    real = seen.hits_of("real")[seen.pool.member]
    return np.vstack([real, seen.hits_of("planted")])


def _ranked(seen: _Seen, scores: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Ranking | None:
    pool = seen.pool
    planted, real = scores[len(pool) :], scores[: len(pool)]
    return ranking(planted, real[pool.member], pool.first[pool.member]) if len(planted) else None
