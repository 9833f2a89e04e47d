# SPDX-License-Identifier: EUPL-1.2
"""From what is not explained to findings: run the rules, keep what is more than chance, join one story.

Reads `look` and `verdict` on an engine; knows no ledger, no source and no file but its own query folders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import Path

import numpy as np
import pyarrow as pa

from rekenschap.detect.behind import Habits, Looks, usual_score_of_others
from rekenschap.detect.scan import (
    Scan,
    Standing,
    Yardstick,
    column,
    discoveries,
    scan_pairs,
    scan_windows,
)
from rekenschap.detect.tail import Places
from rekenschap.detect.terms import score_of, term_of_repeats, terms_behind, terms_of_count
from rekenschap.detect.words import Searched, Seen, sentences
from rekenschap.model.finding import Finding, Term
from rekenschap.model.ids import Pseudonym
from rekenschap.seams.engine import Engine, Parameter
from rekenschap.sql.query import Query, load_queries, load_query
from rekenschap.sql.workspace import run

_HERE = Path(__file__).parent
_STAFF, _SUBJECT, _REPEATS = "unexplained_by_staff", "unexplained_by_subject", "unexplained_repeats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What decides which findings are given.

    q               the share of findings that may be chance (false discovery rate, 0 to 1)
    weekly_budget   findings people can look into in a week; None gives them all
    at_least_*      the smallest count worth a finding: looks of one member of staff, staff on one subject,
                    days on one subject
    peers_at_least  a group smaller than this is compared with everybody
    settings        parameters of the queries, by name: office_opens, office_closes, recent_days, history_days
    without         channels that are not asked, by name; `weak_reason` leaves out every kind of it
    """

    q: float = 0.05
    weekly_budget: float | None = None
    at_least_looks: int = 3
    at_least_staff: int = 3
    at_least_days: int = 3
    peers_at_least: int = 8
    settings: Mapping[str, Parameter] = field(default_factory=dict)
    without: frozenset[str] = frozenset()

    def asks(self, channel: str) -> bool:
        """Say whether a channel is asked."""
        return not any(channel == each or channel.startswith(f"{each}_") for each in self.without)


def detect(
    engine: Engine, *, grounds: Sequence[Searched], parameters: Parameters | None = None
) -> tuple[Finding, ...]:
    """Give the findings, highest score first; `look` and `verdict` must be bound, and `visit` is bound here.

    `grounds` are those that were searched: they are named in the second sentence. Raises EngineError.
    """
    asked = parameters or Parameters()
    visits = run(engine, _query("baselines/visits"), asked.settings)
    if not len(visits):
        return ()
    engine.bind("visit", visits)
    habits = Habits.of(run(engine, _query("baselines/habits"), asked.settings))
    days = int(column(visits, "days_ago").max()) + 1
    standing = discoveries(_scans(engine, asked, habits, days=days), q=asked.q)
    if not standing:
        return ()
    looks = Looks.of(run(engine, _query("baselines/unexplained_looks"), asked.settings))
    found = [_Draft.of(each, looks, habits, days=days) for each in standing]
    findings = sorted((each.finding(grounds) for each in _joined(found)), key=_order)
    return tuple(
        findings if asked.weekly_budget is None else findings[: ceil(asked.weekly_budget * days / 7)]
    )


def queries() -> tuple[Query, ...]:
    """Give every query folder of this room, by id."""
    return load_queries(_HERE)


def _query(folder: str) -> Query:
    return load_query(_HERE / folder)


def _order(finding: Finding) -> tuple[float, str, tuple[int, ...]]:
    return -finding.score, finding.rule, finding.looks


def _scans(engine: Engine, asked: Parameters, habits: Habits, *, days: int) -> list[Scan]:
    by_staff, by_subject, repeats = (
        run(engine, _query(f"rules/{rule}"), asked.settings) for rule in (_STAFF, _SUBJECT, _REPEATS)
    )
    peers = asked.peers_at_least
    return [
        scan_windows(
            by_staff, habits.groups(column(by_staff, "staff")), about="staff",
            yardstick=Yardstick(rule=_STAFF, at_least=asked.at_least_looks, peers_at_least=peers),
        ),
        scan_windows(
            by_subject, _sizes(by_subject), about="subject",
            yardstick=Yardstick(
                rule=_SUBJECT, at_least=asked.at_least_staff, peers_at_least=peers, bare_too=True
            ),
        ),
        scan_pairs(
            repeats, habits.groups(column(repeats, "staff")), days=days,
            yardstick=Yardstick(rule=_REPEATS, at_least=asked.at_least_days, peers_at_least=peers),
        ),
    ]  # fmt: skip


def _sizes(rows: pa.Table) -> Places:
    """Put subjects with about as many lookers together: 1, 2-3, 4-7, 8-15 and so on."""
    return np.floor(np.log2(np.maximum(column(rows, "exposed"), 1))).astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A finding before its words: what stands out, its looks, and its terms."""

    standing: Standing
    looks: Looks
    terms: tuple[Term, ...]
    days: int
    repeats: tuple[_Draft, ...] = ()

    @classmethod
    def of(cls, standing: Standing, looks: Looks, habits: Habits, *, days: int) -> _Draft:
        behind = looks.behind(standing)
        usual = usual_score_of_others(looks, standing)
        days = min(standing.window_days, days)
        terms = [
            *terms_of_count(standing, days=days),
            *terms_behind(standing, behind, habits=habits, usual_score=usual),
        ]
        return cls(standing=standing, looks=behind, terms=tuple(terms), days=days)

    def finding(self, grounds: Sequence[Searched]) -> Finding:
        domain = "subject" if self.standing.rule == _SUBJECT else "staff"
        behind = Looks.together([self.looks, *(each.looks for each in self.repeats)])
        seen = Seen(
            subjects=len(np.unique(self.looks.subject)),
            weak_looks=int(behind.weak_only.sum()),
            days=self.days,
            repeats=tuple((each.standing.other, each.standing.count) for each in self.repeats),
        )
        return Finding(
            rule=self.standing.rule,
            about=Pseudonym(domain=domain, hi=self.standing.about),
            terms=self.terms + self._term_of_repeats(),
            sentences=sentences(self.standing, seen, grounds),
            looks=tuple(int(each) for each in behind.look),
            searched=tuple(each.ground for each in grounds),
        )

    def _term_of_repeats(self) -> tuple[Term, ...]:
        if not self.repeats:
            return ()
        strongest = self.repeats[0]
        alone = replace(strongest, repeats=self.repeats[1:2])
        beyond = score_of(alone.terms + alone._term_of_repeats()) - score_of(self.terms)
        worth = score_of(strongest.terms)
        term = term_of_repeats(worth, beyond=beyond, subjects=len(self.repeats))
        return (term,) if term.value > 0 else ()


def _joined(drafts: Sequence[_Draft]) -> list[_Draft]:
    """Make one finding of what one member of staff did: repeats join the count, or the strongest repeat."""
    about_staff: dict[int, list[_Draft]] = {}
    for each in drafts:
        if each.standing.rule != _SUBJECT:
            about_staff.setdefault(each.standing.about, []).append(each)
    about_subjects = [each for each in drafts if each.standing.rule == _SUBJECT]
    return about_subjects + [_one_story(each) for each in about_staff.values()]


def _one_story(drafts: list[_Draft]) -> _Draft:
    first, *rest = sorted(drafts, key=_weight)
    return replace(first, repeats=tuple(rest))


def _weight(draft: _Draft) -> tuple[bool, float, tuple[int, ...]]:
    return draft.standing.rule != _STAFF, -score_of(draft.terms), tuple(map(int, draft.looks.look))
