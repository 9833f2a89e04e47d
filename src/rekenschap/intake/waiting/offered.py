# SPDX-License-Identifier: EUPL-1.2
"""Rows of quarantine on their way in once more: each keeps its place there until its facts are durable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace

import pyarrow as pa

from rekenschap.intake.private.quarantine import BadRow, Key, Quarantine, Waiting
from rekenschap.seams.source import Block

NO_FACT = "no-fact"
"""The reason of a row that passes now and gives no fact: a human says whether it may go."""


class OfferedAgain:
    """Blocks made of rows that wait; `of` gives for each line of a block which of `waiting` it came from."""

    counts_anew = False

    def __init__(self, blocks: Sequence[Block], waiting: Sequence[Waiting], of: Sequence[int]) -> None:
        self._blocks, self._waiting, self._of = blocks, waiting, of
        self._origins = {each.digest: each.origin for each in waiting}
        self._over: set[int] = set()
        self.bad: dict[Key, str] = {}
        self.unused: list[Key] = []
        self.gone: list[Key] = []

    def blocks(self) -> Iterator[Block]:
        """Give the blocks."""
        return iter(self._blocks)

    def homes(self, bad: Sequence[BadRow]) -> Mapping[bytes, Sequence[BadRow]]:
        """Give each under what it came in first, as it waits there."""
        found: dict[bytes, list[BadRow]] = {}
        for row in bad:
            held = self._waiting[self._of[row.line]]
            self.bad[held.key] = row.reason
            found.setdefault(held.digest, []).append(
                replace(row, line=held.row.line, original=held.row.original, form=held.row.form)
            )
        return found

    def origin_of(self, digest: bytes) -> str:
        """Give who sent it."""
        return self._origins[digest]

    def passed_over(self, lines: pa.Array) -> None:
        """Keep the rows no rule is about: leaving out is not the same as taking in."""
        self._over.update(self._of[line] for line in lines.to_pylist())

    def settle(self, quarantine: Quarantine, bad: Set[int]) -> None:
        """Let go of the rows whose facts are durable, and say of those without a fact that they have none."""
        stay = {self._waiting[self._of[line]].key for line in bad}
        offered = {self._waiting[at].key for at in self._of}
        over = {self._waiting[at].key for at in self._over} - stay
        for each in self._waiting:
            if each.key in over:
                row = replace(each.row, reason=NO_FACT, column="", relation="")
                quarantine.put(each.digest, [row], profile=each.profile)
        self.unused = sorted(over)
        self.gone = sorted(offered - stay - over)
        quarantine.remove_rows(self.gone)
