# SPDX-License-Identifier: EUPL-1.2
"""Takes in what is offered, a file or bodies from a network: door, quarantine and ledger, block by block."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa

from rekenschap.errors import RefusedError, SourceError
from rekenschap.intake.admission import Admission, Admitted, Refusal, microseconds
from rekenschap.intake.counting.deliveries import Deliveries
from rekenschap.intake.door import Door
from rekenschap.intake.groups import WholeFile
from rekenschap.intake.identifiers import Pseudonyms
from rekenschap.intake.keeping import Keeping
from rekenschap.intake.offered import Offered, OfferedFile, ahead
from rekenschap.intake.private.minimising import by_writer, minimised
from rekenschap.intake.private.quarantine import ROW, TEXT, BadRow
from rekenschap.intake.profile import Profile
from rekenschap.intake.report import FactCount, IntakeReport, Progress
from rekenschap.intake.storing import FactLedger, Storing
from rekenschap.seams.source import KEPT_OF_A_LINE, RECEIVED, RECORD, Block

_CLOCKS_APART = 60_000_000
"""A minute in microseconds: as far as the check of a ledger allows."""


def take_in(
    path: Path,
    profile: Profile,
    *,
    door: Door,
    ledger: FactLedger,
    now: datetime,
    progress: Callable[[Progress], None] | None = None,
) -> IntakeReport:
    """Take one file in; the same file twice adds nothing, and a bad row never stops it.

    Raises SourceError when the file as a whole cannot be read, RefusedError when the clock was set back. Of a
    file that breaks off half-way what came before is kept, and the report says so; facts that need the whole
    file are then withheld.
    """
    offered = OfferedFile(path, profile, door.readers)

    def told(rows: int, read: int) -> None:
        if progress is not None:
            progress(Progress(rows=rows, bytes_read=read, bytes_total=path.stat().st_size))

    return take_in_offered(offered, profile, door=door, ledger=ledger, now=now, told=told)


def take_in_offered(
    offered: Offered,
    profile: Profile,
    *,
    door: Door,
    ledger: FactLedger,
    now: datetime,
    told: Callable[[int, int], None] | None = None,
    passed: Iterable[Passed] | None = None,
) -> IntakeReport:
    """Take in what is offered, as `take_in` a file; `told` hears after each block how many rows and bytes.

    `passed` are its blocks when they went through the door before (see `passing`).
    """
    began = time.perf_counter()
    deliveries = Deliveries()
    recorded_at = _moment_of_recording(ledger.newest(), microseconds(now))
    keeping = Keeping(door.records, recorded_at=recorded_at)
    storing = Storing(
        ledger,
        recorded_at=recorded_at,
        before=door.pseudonyms.put_away,
        new=deliveries.add_fresh if profile.sequence is not None and offered.counts_anew else None,
        kept=keeping.seal if profile.keeps_record else None,
    )
    taking = _Taking(offered, profile, door=door, storing=storing, deliveries=deliveries, keeping=keeping)
    interrupted = None
    coming = (
        ahead(passing(offered, profile, pseudonyms=door.pseudonyms, now=recorded_at))
        if passed is None
        else (each for each in passed)
    )
    try:
        with closing(coming):
            for each in coming:
                taking.take(each)
                if told is not None:
                    told(taking.rows, each.block.bytes_read)
    except SourceError as error:
        if not taking.rows:
            raise
        interrupted = error
    taking.finish(whole=interrupted is None)
    return taking.report(seconds=time.perf_counter() - began, interrupted=interrupted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A block that went through the door, with what each rule made of it; nothing of it is kept yet."""

    block: Block
    admitted: list[Admitted]
    failed: tuple[Refusal, ...]
    error: SourceError | None = None
    """why what is offered breaks off here"""


def passing(offered: Offered, profile: Profile, *, pseudonyms: Pseudonyms, now: int) -> Iterator[Passed]:
    """Let the blocks of what is offered through the door, one by one (`now` in µs UTC)."""
    admission = Admission(profile=profile, pseudonyms=pseudonyms, now=now)
    for block in _coming(offered, profile):
        try:
            admitted, failed = admission.admit(block.rows, block.lines)
        except SourceError as error:
            yield Passed(block=block, admitted=[], failed=(), error=error)
            return
        yield Passed(block=block, admitted=admitted, failed=failed)


def _coming(offered: Offered, profile: Profile) -> Iterator[Block]:
    """Give the blocks as far as they may pass."""
    rule = profile.minimising
    return offered.blocks() if rule is None else (minimised(each, rule) for each in offered.blocks())


def _moment_of_recording(newest: int | None, now: int) -> int:
    """Give when facts are recorded: never before those the ledger has, or a check would raise an alarm."""
    if newest is None or now >= newest:
        return now
    if now < newest - _CLOCKS_APART:
        raise RefusedError(
            expected="a clock that is not behind the last facts in the ledger",
            found=f"one that is {(newest - now) // 1_000_000} seconds behind",
            remedy="set the clock of this machine right, then offer the file again",
            rule="clock",
        )
    return newest


