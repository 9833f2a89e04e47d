# SPDX-License-Identifier: EUPL-1.2
"""How each source stands: what it delivered, when, how late, how complete. Says what is seen, and never that
this is all: a source nobody connected is in no list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Hears(StrEnum):
    """Whether we hear a source as its rhythm says."""

    HEARD = "heard"  # within its rhythm
    SILENT = "silent"  # longer ago than its rhythm allows
    NEVER = "never"  # declared, and nothing ever came in
    UNKNOWN = "unknown"  # no rhythm yet: nothing declared, and too little came in to learn one


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often a source delivers: in minutes that count (its hours), what it allows and how it is known.

    `silence` is how many such minutes went by since the last arrival; `said` is the text that declares it.
    """

    allowed: float
    silence: float
    said: str = ""
    busy_hours: int = 0

    @property
    def is_broken(self) -> bool:
        """Whether the source is silent for longer than this allows."""
        return self.silence > self.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """Between happening and recording, in microseconds: median, 95th percentile, and what came too early."""

    facts: int
    median: int
    late: int
    early: int
    most_early: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """Of how many facts something was asked, and how many leave it empty."""

    asked: int = 0
    empty: int = 0

    @property
    def share(self) -> float | None:
        """Which share is empty; None when it was asked of none."""
        return self.empty / self.asked if self.asked else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStanding:
    """One source at one moment. Times are µs UTC, None when there are none; days are since 1970, local."""

    name: str
    hears: Hears
    is_declared: bool
    facts: int = 0
    last_at: int | None = None
    recorded_at: int | None = None
    rhythm: Rhythm | None = None
    delays: Delays | None = None
    missing: int = 0
    quarantined: Mapping[str, int] = field(default_factory=dict)
    subject: Blank = Blank()
    actor: Blank = Blank()
    purpose: Blank = Blank()
    signs: tuple[tuple[str, str], ...] = ()
    """what was not received or told otherwise, each in Dutch and in English"""
    warned: tuple[str, ...] = ()
    """in one word each, how its traffic shows that it leaves records or attributes out"""
    days: Mapping[int, int] = field(default_factory=dict)
    """facts that came in, by day"""

    @property
    def is_finding(self) -> bool:
        """Whether somebody should look why nothing comes in."""
        return self.hears in (Hears.SILENT, Hears.NEVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Every source we know of at one moment (µs UTC), as of a ledger of `size` entries, and `unsealed` more
    that were acknowledged and are still to be sealed.

    What came in after `until` is not worked off yet and not seen here; silences are measured up to there.
    """

    at: int
    until: int
    size: int
    origin: str
    root: str
    sources: tuple[SourceStanding, ...]
    unsealed: int = 0

    @property
    def findings(self) -> tuple[SourceStanding, ...]:
        """The sources somebody should ask after."""
        return tuple(each for each in self.sources if each.is_finding)
