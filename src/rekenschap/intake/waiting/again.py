# SPDX-License-Identifier: EUPL-1.2
"""Judges rows of quarantine again with a profile that was mended: what passes becomes facts, the rest stays.

A row leaves only after its facts are durable, and the same fact again adds nothing: a crash in between costs
a second run and nothing else. The numbers of a counting were told when the row came in; they are not again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

import orjson
import pyarrow as pa

from rekenschap.errors import RefusedError
from rekenschap.intake.door import Door
from rekenschap.intake.private.quarantine import ROW, Waiting
from rekenschap.intake.profile import Profile
from rekenschap.intake.storing import FactLedger
from rekenschap.intake.taking import take_in_offered
from rekenschap.intake.waiting.offered import OfferedAgain
from rekenschap.seams.source import Block

_AT_ONCE = 5_000


@dataclass(slots=True, kw_only=True)
class Again:
    """What became of rows that were judged again."""

    judged: int = 0
    gone: int = 0
    """rows that left: their facts are in the ledger"""
    accepted: int = 0
    known: int = 0
    staying: Counter[str] = field(default_factory=Counter)
    """rows that still wait, by their reason now"""
    without_facts: int = 0
    not_judged: int = 0
    """rows that can only be judged with the file they came in, or by who sent them"""

    def join(self, other: Again) -> None:
        """Add what became of other rows."""
        self.judged += other.judged
        self.gone += other.gone
        self.accepted += other.accepted
        self.known += other.known
        self.staying.update(other.staying)
        self.without_facts += other.without_facts
        self.not_judged += other.not_judged

    def add(self, offered: OfferedAgain, *, accepted: int, known: int) -> None:
        """Count one group."""
        self.gone += len(offered.gone)
        self.accepted += accepted
        self.known += known
        self.staying.update(offered.bad.values())
        self.without_facts += len(offered.unused)


def judge_again(
    rows: Iterable[Waiting],
    profile: Profile,
    *,
    door: Door,
    ledger: FactLedger,
    now: datetime,
    may: Callable[[Waiting, Mapping[str, str]], bool] = lambda _held, _row: True,
) -> Again:
    """Judge rows (columns as JSON) of one profile again; `may` says whether its sender may send this row.

    Raises RefusedError for a profile whose facts need a whole file.
    """
    check_row_by_row(profile)
    told = Again()
    for some in _groups(rows):
        sound, read = [], []
        for held in some:
            told.judged += 1
            row = columns_of(held)
            if row is None:
                told.not_judged += 1
            elif not may(held, row):
                told.staying[held.row.reason] += 1
            else:
                sound.append(held)
                read.append(row)
        if sound:
            offered = OfferedAgain([_block(read)], sound, range(len(sound)))
            report = take_in_offered(offered, profile, door=door, ledger=ledger, now=now)
            told.add(offered, accepted=report.accepted, known=report.known)
    return told


def check_row_by_row(profile: Profile) -> None:
    """Raise RefusedError when a row of this profile means nothing without the rows around it."""
    if any(rule.one_per for rule in profile.facts):
        raise RefusedError(
            expected=f"a profile that takes each row by itself, for profile {profile.id}",
            found="facts of one_per, which need the whole file",
            remedy="offer the file again: rows that pass then leave quarantine by themselves",
            rule="whole-file",
        )


def columns_of(held: Waiting) -> dict[str, str] | None:
    """Give the columns of a row that waits as text; None when it never was a row, or was cut short."""
    if held.row.form != ROW:
        return None
    try:
        read = orjson.loads(held.row.original)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(read, dict) or not read:
        return None
    return {str(name): _text(value) for name, value in read.items()}


def _text(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _block(rows: Sequence[Mapping[str, str]]) -> Block:
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    return Block(rows=pa.table(columns), lines=pa.array(range(len(rows)), pa.int64()))


def _groups(rows: Iterable[Waiting]) -> Iterator[list[Waiting]]:
    left = iter(rows)
    while some := list(islice(left, _AT_ONCE)):
        yield some
