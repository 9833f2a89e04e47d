# SPDX-License-Identifier: EUPL-1.2
"""What a derivation says besides its rows: few values, kept as JSON. Times are µs UTC, days since 1970."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rekenschap.model.finding import Sentences, Term
from rekenschap.model.ids import Pseudonym


@dataclass(frozen=True, slots=True, kw_only=True)
class InBoth:
    """The same text in Dutch and in English."""

    nl: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the derivation was made of: with the same checkpoint, version and seed it can be made again."""

    form: int
    origin: str
    size: int
    root: str
    derived_at: int
    seed: int
    version: str
    grounds: dict[str, int]
    looks: int
    first_day: int
    last_day: int
    buckets: int
    sealed: int = 0
    """entries below this have a proof; those after it wait to be sealed"""
    read_to: int = 0
    """the entry after the last that was read"""
    whole: int = 0
    """the size of the last run over everything; what came after it was explained on top of that"""
    whole_at: int = 0
    last_week: int | None = None
    """the Monday of the last week with looks that was over"""
    over_at: int = 0
    """the Monday of the last week that was over at all"""
    people: int = 0
    """who looked at all"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """One ground that was searched for the looks of a finding; `found` None: nowhere to search in."""

    ground: str
    found: bool | None
    holds_for: int
    weight: str
    where: InBoth
    sources: tuple[str, ...]
    health: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one channel or urgent rule said of somebody: of which week (its Monday), when it says so."""

    rule: str
    title: InBoth
    line: InBoth
    score: float
    week: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding with what is asked of it at once; `key` stays the same for the same person.

    `kinds` says in which ways it was found, see `Kind`. `sent` are entries of what left, which are no looks;
    `said` what each channel says, the strongest first.
    """

    key: str
    rule: str
    about: Pseudonym
    score: float
    terms: tuple[Term, ...]
    sentences: Sentences
    looks: tuple[int, ...]
    subjects: int
    staff: int
    weak_looks: int
    first_at: int
    last_at: int
    team: str
    role: str
    sought: tuple[Sought, ...]
    kinds: tuple[str, ...] = ()
    sent: tuple[int, ...] = ()
    said: tuple[Said, ...] = ()


class Kind(StrEnum):
    """How something was found."""

    URGENT = "urgent"  # it does not wait for a count
    STANDING = "standing"  # more than chance, over all that was counted
    WEEKLY = "weekly"  # among what stood out most at the end of a week


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Looks by people in one group (`by` all, week, month, team, system, or two of these joined by +)."""

    by: str
    name: str
    looks: int
    explained: int
    weak_only: int
    first: int | None = None
    null_explained: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One source as of the last moment something came in at all."""

    name: str
    facts: int
    looks: int
    hears: str
    declared: bool
    first_at: int | None
    last_at: int | None
    recorded_at: int | None
    delay: int | None
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Unexplained looks that probably have one cause; see `causes`."""

    id: str
    kind: str
    name: InBoth
    source: str
    system: str
    teams: tuple[str, ...]
    first_day: int
    last_day: int
    looks: int
    staff: int
    usual_share: float
    share: float
    recent: int
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """What a ground or a rule did here; what it asks stands in its own folder."""

    id: str
    kind: str
    volume: int
    alone: int
    share: float | None = None
    null_share: float | None = None
    strength: float | None = None
    standing: str = ""
    kept_back: float = 0.0
