# SPDX-License-Identifier: EUPL-1.2
"""Explains some looks by what the last run over all looks learnt, so that an hour costs an hour's work.

What grounds say, what they may do and what weighs how much stays as it was; a run over all learns it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.explain.explain import Explained
from rekenschap.explain.pool import Whole, pool_of
from rekenschap.explain.searching import HERE, search
from rekenschap.explain.verdict import explanations, verdicts
from rekenschap.explain.weighing.evidence import EvidenceModel, score, terms
from rekenschap.explain.weighing.standing import Standings
from rekenschap.explain.weighing.strength import Strengths
from rekenschap.seams.engine import Engine
from rekenschap.sql.query import Query, load_query
from rekenschap.sql.workspace import run


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What a run over all looks learnt; `team_class` is the class of size of each team."""

    grounds: tuple[Query, ...]
    strengths: Strengths
    standings: Standings
    model: EvidenceModel
    team_class: Mapping[str | None, int]

    @classmethod
    def of(cls, grounds: tuple[Query, ...], explained: Explained) -> Learnt:
        """Keep what `explained` learnt, with the grounds it was made with, in their order."""
        of_look = pool_of(explained.look).team_class
        teams, first = np.unique(_texts(explained.look.column("team")), return_index=True)
        return cls(
            grounds=grounds,
            strengths=explained.strengths,
            standings=explained.standings,
            model=explained.model,
            team_class={str(team) or None: int(of_look[at]) for team, at in zip(teams, first, strict=True)},
        )

    def classes(self, team: pa.ChunkedArray) -> Whole:
        """Give the class of each team; one that nobody looked from before is the smallest."""
        teams, which = np.unique(_texts(team), return_inverse=True)
        of_team = np.array([self.team_class.get(str(each) or None, 0) for each in teams], dtype=np.int64)
        return of_team[which.reshape(-1)] if len(teams) else np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The relations of some looks, as a run over all would have them with the same things learnt."""

    look: pa.Table
    explanation: pa.Table
    verdict: pa.Table
    evidence_term: pa.Table
    late_work: pa.Table


def explain_some(engine: Engine, entries: Whole, learnt: Learnt) -> Followed:
    """Explain the looks with these numbers. All facts that any ground can reach from them must be bound on
    `engine`, in work form; more does no harm. Binds what `explain` binds. Raises EngineError.
    """
    known = run(engine, load_query(HERE / "looks"))
    look = known.filter(pc.is_in(known.column("look"), value_set=pa.array(entries, pa.int64())))
    look = look.sort_by("look").combine_chunks()
    found = search(engine, learnt.grounds, shown=look, rows=look, weighed=np.ones(len(look), dtype=np.bool_))
    numbers, of_look = np.asarray(look.column("look")), learnt.classes(look.column("team"))
    hits, levels = found.evidence.hits, found.evidence.levels
    explanation = explanations(
        learnt.grounds, found.work, learnt.strengths,
        standings=learnt.standings, looks=numbers, team_class=of_look,
    )  # fmt: skip
    verdict = verdicts(
        numbers, hits, names=tuple(each.id for each in learnt.grounds), standings=learnt.standings,
        team_class=of_look, strength=learnt.strengths.hit_by_class[:, of_look].T,
        score=score(learnt.model, hits, levels),
    )  # fmt: skip
    engine.bind("explanation", explanation)
    engine.bind("verdict", verdict)
    return Followed(
        look=look, explanation=explanation, verdict=verdict,
        evidence_term=terms(learnt.model, hits, levels, looks=numbers),
        late_work=run(engine, load_query(HERE / "late_work")),
    )  # fmt: skip


def _texts(column: pa.ChunkedArray) -> np.ndarray[tuple[int, ...], np.dtype[np.str_]]:
    """Give texts as an array; nothing is the empty text."""
    return np.asarray(pc.fill_null(column, "").to_pylist(), dtype=np.str_)
