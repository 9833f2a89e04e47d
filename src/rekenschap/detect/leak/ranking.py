# SPDX-License-Identifier: EUPL-1.2
"""Ranks staff by what of the list they met without a reason, beyond chance, corrected for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from rekenschap.detect.leak.answer import Candidate, LeakAnswer, Likeness, Standing
from rekenschap.detect.leak.asked import Leaked, LeakParameters
from rekenschap.detect.leak.background import Background, Staff
from rekenschap.detect.leak.chance import UNKNOWN, Chances, Flags, Met
from rekenschap.detect.leak.counting import Numbers, Places, log_holm, log_tails
from rekenschap.detect.leak.likeness import Lots, hold_against
from rekenschap.detect.leak.words import Told, sentences
from rekenschap.model.ids import Pseudonym

NOBODY_KNOWN = 0
"""Stands for the subject of a line of which nobody is known: no look is ever at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The list in columns: each subject, where a next person, address or home begins, and its lines."""

    subjects: Places
    starts: Places
    of_line: Places

    @classmethod
    def of(cls, leaked: Leaked, home: Sequence[int]) -> Lines:
        """Take lines together that share a home; `home` is for each line the number of its home, 0, 1, 2…"""
        order = np.argsort(np.asarray(home), kind="stable")
        subjects: list[int] = []
        starts: list[int] = []
        for at, line in enumerate(order):
            if not at or home[line] != home[order[at - 1]]:
                starts.append(len(subjects))
            fresh = [each for each in leaked.lines[line] if each not in subjects[starts[-1] :]]
            subjects += fresh or ([NOBODY_KNOWN] if starts[-1] == len(subjects) else [])
        return cls(
            subjects=np.array(subjects, dtype=np.int64),
            starts=np.array(starts, dtype=np.int64),
            of_line=np.unique(np.asarray(home), return_inverse=True)[1].astype(np.int64),
        )


def rank_sources(
    background: Background, met: Met, lines: Lines, *, parameters: LeakParameters, lots: Lots | None = None
) -> LeakAnswer:
    """Rank everybody who met the list; `met` must hold the subjects of the list and of the lots."""
    chances = Chances(background, met)
    held = _Held.of(chances, met, lines, tests=background.with_right)
    out = (held.log_corrected <= log(parameters.alpha)) & (held.counts >= parameters.in_common)
    equal = _equal(held, parameters)
    order = np.lexsort((background.staff.token[held.rows], -held.explained, -held.counts, held.log_chance))
    shown = order[: max(parameters.shown, equal + 2, int(out.sum()) + 1)]
    likeness = None
    if lots is not None and len(held.rows):
        likeness = hold_against(
            lots, chances, met, starts=lines.starts, best=float(held.log_chance.min()),
            bar=log(parameters.alpha) - log(held.tests), in_common=parameters.in_common,
        )  # fmt: skip
    ranking = tuple(held.candidate(at, background, lines, stands_out=bool(out[at])) for at in shown)
    return _answer(background, met, lines, ranking=ranking, equal=equal, likeness=likeness)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """Everybody who met the list (rows), held against chance: flags are rows x lines."""

    rows: Places
    without: Flags
    with_reason: Flags
    own: Flags
    chances: Numbers
    log_chance: Numbers
    log_corrected: Numbers
    tests: int

    @classmethod
    def of(cls, chances: Chances, met: Met, lines: Lines, *, tests: int) -> _Held:
        columns = met.places(lines.subjects)
        asked = np.isin(met.subject, columns[columns != UNKNOWN])
        rows = _never_alone(np.unique(met.staff[asked & met.person]), chances.staff)
        wide = np.broadcast_to(columns, (len(rows), len(columns)))
        without, with_reason, own = chances.found(rows, wide, lines.starts)
        each = chances.chances(rows, wide, lines.starts)
        logs = log_tails(each, without.sum(axis=1))
        tests = max(tests, len(rows), 1)
        return cls(
            rows=rows, without=without, with_reason=with_reason, own=own, chances=each, log_chance=logs,
            log_corrected=log_holm(logs, tests=tests), tests=tests,
        )  # fmt: skip

    @property
    def counts(self) -> Places:
        return np.asarray(self.without.sum(axis=1), dtype=np.int64)

    @property
    def explained(self) -> Places:
        return np.asarray((self.with_reason & ~self.without).sum(axis=1), dtype=np.int64)

    def candidate(self, at: int, background: Background, lines: Lines, *, stands_out: bool) -> Candidate:
        marks = np.where(self.without[at], "unexplained", np.where(self.with_reason[at], "explained", ""))
        return Candidate(
            staff=Pseudonym(domain="staff", hi=int(background.staff.token[self.rows[at]])),
            unexplained=int(self.counts[at]),
            explained=int(self.explained[at]),
            expected=float(self.chances[at].sum()),
            log_chance=float(self.log_chance[at]),
            log_corrected=float(self.log_corrected[at]),
            own_work=bool(self.own[at].any()),
            stands_out=stands_out,
            met=tuple(str(marks[place]) for place in lines.of_line),
        )


def _never_alone(rows: Places, staff: Staff) -> Places:
    """Put beside one who alone met the list the one most likely to by chance: there is always a next."""
    others = np.flatnonzero(staff.person == 1)
    others = others[~np.isin(others, rows)]
    if len(rows) != 1 or not len(others):
        return rows
    return np.sort(np.append(rows, others[np.argmax(staff.unexplained[others])]))


def _equal(held: _Held, parameters: LeakParameters) -> int:
    """Count the others whose evidence is as strong as that of the first, or nearly."""
    if not len(held.rows) or held.counts.max() == 0:
        return 0
    near = held.log_chance <= held.log_chance.min() + log(parameters.alike)
    return int((near & (held.counts > 0)).sum()) - 1


def _answer(
    background: Background, met: Met, lines: Lines, *, ranking: tuple[Candidate, ...], equal: int,
    likeness: Likeness | None,
) -> LeakAnswer:  # fmt: skip
    singled = sum(each.stands_out for each in ranking)
    standing = Standing.NOBODY if not singled else Standing.ONE if singled + equal == 1 else Standing.SEVERAL
    told = Told(
        together=len(lines.starts),
        never_seen=len(lines.starts) - _lines_of(met.subject, met, lines),
        no_reason=_lines_of(met.subject[met.unexplained], met, lines),
        with_right=max(background.with_right, 1),
        equal=equal,
        standing=standing,
        first=ranking[0] if ranking else None,
        second=ranking[1] if len(ranking) > 1 else None,
    )
    return LeakAnswer(
        lines=len(lines.of_line),
        together=told.together,
        never_seen=told.never_seen,
        no_reason=told.no_reason,
        with_right=told.with_right,
        equal=equal,
        shared=_lines_of(met.subject[~met.person], met, lines),
        standing=standing,
        ranking=ranking,
        likeness=likeness,
        sentences=sentences(told, likeness),
    )


def _lines_of(subjects: Places, met: Met, lines: Lines) -> int:
    """Count the persons, addresses or homes of which one of these subjects is part."""
    flags = np.isin(met.places(lines.subjects), subjects)
    return int(np.logical_or.reduceat(flags, lines.starts).sum())