class _Taking:
    """One file, or a group of bodies, on its way in."""

    def __init__(
        self,
        offered: Offered,
        profile: Profile,
        *,
        door: Door,
        storing: Storing,
        deliveries: Deliveries,
        keeping: Keeping,
    ) -> None:
        self._offered = offered
        self._profile = profile
        self._door = door
        self._storing = storing
        self._deliveries = deliveries
        self._keeping = keeping
        self._admission = Admission(profile=profile, pseudonyms=door.pseudonyms, now=storing.recorded_at)
        self._whole = WholeFile(profile)
        self._refused: Counter[str] = Counter()
        self._quarantined: Counter[str] = Counter()
        self._set_aside: set[int] = set()
        self._without_facts = 0
        self._interrupted = False
        self.rows = 0

    def take(self, passed: Passed) -> None:
        """Keep what came of one block."""
        block, admitted, failed = passed.block, passed.admitted, passed.failed
        self.rows += block.rows.num_rows + len(block.broken)
        if passed.error is not None:
            raise passed.error
        bad = [
            BadRow(line=row.line, reason=row.reason, original=row.original, form=TEXT) for row in block.broken
        ]
        self._deliveries.begin(self._admission.numbers(block.rows))
        bad += by_writer(_bad_rows(block, failed), block, self._profile.minimising)
        for each in admitted:
            bad += _bad_rows(block, each.refused, each.rule.relation.name)
        self._put_aside(bad)
        self._count_unused(block, admitted, failed)
        for at, each in enumerate(admitted):
            self._refused[each.rule.relation.name] += len(each.refused)
            if self._profile.keeps_record:
                self._keeping.add(block.rows, each)
            if each.rule.one_per:
                self._whole.add(at, each)
            else:
                self._storing.add(each.rule.relation, self._deliveries.marked(each.content, each.rows))

    def finish(self, *, whole: bool) -> None:
        """Make the facts that need the whole file, and bring what waits to the ledger."""
        self._interrupted = not whole
        if whole:
            late: dict[int, tuple[str, str, str]] = {}
            for rule, content, refused in self._whole.facts():
                self._refused[rule.relation.name] += len(refused)
                name = rule.relation.name
                late |= {line: (*why, name) for line, why in refused.items() if line not in late}
                self._storing.add(rule.relation, content)
            self._put_aside(self._again(late))
        self._storing.flush(self._delivered if self._deliveries.any else None)
        if whole:
            self._offered.settle(self._door.quarantine, self._set_aside)

    def report(self, *, seconds: float, interrupted: SourceError | None) -> IntakeReport:
        """Give the numbers."""
        grouped = {rule.relation.name for rule in self._profile.facts if rule.one_per}
        names = dict.fromkeys(rule.relation.name for rule in self._profile.facts)
        counts = {
            name: FactCount(
                accepted=self._storing.accepted[name],
                known=self._storing.known[name],
                refused=self._refused[name],
                withheld=self._interrupted and name in grouped,
            )
            for name in names
        }
        return IntakeReport(
            profile=self._profile.id,
            rows=self.rows,
            facts={name: count for name, count in counts.items() if count.offered or count.withheld},
            quarantined=dict(sorted(self._quarantined.items())),
            without_facts=self._without_facts,
            first=self._storing.first,
            last=self._storing.last,
            seconds=seconds,
            interrupted=interrupted,
        )

    def _delivered(self, earlier: pa.Table) -> pa.Table:
        return self._deliveries.content(earlier, delivered_at=self._storing.recorded_at)

    def _put_aside(self, bad: list[BadRow]) -> None:
        fresh = {row.line: row for row in reversed(bad) if row.line not in self._set_aside}
        if not fresh:
            return
        for digest, rows in self._offered.homes(list(fresh.values())).items():
            self._door.quarantine.put(
                digest,
                rows,
                profile=self._profile.id,
                since=self._storing.recorded_at,
                origin=self._offered.origin_of(digest),
            )
        self._set_aside.update(fresh)
        self._quarantined.update(row.reason for row in fresh.values())

    def _count_unused(self, block: Block, admitted: list[Admitted], failed: tuple[Refusal, ...]) -> None:
        used = np.zeros(block.rows.num_rows, dtype=bool)
        used[[refusal.row for refusal in failed]] = True
        for each in admitted:
            used[each.chosen] = True
        if not used.all():
            self._without_facts += int((~used).sum())
            self._offered.passed_over(block.lines.filter(pa.array(~used)))

    def _again(self, late: dict[int, tuple[str, str, str]]) -> list[BadRow]:
        """Read the rows a second time for the text of those that turned out bad at the end."""
        if not late:
            return []
        found: list[BadRow] = []
        for block in _coming(self._offered, self._profile):
            for row, line in enumerate(block.lines.to_pylist()):
                if line in late:
                    reason, column, relation = late[line]
                    found += _bad_rows(block, [Refusal(row=row, reason=reason, column=column)], relation)
        return found


def _bad_rows(block: Block, refusals: Sequence[Refusal], relation: str = "") -> list[BadRow]:
    if not refusals:
        return []
    at = pa.array([refusal.row for refusal in refusals], pa.int64())
    lines = block.lines.take(at).to_pylist()
    originals = block.rows.take(at).to_pylist()
    return [
        BadRow(
            line=line,
            reason=refusal.reason,
            column=refusal.column,
            original=as_text(original),
            relation=relation,
            form=ROW,
        )
        for refusal, line, original in zip(refusals, lines, originals, strict=True)
    ]


def as_text(row: Mapping[str, object]) -> bytes:
    """Give a row as it waits in quarantine, shortened when it is very long.

    That is the record it was made of, when the reader gives it; otherwise its filled columns as JSON.
    """
    record = row.get(RECEIVED) or row.get(RECORD)
    if isinstance(record, bytes):
        return record[: 16 * KEPT_OF_A_LINE]
    return orjson.dumps({name: value for name, value in row.items() if value is not None})[
        : 16 * KEPT_OF_A_LINE
    ]
