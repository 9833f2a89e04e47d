# SPDX-License-Identifier: EUPL-1.2
"""From facts on an engine to explanations, a verdict and a score per look, and the shares beside their null.

Every ground runs once over real, planted and permuted looks together. Nothing here is a fact: all of it can
be thrown away and computed again from the same facts and the same seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from rekenschap.explain import stated
from rekenschap.explain.null import Width, are_first, are_strangers, repeats_for
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
from rekenschap.explain.shares import Looked, shares_of
from rekenschap.explain.verdict import explanations, verdicts
from rekenschap.explain.weeks import ByChance, chance_of, weeks_of
from rekenschap.explain.weighing.calibration import Calibration, Sides, calibration
from rekenschap.explain.weighing.evidence import EvidenceModel, score, terms
from rekenschap.explain.weighing.fitting import Evidence, fit
from rekenschap.explain.weighing.levels import MEASURES
from rekenschap.explain.weighing.standing import Standings, standings_of
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
    each look was permuted and explained then, fully or at all; `late_work` the explanations by work of days
    after the look. `standings` says what each ground may do here, by how much it was found to say.
    `widths` says from how far the permuted citizens came; `ranking` is there when looks were planted.
    """

    shares: Shares
    strengths: Strengths
    standings: Standings
    model: EvidenceModel
    calibration: Calibration | None = None
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
    calibrate: bool = False,
) -> Explained:
    """Explain every look of the facts bound on `engine`, in work form.

    Binds `look`, `look_zaak`, `explanation`, `verdict` and `evidence_term`. A `model` fitted before is used
    as it is; otherwise one is fitted here. `repeats` 0 lets the number of looks decide. `calibrate` fits a
    second time on half of the looks, to say how true the scores of the others are. Raises EngineError.
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
    seen = Seen(pool=pool, shown=shown, null=null, found=found)
    concluded = _concluded(engine, asked, seen, model)
    return replace(concluded, calibration=_calibrated(asked, seen)) if calibrate else concluded


def _planted(engine: Engine, real: pa.Table, wish: Planting | None) -> list[pa.Table]:
    if wish is None:
        return []
    zaken, phases = (run(engine, load_query(HERE / name)) for name in ("zaken", "phases"))
    offered = Offered(zaken=zaken, phases=phases)
    return [plant(real, offered, count=wish.count, seed=wish.seed, among=wish.among)]


def _concluded(
    engine: Engine, grounds: tuple[Query, ...], seen: Seen, model: EvidenceModel | None
) -> Explained:
    names = tuple(ground.id for ground in grounds)
    weights = tuple(Weight(ground.weight) for ground in grounds)
    pool, shown = seen.pool, seen.evidence_of("shown")
    says = stated.set_strengths(weights, names, _measured(seen))
    standings = standings_of(grounds, says)
    fitted = model or stated.set_weights(weights, _fitted(names, weights, seen))
    scores = score(fitted, shown.hits, shown.levels)
    shown_class = pool_of(seen.shown).team_class
    looks = np.asarray(seen.shown.column("look"))
    explanation = explanations(
        grounds, seen.found.work, says, standings=standings, looks=looks, team_class=shown_class
    )
    verdict = verdicts(
        looks, shown.hits, names=names, standings=standings, team_class=shown_class,
        strength=says.hit_by_class[:, shown_class].T, score=scores,
    )  # fmt: skip
    evidence_term = terms(fitted, shown.hits, shown.levels, looks=looks)
    for name, rows in (("explanation", explanation), ("verdict", verdict), ("evidence_term", evidence_term)):
        engine.bind(name, rows)
    late_work = run(engine, load_query(HERE / "late_work")).sort_by(
        [("look", "ascending"), ("ground", "ascending")]
    )
    real, null = _looked(seen, standings)
    by_chance = ByChance(repeats_row=seen.null.day.repeats_row, explained=null.explained, at_all=null.at_all)
    return Explained(
        shares=shares_of(
            pool, real, null, grounds=names, standings=standings, strength=says.hit,
            strangers=are_strangers(pool, seen.null.day),
        ),
        strengths=says, standings=standings, model=fitted, widths=seen.null.day.shares(),
        ranking=_ranked(seen, scores), look=seen.shown,
        explanation=explanation, verdict=verdict, evidence_term=evidence_term, late_work=late_work,
        week=weeks_of(pool, real.explained, by_chance),
        chance=chance_of(
            pool, seen.shown.column("look").slice(0, len(pool)), at_all=real.at_all, by_chance=by_chance
        ),
    )  # fmt: skip


def _measured(seen: Seen) -> Strengths:
    """Hold each ground for real looks of people against permuted ones, of the same team and day."""
    pool = seen.pool
    return strengths(
        Sample(hits=seen.evidence_of("real").hits[pool.member], team_class=pool.team_class[pool.member]),
        Sample(hits=seen.evidence_of("day").hits, team_class=pool.team_class[seen.null.day.repeats_row]),
    )


def _looked(seen: Seen, standings: Standings) -> tuple[Looked, Looked]:
    """Say of real and of permuted looks which are explained."""
    pool, day = seen.pool, seen.null.day
    real = Looked.of(
        standings, seen.evidence_of("real").hits,
        team_class=pool.team_class, counts=pool.member, first=pool.first,
    )  # fmt: skip
    null = Looked.of(
        standings, seen.evidence_of("day").hits, team_class=pool.team_class[day.repeats_row],
        counts=np.ones(len(day), dtype=np.bool_), first=are_first(pool, day),
    )  # fmt: skip
    return real, null


def _fitted(names: tuple[str, ...], weights: tuple[Weight, ...], seen: Seen) -> EvidenceModel:
    sides = _sides(weights, seen)
    return fit(names, MEASURES, real=sides.real, team=sides.team, wide=sides.wide)


def _calibrated(grounds: tuple[Query, ...], seen: Seen) -> Calibration:
    weights = tuple(Weight(ground.weight) for ground in grounds)
    return calibration(tuple(ground.id for ground in grounds), _sides(weights, seen))


def _sides(weights: tuple[Weight, ...], seen: Seen) -> Sides:
    """Take all shown looks of people: whoever fits the model does not know which were planted."""
    shown = seen.evidence_of("shown")
    people = np.ones(len(shown), dtype=np.bool_)
    people[: len(seen.pool)] = seen.pool.member
    real = shown.rows(people)
    return Sides(
        real=Evidence(hits=real.hits & ~stated.columns(weights), levels=real.levels),
        team=seen.evidence_of("team"),
        wide=seen.evidence_of("wide"),
    )


def _ranked(seen: Seen, scores: Numbers) -> Ranking | None:
    pool = seen.pool
    planted, real = scores[len(pool) :], scores[: len(pool)]
    return ranking(planted, real[pool.member], pool.first[pool.member]) if len(planted) else None
