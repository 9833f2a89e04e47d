# SPDX-License-Identifier: EUPL-1.2
"""What was not received from a source, or told otherwise later, as far as its own counting, rhythm or words
show. Says nothing of why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Missed(StrEnum):
    """In what way something is not as the source told it before."""

    MISSING = "missing"  # numbers between others that never came in
    TOLD_AGAIN = "told_again"  # numbers that came in twice, with other content
    COUNTED_BACK = "counted_back"  # numbers that came in after higher ones
    UNCOUNTED = "uncounted"  # more looks in the ledger than the source counted
    SILENT = "silent"  # nothing came in for much longer than usual
    CONFLICTING = "conflicting"  # one step of one trace, told twice with other content
    UNJOINED = "unjoined"  # looks without a line in the processing log, or lines without a look
    LOST = "lost"  # steps that follow one that never came
    EDITED = "edited"  # a shift or leave was told again later with other hours


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReceived:
    """One line about one counting of one source; `stream` is empty when the source has one counting.

    `ranges` are the first and last of each run of numbers. A silence has none: its `silent_since` is the last
    day with anything, `days` how long it took from there, `usual_days` the longest pause otherwise. Of looks
    without a number, and of what stands in one of two logs only, `more` says how many. `entries` are those
    of what was told first, and of what later.
    """

    missed: Missed
    source: str
    stream: str
    nl: str
    en: str
    ranges: tuple[tuple[int, int], ...] = ()
    silent_since: date | None = None
    days: int = 0
    usual_days: int = 0
    more: int = 0
    entries: tuple[tuple[int, int], ...] = ()

    @property
    def numbers(self) -> int:
        """How many numbers it is about."""
        return sum(last - first + 1 for first, last in self.ranges)
