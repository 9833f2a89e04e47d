# SPDX-License-Identifier: EUPL-1.2
"""Takes a file in: reader, door, quarantine and ledger, block after block."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
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
from rekenschap.intake.private.quarantine import BadRow
from rekenschap.intake.profile import Profile
from rekenschap.intake.readers import check_columns, reader_for
from rekenschap.intake.report import FactCount, IntakeReport, Progress
from rekenschap.intake.storing import FactLedger, Storing
from rekenschap.seams.source import KEPT_OF_A_LINE, Block

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
    began = time.perf_counter()
    deliveries = Deliveries()
    storing = Storing(
        ledger,
        recorded_at=_moment_of_recording(ledger.newest(), microseconds(now)),
        before=door.pseudonyms.put_away,
        new=deliveries.add_fresh if profile.sequence is not None else None,
    )
    taking = _Taking(path, profile, door=door, storing=storing, deliveries=deliveries)
    interrupted = None
    try:
        for block in taking.blocks():
            taking.take(block)
            if progress is not None:
                progress(
                    Progress(rows=taking.rows, bytes_read=block.bytes_read, bytes_total=path.stat().st_size)
                )
    except SourceError as error:
        if not taking.rows:
            raise
        interrupted = error
    taking.finish(whole=interrupted is None)
    return taking.report(seconds=time.perf_counter() - began, interrupted=interrupted)


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
    """One file on its way in."""

    def __init__(
        self, path: Path, profile: Profile, *, door: Door, storing: Storing, deliveries: Deliveries
    ) -> None:
        self._path = path
        self._profile = profile
        self._door = door
        self._storing = storing
        self._deliveries = deliveries
        self._reader, self._options = reader_for(profile, path, door.readers)
        self._admission = Admission(profile=profile, pseudonyms=door.pseudonyms, now=storing.recorded_at)
        self._whole = WholeFile(profile)
        self._refused: Counter[str] = Counter()
        self._quarantined: Counter[str] = Counter()
        self._set_aside: set[int] = set()
        self._digest = b""
        self._without_facts = 0
        self._interrupted = False
        self.rows = 0

    def blocks(self) -> Iterator[Block]:
        """Give the blocks of the file; the first with rows decides whether it is a file of this profile."""
        checked = False
        for block in self._reader.blocks(self._path, self._options):
            if not checked and (block.rows.num_columns or block.broken):
                check_columns(self._profile, self._reader, block)
                checked = True
            yield block
        if not checked:
            raise SourceError(
                expected="a file with rows",
                found="no row at all",
                remedy="ask the supplier for the file again",
            )

    def take(self, block: Block) -> None:
        """Bring one block through the door."""
        self.rows += block.rows.num_rows + len(block.broken)
        bad = [BadRow(line=row.line, reason=row.reason, original=row.original) for row in block.broken]
        self._deliveries.begin(self._admission.numbers(block.rows))
        admitted, failed = self._admission.admit(block.rows, block.lines)
        refused = [refusal for each in admitted for refusal in each.refused]
        bad += _bad_rows(block, [*failed, *refused])
        self._put_aside(bad)
        self._count_unused(block, admitted, failed)
        for at, each in enumerate(admitted):
            self._refused[each.rule.relation.name] += len(each.refused)
            if each.rule.one_per:
                self._whole.add(at, each)
            else:
                self._storing.add(each.rule.relation, self._deliveries.marked(each.content, each.rows))

    def finish(self, *, whole: bool) -> None:
        """Make the facts that need the whole file, and bring what waits to the ledger."""
        self._interrupted = not whole
        if whole:
            late: dict[int, tuple[str, str]] = {}
            for rule, content, refused in self._whole.facts():
                self._refused[rule.relation.name] += len(refused)
                late |= {line: reason for line, reason in refused.items() if line not in late}
                self._storing.add(rule.relation, content)
            self._put_aside(self._again(late))
        self._storing.flush(self._delivered if self._deliveries.any else None)

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
        self._digest = self._digest or _digest_of(self._path)
        self._door.quarantine.put(self._digest, list(fresh.values()), profile=self._profile.id)
        self._set_aside.update(fresh)
        self._quarantined.update(row.reason for row in fresh.values())

    def _count_unused(self, block: Block, admitted: list[Admitted], failed: tuple[Refusal, ...]) -> None:
        used = np.zeros(block.rows.num_rows, dtype=bool)
        used[[refusal.row for refusal in failed]] = True
        for each in admitted:
            used[each.chosen] = True
        self._without_facts += int((~used).sum())

    def _again(self, late: dict[int, tuple[str, str]]) -> list[BadRow]:
        """Read the file a second time for the text of rows that turned out bad at the end."""
        if not late:
            return []
        found: list[BadRow] = []
        for block in self._reader.blocks(self._path, self._options):
            rows = [row for row, line in enumerate(block.lines.to_pylist()) if line in late]
            lines = block.lines.take(pa.array(rows, pa.int64())).to_pylist()
            refusals = [
                Refusal(row=row, reason=late[line][0], column=late[line][1])
                for row, line in zip(rows, lines, strict=True)
            ]
            found += _bad_rows(block, refusals)
        return found


def _bad_rows(block: Block, refusals: list[Refusal]) -> list[BadRow]:
    if not refusals:
        return []
    at = pa.array([refusal.row for refusal in refusals], pa.int64())
    lines = block.lines.take(at).to_pylist()
    originals = block.rows.take(at).to_pylist()
    return [
        BadRow(line=line, reason=refusal.reason, column=refusal.column, original=_as_text(original))
        for refusal, line, original in zip(refusals, lines, originals, strict=True)
    ]


def _as_text(row: dict[str, str | None]) -> bytes:
    return orjson.dumps({name: value for name, value in row.items() if value is not None})[
        : 16 * KEPT_OF_A_LINE
    ]


def _digest_of(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").digest()
    except OSError:
        raise SourceError(
            expected="a file that stays while it is read", found="one that went away", remedy="offer it again"
        ) from None
