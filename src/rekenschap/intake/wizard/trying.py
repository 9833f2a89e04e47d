# SPDX-License-Identifier: EUPL-1.2
"""A dry run: what a profile makes of a file, counted and shown, and nothing kept of it.

Identifiers are shown as numbered stand-ins, made under a key that is gone afterwards.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.errors import SourceError
from rekenschap.intake.admission import Admission, Admitted, microseconds
from rekenschap.intake.fields.numbers_in_text import holds_bsn
from rekenschap.intake.groups import WholeFile
from rekenschap.intake.identifiers import Pseudonyms
from rekenschap.intake.private.minimising import minimised
from rekenschap.intake.profile import FactRule, Profile
from rekenschap.intake.readers import check_columns, reader_for
from rekenschap.model.columns import Kind, Relation
from rekenschap.seams.source import Block, Reader, ReaderOptions

_LINES_SHOWN = 5
_PREVIEW = 20
_LONGEST = 40
Shown = tuple[str, Mapping[str, str]]
"""A relation, and a text for each filled column."""


@dataclass(slots=True)
class Refused:
    """How many rows would wait for one reason, and the lines of the first."""

    rows: int = 0
    lines: list[int] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Trial:
    """What taking the file in would give."""

    rows: int = 0
    facts: Counter[str] = field(default_factory=Counter)
    refused: dict[tuple[str, str], Refused] = field(default_factory=dict)
    without_facts: int = 0
    preview: list[Shown] = field(default_factory=list)
    first: datetime | None = None
    last: datetime | None = None
    interrupted: SourceError | None = None

    @property
    def quarantined(self) -> int:
        """How many rows would go to quarantine."""
        return sum(each.rows for each in self.refused.values())

    @property
    def takes_nothing(self) -> bool:
        """Whether not one fact would come of it, though there are rows."""
        return self.rows > 0 and not sum(self.facts.values())

    def refuse(self, reason: str, column: str, line: int) -> None:
        """Count one more row."""
        each = self.refused.setdefault((reason, column), Refused())
        each.rows += 1
        if len(each.lines) < _LINES_SHOWN:
            each.lines.append(line)


def sample_of(reader: Reader, path: Path, options: ReaderOptions, *, rows: int = 2_000) -> pa.Table:
    """Give the first rows of a file; raises SourceError when there are none or its head is no head."""
    tables: list[pa.Table] = []
    for block in reader.blocks(path, options):
        tables.append(block.rows.slice(0, rows))
        if sum(table.num_rows for table in tables) >= rows:
            break
    held = [table for table in tables if table.num_columns and table.num_rows]
    _check_head([name for table in held[:1] for name in table.column_names])
    if not held:
        raise SourceError(
            expected="a file with rows", found="no row that can be read", remedy="check what the file is"
        )
    return pa.concat_tables(held, promote_options="default").slice(0, rows)


def _check_head(names: list[str]) -> None:
    """Refuse a head that is a row of values: their text would go into the profile."""
    if any(_are_values(pa.array(names, pa.string()))):
        raise SourceError(
            expected="a row of names above the rows",
            found="a first row that looks like values",
            remedy="put names above the columns, or say on which row they stand (--header-row)",
        )


def _are_values(names: pa.Array) -> list[bool]:
    """Tell which names of columns are no names: a BSN, a date, a bare number of more than three digits."""
    values = pc.match_substring_regex(names, r"^\s*[\d./:+ T-]{4,}Z?\s*$|@.+[.]")
    return [bool(a or b) for a, b in zip(values.to_pylist(), holds_bsn(names).tolist(), strict=True)]


def try_out(
    path: Path,
    profile: Profile,
    *,
    readers: Mapping[str, Reader],
    now: datetime,
    stand_ins: Mapping[str, str] = MappingProxyType({}),
    told: Callable[[int], None] | None = None,
) -> Trial:
    """Bring every row of a file through a door behind which nothing is kept.

    `stand_ins` says what somebody of a domain (staff, subject, zaak) is called in the preview of 20 facts.
    Raises SourceError when the file as a whole is not one of the profile.
    """
    trying = _Trying(profile, microseconds(now), stand_ins)
    reader, options = reader_for(profile, path, readers)
    checked = False
    try:
        for block in reader.blocks(path, options):
            if not checked and (block.rows.num_columns or block.broken):
                check_columns(profile, reader, block)
                checked = True
            trying.take(block if profile.minimising is None else minimised(block, profile.minimising))
            if told is not None:
                told(block.bytes_read)
    except SourceError as error:
        if not trying.trial.rows:
            raise
        trying.trial.interrupted = error
    return trying.finish()


class _Trying:
    def __init__(self, profile: Profile, now: int, stand_ins: Mapping[str, str]) -> None:
        self.trial = Trial()
        pseudonyms = Pseudonyms(secrets.token_bytes(32), None)
        self._admission = Admission(profile=profile, pseudonyms=pseudonyms, now=now)
        self._whole = WholeFile(profile)
        self._stand_ins = StandIns(stand_ins)
        self._gone: set[int] = set()

    def take(self, block: Block) -> None:
        self.trial.rows += block.rows.num_rows + len(block.broken)
        for broken in block.broken:
            self.trial.refuse(broken.reason, "", broken.line)
        admitted, failed = self._admission.admit(block.rows, block.lines)
        lines = np.asarray(block.lines)
        first: dict[int, tuple[str, str]] = {}
        for refusal in (*failed, *(x for each in admitted for x in each.refused)):
            first.setdefault(refusal.row, (refusal.reason, refusal.column))
        for row, (reason, column) in sorted(first.items()):
            self.trial.refuse(reason, column, int(lines[row]))
        self._count(block, admitted, [refusal.row for refusal in failed])

    def _count(self, block: Block, admitted: list[Admitted], failed: list[int]) -> None:
        used = np.zeros(block.rows.num_rows, dtype=bool)
        used[failed] = True
        for at, each in enumerate(admitted):
            used[each.chosen] = True
            if each.rule.one_per:
                self._whole.add(at, each)
            else:
                self._add(each.rule, each.content)
        self.trial.without_facts += int((~used).sum())

    def finish(self) -> Trial:
        if self.trial.interrupted is None:
            for rule, content, refused in self._whole.facts():
                for line, (reason, column) in refused.items():
                    if line not in self._gone:
                        self._gone.add(line)
                        self.trial.refuse(reason, column, line)
                self._add(rule, content)
        return self.trial

    def _add(self, rule: FactRule, content: pa.Table) -> None:
        if not content.num_rows:
            return
        self.trial.facts[rule.relation.name] += content.num_rows
        span = pc.min_max(content.column(rule.relation.happened))
        first, last = span["min"].as_py(), span["max"].as_py()
        if first is not None:
            self.trial.first = min(first, self.trial.first or first)
            self.trial.last = max(last, self.trial.last or last)
        room = max(0, _PREVIEW - len(self.trial.preview))
        for row in content.slice(0, room).to_pylist():
            self.trial.preview.append((rule.relation.name, self._stand_ins.shown(rule.relation, row)))


class StandIns:
    """Gives each token a number of its own within its domain: `medewerker 1`, the same each time."""

    def __init__(self, called: Mapping[str, str]) -> None:
        self._called = called
        self._numbers: dict[tuple[str, bytes], int] = {}
        self._next: dict[str, count[int]] = {}

    def shown(self, relation: Relation, row: Mapping[str, object]) -> dict[str, str]:
        """Write the filled columns of a fact, nobody's identifier among them."""
        return {
            column.name: self._text(column.kind, column.domain, row[column.name])
            for column in relation.reported
            if row[column.name] is not None and column.name != "source"
        }

    def _text(self, kind: Kind, domain: str, value: object) -> str:
        if isinstance(value, bytes) and kind is Kind.TOKEN:
            numbers = self._next.setdefault(domain, count(1))
            if (domain, value) not in self._numbers:
                self._numbers[domain, value] = next(numbers)
            return f"{self._called.get(domain, domain)} {self._numbers[domain, value]}"
        if isinstance(value, datetime):
            return value.strftime("%Y-%m-%d %H:%M:%SZ")
        text = value.hex() if isinstance(value, bytes) else str(value)
        return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
