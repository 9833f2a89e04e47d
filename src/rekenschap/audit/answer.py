# SPDX-License-Identifier: EUPL-1.2
"""From a ledger to its answer: what came in, what is explained, what is not. All of it can be recomputed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.detect import Searched, detect, not_received, urgent_rules
from rekenschap.explain import FIRST_PLANTED, Explained, Planting, explain, facts_read, grounds_of_the_house
from rekenschap.ledger import Ledger
from rekenschap.model.completeness import NotReceived
from rekenschap.model.explanation import Weight
from rekenschap.model.finding import Finding
from rekenschap.model.relations import DOOR_RELATIONS, RELATIONS, SEARCHED_RELATIONS
from rekenschap.packs.held import checked_packs, with_packs, with_rules
from rekenschap.report.content import SourceSystem
from rekenschap.seams.engine import Engine
from rekenschap.sql.query import Query
from rekenschap.tables import in_shape_of, to_work_form
from rekenschap.tlog.checkpoint import Checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Everything said about one checkpoint. `facts` are the relations in work form, as they were searched, or
    (when they never came through this program) who reported each fact and when it happened.
    """

    checkpoint: Checkpoint
    facts: Mapping[str, pa.Table]
    systems: tuple[SourceSystem, ...]
    explained: Explained
    findings: tuple[Finding, ...]
    grounds: tuple[Query, ...]
    not_received: tuple[NotReceived, ...] = ()
    sealed: int = 0
    """the entry after the last that was read; the checkpoint may cover more, which is yet to be sealed"""

    @property
    def only_late(self) -> int:
        """How many looks are explained only by work that was recorded days after the look."""
        late = self.explained.late_work
        return len(pc.unique(late.filter(pc.field("only_late")).column("look")))

    @property
    def counts(self) -> Mapping[str, int]:
        """How many facts of each relation there are, without those of which there are none."""
        return {name: len(rows) for name, rows in self.facts.items() if len(rows)}


def answer(
    ledger: Ledger, engine: Engine, *, seed: int, planting: Planting | None = None,
    grounds: tuple[Query, ...] | None = None,
    binds: Callable[[Ledger, Engine], dict[str, pa.Table]] | None = None,
) -> Answer:  # fmt: skip
    """Explain every look of the latest checkpoint and find what nothing explains.

    `planting` adds looks that are in no ledger, to see how they rank; no finding rests on them. `grounds`
    are those of the package unless others are given, as of a house with packs; `binds` is how the facts come
    on the engine, when it is not through this program.
    """
    facts = (binds or bound)(ledger, engine)
    grounds = grounds_of_the_house() if grounds is None else grounds
    explained = _without_planted(explain(engine, seed=seed, grounds=grounds, planting=planting))
    engine.bind("look", explained.look)
    return Answer(
        checkpoint=ledger.checkpoint,
        facts=facts,
        systems=_systems(facts),
        explained=explained,
        findings=detect(engine, grounds=searched(grounds, facts)),
        grounds=grounds,
        not_received=not_received(engine),
        sealed=ledger.size,
    )


def _without_planted(explained: Explained) -> Explained:
    real = pc.field("look") < FIRST_PLANTED
    return replace(
        explained,
        look=explained.look.filter(real),
        verdict=explained.verdict.filter(real),
        explanation=explained.explanation.filter(real),
        evidence_term=explained.evidence_term.filter(real),
        late_work=explained.late_work.filter(real),
    )


def grounds_in(home: Path, ledger: Ledger) -> tuple[Query, ...]:
    """Give the grounds of the package and of the packs of a house; raises VerificationError for others."""
    return with_packs(grounds_of_the_house(), checked_packs(home, ledger))


def rules_in(home: Path, ledger: Ledger) -> tuple[Query, ...]:
    """Give the rules that do not wait, of the package and of the packs of a house; raises as `grounds_in`."""
    return with_rules(urgent_rules(), checked_packs(home, ledger))


def bound(ledger: Ledger, engine: Engine) -> dict[str, pa.Table]:
    """Bind every relation as of the latest checkpoint; give those that sources reported."""
    found: dict[str, pa.Table] = {}
    for name in (*RELATIONS, *DOOR_RELATIONS):
        facts = ledger.facts(name)
        rows = to_work_form(facts.table, facts.relation, entries=facts.entries)
        found[name] = in_shape_of(rows, SEARCHED_RELATIONS[name])  # a ledger may be older than a column
        engine.bind(name, found[name])
    return {name: found[name] for name in RELATIONS}


def searched(grounds: tuple[Query, ...], facts: Mapping[str, pa.Table]) -> tuple[Searched, ...]:
    """Name the grounds that could explain: full ones for which there is work at all."""
    return tuple(
        Searched(ground=ground.id, nl=ground.short.nl, en=ground.short.en)
        for ground in grounds
        if Weight(ground.weight) is Weight.FULL and any(len(facts[name]) for name in facts_read(ground))
    )


def _systems(facts: Mapping[str, pa.Table]) -> tuple[SourceSystem, ...]:
    """Count per source system, and give the times of its first and last fact while there were looks.

    A contract of ten years ago says nothing about whether its system reported in the period of the looks.
    """
    looked_at = facts["consultation"].column("looked_at")
    begin, end = pc.min(looked_at), pc.max(looked_at)
    parts = []
    for name, rows in facts.items():
        happened = rows.column(RELATIONS[name].happened)
        within = pc.and_(pc.greater_equal(happened, begin), pc.less_equal(happened, end))
        nothing = pa.scalar(None, pa.int64())
        parts.append(rows.select(["source"]).append_column("at", pc.if_else(within, happened, nothing)))
    grouped = pa.concat_tables(parts).group_by("source").aggregate(
        [("source", "count"), ("at", "min"), ("at", "max")]
    )  # fmt: skip
    ordered = grouped.sort_by([("source_count", "descending")]).to_pylist()
    return tuple(
        SourceSystem(
            name=each["source"],
            facts=each["source_count"],
            first=moment(each["at_min"]),
            last=moment(each["at_max"]),
        )
        for each in ordered
    )


def moment(microseconds: int | None) -> datetime | None:
    """Turn microseconds UTC into a moment."""
    return None if microseconds is None else datetime.fromtimestamp(microseconds / 1_000_000, tz=UTC)
