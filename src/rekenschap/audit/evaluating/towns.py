# SPDX-License-Identifier: EUPL-1.2
"""Drawn towns, one after another: with misuse, without it, and with part of the records taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.evaluating.figures import AT_BUDGET, OURS, Figures, Spent
from rekenschap.audit.evaluating.given.choice import Choice
from rekenschap.audit.evaluating.material import Material, material_of_tables
from rekenschap.audit.evaluating.summary import figures, method_figures
from rekenschap.audit.evaluating.trial import Trial, hold
from rekenschap.demo import SCENARIOS, START, Noise, draw_town
from rekenschap.model.relations import RELATIONS

PER_QUARTER = 33.0
"""Episodes per 1,000 staff in thirteen weeks: many more than in life, so that each scenario is seen often."""

MISSING = (0.02, 0.05, 0.10)
"""Shares of all records of work that an ablation leaves out, by lot."""

_NOT_WORK = ("consultation", "staff", "processing_activity")
_FIRST_SEED = 101

Told = Callable[[int, int, str], None]
"""Told of each step: how much is done, of how much, and of what (a key of the texts)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How many towns, how large, and how many of them without misuse and with records taken away."""

    seeds: int = 10
    staff: int = 2000
    days: int = 91
    quiet: int = 20
    ablated: int = 1
    first_seed: int = _FIRST_SEED
    beside: bool = True
    choice: Choice = field(default_factory=Choice)

    @property
    def steps(self) -> int:
        """Count the runs, but for those of ablations, of which the town decides the number."""
        return self.seeds + self.quiet


@dataclass(frozen=True, slots=True, kw_only=True)
class Ablation:
    """What remains when records are missing: `kind` is source, share or day; `what` names it."""

    kind: str
    what: str
    explained: float
    null_explained: float
    spent: Spent


@dataclass(frozen=True, slots=True, kw_only=True)
class OfTowns:
    """What the towns gave."""

    wish: Wish
    figures: Figures
    ablations: tuple[Ablation, ...]


def of_towns(wish: Wish, told: Told) -> OfTowns:
    """Run over all towns, one at a time; nothing of a town is kept but its trial."""
    trials, ablations = [], []
    for at in range(wish.seeds):
        step = _step(told, at, wish.steps)
        step("town")
        material = town(wish, at)
        trials.append(hold(material, seed=at + 1, told=step, beside=wish.beside, choice=wish.choice))
        if at < wish.ablated:
            ablations.append(_as_ablation("whole", "", trials[-1]))
            ablations += _ablated(material, wish, step)
        del material
    quiet = []
    for at in range(wish.quiet):
        step = _step(told, wish.seeds + at, wish.steps)
        step("town")
        drawn = town(wish, wish.seeds + at, misuse=False)
        quiet.append(hold(drawn, seed=at + 1, told=step, beside=False, quiet=True, choice=wish.choice))
    return OfTowns(wish=wish, figures=figures(trials, quiet), ablations=tuple(ablations))


def _step(told: Told, done: int, steps: int) -> Callable[[str], None]:
    return lambda what: told(done, steps, what)


def town(wish: Wish, at: int, *, misuse: bool = True, noise: Noise | None = None) -> Material:
    """Draw the town of one seed; with misuse the scenarios take turns, so that all come equally often."""
    drawn = draw_town(
        seed=wish.first_seed + at,
        staff=wish.staff,
        days=wish.days,
        start=START,
        noise=noise,
        scenarios=turns(wish, at) if misuse else dict.fromkeys(_KEYS, 0),
    )
    return material_of_tables(
        f"town {wish.first_seed + at}",
        drawn.tables,
        truth=drawn.truth,
        episodes=drawn.episodes,
        sent=drawn.sent,
    )


_KEYS = np.random.default_rng(0).permutation(sorted(each.key for each in SCENARIOS)).tolist()
"""Every scenario, in an order in which a few towns meet plain and hiding ones alike."""


def turns(wish: Wish, at: int) -> dict[str, int]:
    """Give how many episodes of each scenario the `at`-th town has."""
    keys = _KEYS
    each = max(1, round(PER_QUARTER * wish.staff / 1000 * wish.days / 91))
    counts = dict.fromkeys(keys, 0)
    for turn in range(at * each, (at + 1) * each):
        counts[keys[turn % len(keys)]] += 1
    return counts


def _ablated(material: Material, wish: Wish, told: Callable[[str], None]) -> Iterator[Ablation]:
    for kind, what, facts in _ablations(material):
        trial = hold(material.with_facts(facts), seed=1, told=told, beside=False, choice=wish.choice)
        yield _as_ablation(kind, what, trial)


def _as_ablation(kind: str, what: str, trial: Trial) -> Ablation:
    return Ablation(
        kind=kind,
        what=what,
        explained=trial.explained,
        null_explained=trial.null_explained,
        spent=method_figures([trial], OURS).at[AT_BUDGET],
    )


def _ablations(material: Material) -> Iterator[tuple[str, str, dict[str, pa.Table]]]:
    """Give the facts without each source of work, without a share of all records, and without one day."""
    facts = material.facts
    largest = _sources(facts)
    for share in MISSING:
        yield "share", f"{share:.0%}", _thinned(facts, share)
    if largest:
        day = _busy_day(facts, largest[0])
        yield "day", largest[0], _without(facts, largest[0], day=day)
    for source in largest:
        yield "source", source, _without(facts, source)


def _sources(facts: Mapping[str, pa.Table]) -> list[str]:
    """Name the sources of records of work, the largest first."""
    counts: dict[str, int] = {}
    for name in (each for each in RELATIONS if each not in _NOT_WORK):
        for row in pc.value_counts(facts[name].column("source")).to_pylist():
            counts[row["values"]] = counts.get(row["values"], 0) + row["counts"]
    return sorted(counts, key=lambda source: -counts[source])


def _busy_day(facts: Mapping[str, pa.Table], source: str) -> int:
    """Give the day on which a source told most."""
    days = [
        np.asarray(rows.filter(pc.equal(rows.column("source"), source)).column("happened_day").drop_null())
        for name, rows in facts.items()
        if name not in _NOT_WORK
    ]
    names, counts = np.unique(np.concatenate(days), return_counts=True)
    return int(names[counts.argmax()])


def _without(facts: Mapping[str, pa.Table], source: str, *, day: int | None = None) -> dict[str, pa.Table]:
    """Take away what a source told of work, on one day or at all."""
    kept = dict(facts)
    for name in (each for each in RELATIONS if each not in _NOT_WORK):
        gone = pc.equal(facts[name].column("source"), source)
        if day is not None:
            gone = pc.and_(gone, pc.fill_null(pc.equal(facts[name].column("happened_day"), day), False))
        kept[name] = facts[name].filter(pc.invert(gone))
    return kept


def _thinned(facts: Mapping[str, pa.Table], share: float) -> dict[str, pa.Table]:
    """Take away a share of all records of work, by lot."""
    rng = np.random.default_rng(round(share * 1000))
    kept = dict(facts)
    for name in (each for each in RELATIONS if each not in _NOT_WORK):
        kept[name] = facts[name].filter(pa.array(rng.random(len(facts[name])) >= share))
    return kept
