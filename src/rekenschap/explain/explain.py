# SPDX-License-Identifier: EUPL-1.2
"""From facts on an engine to explanations, a verdict and a score per look, and the shares beside their null.

Every ground runs once over real, planted and permuted looks together. Nothing here is a fact: all of it can
be thrown away and computed again from the same facts and the same seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from rekenschap.explain import stated
from rekenschap.explain.null import Width, are_first, repeats_for
from rekenschap.explain.plant import Offered, plant
from rekenschap.explain.pool import Numbers, pool_of
from rekenschap.explain.ranking import Ranking, ranking
from rekenschap.explain.searching import (
    HERE,
    Seen,
    permuted_null,
    rows_to_search,
    search,
    weighed_rows,
)
from rekenschap.explain.shares import shares_of
from rekenschap.explain.verdict import explanations, verdicts
from rekenschap.explain.weeks import chance_of, weeks_of
from rekenschap.explain.weighing.evidence import EvidenceModel, score, terms
from rekenschap.explain.weighing.fitting import Evidence, fit
from rekenschap.explain.weighing.levels import MEASURES
from rekenschap.explain.weighing.strength import Sample, Strengths, strengths
from rekenschap.model.explanation import Shares, Weight
from rekenschap.model.planting import Among
from rekenschap.seams.engine import Engine
from rekenschap.sql.query import Query, load_queries, load_query
from rekenschap.sql.workspace import run


@dataclass(frozen=True, slots=True, kw_only=True)
class Planting:
    """A wish for planted looks: how many, from which seed, among which subjects."""

    count: int
    seed: int
    among: Among = Among.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What came out: tables are also bound on the engine under their own names.

    `look` has the real looks and, after them, the planted ones; `week` the shares by week; `chance` how often
    each look was permuted and explained then; `late_work` the explanations by work of days after the look.
    `widths` says from how far the permuted citizens came; `ranking` is there when looks were planted.
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
    chance: pa.Table
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
    null = permuted_null(pool, rng, times)
    shown = pa.concat_tables([real, *_planted(engine, real, planting)])
    rows = rows_to_search(real, shown, null)
    found = search(engine, asked, shown=shown, rows=rows, weighed=weighed_rows(len(shown), null))
    return _concluded(engine, asked, Seen(pool=pool, shown=shown, null=null, found=found), model)


def _planted(engine: Engine, real: pa.Table, wish: Planting | None) -> list[pa.Table]:
    if wish is None:
        return []
    zaken, phases = (run(engine, load_query(HERE / name)) for name in ("zaken", "phases"))
    offered = Offered(zaken=zaken, phases=phases)
    return [plant(real, offered, count=wish.count, seed=wish.seed, among=wish.among)]


def _concluded(
    engine: Engine, grounds: Sequence[Query], seen: Seen, model: EvidenceModel | None
) -> Explained:
    names = tuple(ground.id for ground in grounds)
    weights = tuple(Weight(ground.weight) for ground in grounds)
    pool, shown, chance = seen.pool, seen.evidence_of("shown"), seen.evidence_of("day").hits
    real = seen.evidence_of("real").hits
    says = stated.set_strengths(
        weights,
        names,
        strengths(
            Sample(hits=real[pool.member], team_class=pool.team_class[pool.member]),
            Sample(hits=chance, team_class=pool.team_class[seen.null.day.repeats_row]),
        ),
    )
    fitted = model or stated.set_weights(weights, _fitted(names, weights, seen))
    scores = score(fitted, shown.hits, shown.levels)
    shown_class = pool_of(seen.shown).team_class
    looks = np.asarray(seen.shown.column("look"))
    explanation = explanations(grounds, seen.found.work, says, looks=looks, team_class=shown_class)
    verdict = verdicts(
        looks,
        shown.hits,
        names=names,
        weights=weights,
        strength=says.hit_by_class[:, shown_class].T,
        score=scores,
    )
    evidence_term = terms(fitted, shown.hits, shown.levels, looks=looks)
    for name, rows in (("explanation", explanation), ("verdict", verdict), ("evidence_term", evidence_term)):
        engine.bind(name, rows)
    late_work = run(engine, load_query(HERE / "late_work")).sort_by(
        [("look", "ascending"), ("ground", "ascending")]
    )
    return Explained(
        shares=shares_of(
            pool, real, null_hits=chance, null_first=are_first(pool, seen.null.day),
            grounds=tuple(zip(names, weights, strict=True)), says=says,
        ),
        strengths=says, model=fitted, widths=seen.null.day.shares(),
        ranking=_ranked(seen, scores), look=seen.shown,
        explanation=explanation, verdict=verdict, evidence_term=evidence_term, late_work=late_work,
        week=weeks_of(
            pool, real, null_hits=chance, repeats_row=seen.null.day.repeats_row, weights=weights
        ),
        chance=chance_of(
            pool, seen.shown.column("look").slice(0, len(pool)),
            null_hits=chance, repeats_row=seen.null.day.repeats_row, weights=weights,
        ),
    )  # fmt: skip


def _fitted(names: tuple[str, ...], weights: tuple[Weight, ...], seen: Seen) -> EvidenceModel:
    """Fit on all shown looks of people: whoever fits the model does not know which were planted."""
    shown = seen.evidence_of("shown")
    people = np.ones(len(shown), dtype=np.bool_)
    people[: len(seen.pool)] = seen.pool.member
    real = shown.rows(people)
    return fit(
        names,
        MEASURES,
        real=Evidence(hits=real.hits & ~stated.columns(weights), levels=real.levels),
        team=seen.evidence_of("team"),
        wide=seen.evidence_of("wide"),
    )


def _ranked(seen: Seen, scores: Numbers) -> Ranking | None:
    pool = seen.pool
    planted, real = scores[len(pool) :], scores[: len(pool)]
    return ranking(planted, real[pool.member], pool.first[pool.member]) if len(planted) else None
