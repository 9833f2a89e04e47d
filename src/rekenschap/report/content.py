# SPDX-License-Identifier: EUPL-1.2
"""What a report is made of: plain values, ready to print. Knows no engine, no ledger and no clock.

Times are printed as they are given: give them in the zone of the reader and name that zone in `zone`.
Every text from a source may hold anything at all; the page escapes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from rekenschap.model.explanation import Shares
from rekenschap.model.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line in both languages."""

    nl: str
    en: str

    def within(self, language: str) -> str:
        """Give the line in one language."""
        return self.nl if language == "nl" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The first and the last day the report is about, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedState:
    """The checkpoint the report rests on: origin, number of entries, root in base64.

    `checked_at` is when the whole ledger was found to be sound; None when that was not done for this report.
    """

    origin: str
    size: int
    root: str
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSystem:
    """A system that reported: its name, how many facts, and the times of the first and the last one."""

    name: str
    facts: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The systems that reported, and in one line each what is not covered, and what was not received."""

    systems: tuple[SourceSystem, ...]
    not_covered: tuple[Text, ...]
    not_received: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a source: `came`, `none` or `silent`; `much` is how much came in beside its busiest day."""

    on: date
    kind: str
    much: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The last days of a source, in order."""

    name: str
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many of one thing: rows of a relation, or rows in quarantine for a reason code."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The explained share beside its null in the week that begins on `start` (shares, 0 to 1)."""

    start: date
    looks: int
    explained: float
    null_explained: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A consultation on the timeline: its ledger entry, its time and what explains it, if anything.

    `staff` and `subject` are short names; give the one that the finding itself is not about.
    `days_later` is how long after the look that work was recorded, in whole days.
    """

    entry: int
    at: datetime
    explained: bool
    weak: bool
    ground: str | None = None
    days_later: int = 0
    staff: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A moment of recorded work, under the ground it could carry."""

    at: datetime
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A member of the comparison group and how many looks are unexplained; `highlighted`: who it is about."""

    name: str | None
    unexplained: int
    highlighted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingStory:
    """A finding with what is drawn beside it: looks and work over time, and the peers."""

    finding: Finding
    looks: tuple[Look, ...]
    work: tuple[Work, ...]
    peers: tuple[Peer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One look proved: its entry, the proof file, and the commands with which anyone can check.

    `tamper` says how an altered copy was caught; None when that was not tried.
    """

    entry: int
    path: str
    check_command: str
    prove_command: str
    verify_command: str
    tamper: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundName:
    """What a ground is called on the page."""

    ground: str
    name: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """Everything one report says. `findings` stand in order, most telling first.

    `grounds` names grounds for which the texts have no name; a ground without any is shown by its id.
    `parameters` are (name, value) pairs with which the figures can be computed again.
    """

    organisation: str
    period: Period
    made_at: datetime
    zone: str
    version: str
    signed_state: SignedState
    coverage: Coverage
    relations: tuple[Tally, ...]
    quarantined: tuple[Tally, ...]
    shares: Shares
    weeks: tuple[Week, ...]
    findings: tuple[FindingStory, ...]
    proof: Proof | None = None
    grounds: tuple[GroundName, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    remark: Text | None = None
