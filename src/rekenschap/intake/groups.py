# SPDX-License-Identifier: EUPL-1.2
"""Keeps the facts of rules with `one_per` until the file has been read, and then makes one per group.

Costs memory: per row and rule 16 bytes for each identifier, 8 for each time and the length of each text.
Where no column takes the last or the most frequent value, only the groups so far are kept.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from rekenschap.errors import SourceError
from rekenschap.intake.admission import MISSING, Admitted
from rekenschap.intake.fields.grouping import grouped, may_fold
from rekenschap.intake.fields.parsed import mask_of
from rekenschap.intake.profile import FactRule, Profile

_FOLD_AT = 1 << 18
_MOST_ROWS = 50_000_000

Late = dict[int, tuple[str, str]]
"""Lines refused at the end, with reason and column."""


class WholeFile:
    """What waits for the end of the file, by the place of its rule in the profile."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._waiting: dict[int, _Waiting] = {}

    def add(self, at: int, admitted: Admitted) -> None:
        """Keep the facts of one block; raises SourceError when there are more than memory should hold."""
        if admitted.content.num_rows:
            waiting = self._waiting.setdefault(at, _Waiting(admitted.rule, self._profile.time_zone))
            waiting.add(admitted.content, admitted.lines)

    def facts(self) -> Iterator[tuple[FactRule, pa.Table, Late]]:
        """Give, per rule, one fact per group, and the lines of groups that lack a required column."""
        for waiting in self._waiting.values():
            content, lines = waiting.groups()
            refused = _lacking(waiting.rule, content, lines)
            sound = np.isin(np.asarray(lines), list(refused), invert=True)
            yield waiting.rule, content.filter(pa.array(sound)), refused


class _Waiting:
    def __init__(self, rule: FactRule, zone: str) -> None:
        self.rule = rule
        self._zone = zone
        self._contents: list[pa.Table] = []
        self._lines: list[pa.Array] = []
        self._rows = 0
        self._fold_at = _FOLD_AT

    def add(self, content: pa.Table, lines: pa.Array) -> None:
        self._contents.append(content)
        self._lines.append(lines)
        self._rows += content.num_rows
        if self._rows > self._fold_at and may_fold(self.rule):
            folded, kept = self.groups()
            self._contents, self._lines, self._rows = [folded], [kept], folded.num_rows
            self._fold_at = max(_FOLD_AT, 2 * folded.num_rows)
        if self._rows > _MOST_ROWS:
            raise SourceError(
                expected=f"at most {_MOST_ROWS} rows for facts that need the whole file",
                found="more",
                remedy="cut the file by zaak or by year and offer the parts one by one",
            )

    def groups(self) -> tuple[pa.Table, pa.Array]:
        content = pa.concat_tables(self._contents).combine_chunks()
        return grouped(content, pa.concat_arrays(self._lines), self.rule, zone=self._zone)


def _lacking(rule: FactRule, content: pa.Table, lines: pa.Array) -> Late:
    late: Late = {}
    for column in rule.relation.content:
        if column.required:
            missing = pa.array(mask_of(content.column(column.name).combine_chunks().is_null()))
            late |= {
                line: (MISSING, column.name) for line in lines.filter(missing).to_pylist() if line not in late
            }
    return late
