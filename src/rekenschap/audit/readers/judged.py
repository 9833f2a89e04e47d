# SPDX-License-Identifier: EUPL-1.2
"""Which lines of the processing log may be seen now: by the rules of the citizen page, and rather too few.

A line is left out when its activity is shielded; about somebody who is part of an investigation, when no look
that is shown has its trace; and when it belongs to a line or a look that is withheld: the same trace, or the
same person within minutes. Each ground ends by itself, for every offer is judged anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.deriving.for_citizens import DESK
from rekenschap.citizen import Look, Rules, Spell, Why, is_withheld

NEAR = 5 * 60 * 1_000_000
"""µs between a withheld look and a line about the same person that may be of that look"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Judge:
    """What decides at one moment. `investigated`: when each subject (the half of a token) is part of one."""

    rules: Rules
    investigated: Mapping[int, tuple[Spell, ...]] = field(default_factory=dict)

    def withholds(self, look: Look, subject: int | None) -> bool:
        """Say whether a look is withheld now."""
        spells = () if subject is None else self.investigated.get(subject, ())
        return is_withheld(look, self.rules, spells)


def kept(lines: pa.Table, looks: pa.Table, judge: Judge) -> pa.Table:
    """Give the lines that may be seen.

    `lines`: subject (half, int64), trace_id, processing_activity, processed_at (µs), system. `looks`: look,
    subject, looked_at (µs), register, activity, explained, trace_id.
    """
    judged = withheld_of(looks, judge)
    hidden, shown = looks.filter(pa.array(judged)), looks.filter(pa.array(~judged))
    traces = lines.column("trace_id")
    alone = _alone(lines, _in(traces, shown.column("trace_id")), judge)
    of_hidden = _in(traces, hidden.column("trace_id")) | _in(traces, traces.filter(pa.array(alone)))
    return lines.filter(pa.array(~(alone | of_hidden | _near(lines, hidden))))


def withheld_of(looks: pa.Table, judge: Judge) -> np.ndarray:
    """Say of each look whether it is withheld; only those that could be are looked at one by one."""
    shielded = {each.key for each in judge.rules.register if each.is_shielded}
    maybe = (
        _in(looks.column("activity"), pa.array(sorted(shielded), pa.string()))
        | _in(looks.column("register"), pa.array([DESK]))
        | _in(looks.column("look"), pa.array(sorted(judge.rules.decided), pa.int64()))
        | _in(looks.column("subject"), pa.array(sorted(judge.investigated), pa.int64()))
    )
    found = np.zeros(len(looks), dtype=bool)
    at = np.flatnonzero(maybe)
    found[at] = [judge.withholds(_look(row), row["subject"]) for row in looks.take(pa.array(at)).to_pylist()]
    return found


def _alone(lines: pa.Table, beside_shown: np.ndarray, judge: Judge) -> np.ndarray:
    """Say of each line whether it is withheld for its own sake, as if it were a look of its own."""
    shielded = {each.key for each in judge.rules.register if each.is_shielded}
    maybe = (
        _in(lines.column("processing_activity"), pa.array(sorted(shielded), pa.string()))
        | _in(lines.column("subject"), pa.array(sorted(judge.investigated), pa.int64()))
        | _in(lines.column("system"), pa.array([DESK]))
    )
    found = np.zeros(len(lines), dtype=bool)
    at = np.flatnonzero(maybe)
    rows = lines.take(pa.array(at)).to_pylist()
    found[at] = [
        judge.withholds(_as_look(row, is_shown=bool(beside_shown[place])), row["subject"])
        for place, row in zip(at, rows, strict=True)
    ]
    return found


def _near(lines: pa.Table, hidden: pa.Table) -> np.ndarray:
    """Say of each line whether it is about somebody of whom a look is withheld, within minutes of it."""
    found = np.zeros(len(lines), dtype=bool)
    if not len(hidden):
        return found
    moments: dict[int, list[int]] = {}
    for row in hidden.select(["subject", "looked_at"]).to_pylist():
        moments.setdefault(row["subject"], []).append(row["looked_at"])
    at = np.flatnonzero(_in(lines.column("subject"), pa.array(sorted(moments), pa.int64())))
    rows = lines.select(["subject", "processed_at"]).take(pa.array(at)).to_pylist()
    found[at] = [_is_near(row["processed_at"], moments[row["subject"]]) for row in rows]
    return found


def _is_near(at: int, moments: Sequence[int]) -> bool:
    return any(abs(at - each) <= NEAR for each in moments)


def _in(column: pa.ChunkedArray, wanted: pa.Array | pa.ChunkedArray) -> np.ndarray:
    known = wanted.combine_chunks() if isinstance(wanted, pa.ChunkedArray) else wanted
    same = pc.is_in(column, value_set=known.cast(column.type).drop_null())
    return np.asarray(same, dtype=bool)


def _look(row: Mapping[str, object]) -> Look:
    return _made(
        entry=row["look"], at=row["looked_at"], activity=row["activity"],
        is_explained=bool(row["explained"]), is_of_desk=row["register"] == DESK,
    )  # fmt: skip


def _as_look(row: Mapping[str, object], *, is_shown: bool) -> Look:
    return _made(
        entry=-1, at=row["processed_at"], activity=row["processing_activity"], is_explained=is_shown,
        is_of_desk=row["system"] == DESK,
    )  # fmt: skip


def _made(*, entry: object, at: object, activity: object, is_explained: bool, is_of_desk: bool) -> Look:
    assert isinstance(entry, int)  # noqa: S101 - a column of whole numbers
    assert isinstance(at, int)  # noqa: S101
    moment = _EPOCH + timedelta(microseconds=at)
    return Look(
        entry=entry, reference="", at=moment, known_at=moment, why=Why.WORK, register="",
        activity="" if activity is None else str(activity), is_explained=is_explained, is_of_desk=is_of_desk,
    )  # fmt: skip


def spells_by_subject(told: Iterable[tuple[int, Spell]]) -> Mapping[int, tuple[Spell, ...]]:
    """Put the times of investigations together by subject."""
    found: dict[int, tuple[Spell, ...]] = {}
    for subject, spell in told:
        found[subject] = (*found.get(subject, ()), spell)
    return found
