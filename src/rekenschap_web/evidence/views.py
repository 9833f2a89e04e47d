# SPDX-License-Identifier: EUPL-1.2
"""What pages may know of the evidence: plain frozen values, times in the local zone, people as pseudonyms.

Nothing here can be computed with further than showing, sorting and counting; nothing here is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from rekenschap.model.finding import Sentences, Term
from rekenschap.model.ids import Pseudonym


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """The same text in Dutch and in English."""

    nl: str
    en: str

    def said(self, language: str) -> str:
        """Give the text in a language (`nl`, `en`, `en-gb`): Dutch for every other."""
        return self.en if language.startswith("en") else self.nl


class Severity(StrEnum):
    """How much of a finding is beyond chance, in the three steps people work with."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


class Health(StrEnum):
    """How a source stood in the time that was searched."""

    CONNECTED = "connected"
    LATE = "late"
    SILENT = "silent"
    NOT_CONNECTED = "not_connected"
    RHYTHM_UNKNOWN = "rhythm_unknown"  # facts came in, but whether they come in time nobody can say yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The signed state everything on a page rests on; `at` is when it was derived from."""

    origin: str
    size: int
    root: str
    at: datetime
    version: str
    """of the program and its queries: the same checkpoint, version and seed give the same page"""
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedView:
    """One ground that was searched for the looks of a finding.

    `found` is True when it holds for some of them, False when for none, and None when it could not be
    searched, because no source ever told of such work. `holds_for` counts looks.
    """

    ground: str
    title: Both
    found: bool | None
    holds_for: int
    weight: str
    where: Both
    sources: tuple[str, ...]
    source_health: Health


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidView:
    """What one channel, or one rule that does not wait, says of somebody; `week` is its Monday."""

    rule: str
    title: Both
    line: Both
    score: float
    week: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentView:
    """Something that left: an export, a mail, an upload. `subjects` is 0 where the source did not say."""

    entry: int
    at: datetime
    kind: str
    destination: str
    subjects: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The last week that was over (None: none yet), and how many people look at all."""

    monday: date | None
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A finding with all it rests on. `key` stays the same as long as it is about the same person.

    A later derivation may add looks to a key or take some away; `looks` are ledger entries, most telling
    first. `one_in` reads the score as odds: such a combination comes about once in so many by chance.
    """

    key: str
    rule: str
    title: Both
    about: Pseudonym
    score: float
    severity: Severity
    one_in: int
    terms: tuple[Term, ...]
    sentences: Sentences
    looks: tuple[int, ...]
    subjects: int
    staff: int
    weak_looks: int
    first_at: datetime
    last_at: datetime
    team: str
    role: str
    searched: tuple[SearchedView, ...]
    kinds: tuple[str, ...] = ()
    """in which ways it was found: urgent, standing, weekly"""
    said: tuple[SaidView, ...] = ()
    sent: tuple[int, ...] = ()
    """entries of what left, which are no looks"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookView:
    """A consultation with its verdict. `ground` is the best one that holds, empty when none does.

    `strength` is in nats; `sentence` says in one sentence what carries the look, or that nothing does.
    """

    entry: int
    at: datetime
    staff: Pseudonym
    subject: Pseudonym
    register: str
    fields: str
    search_key: str
    team: str
    role: str
    explained: bool
    weak: bool
    ground: str
    sentence: Both
    strength: float
    zaak: Pseudonym | None
    days_later: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkView:
    """A moment of recorded work that explains looks: when, of which relation, under which ground."""

    entry: int
    at: datetime
    kind: str
    ground: str
    title: Both
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Looks against work in one stretch of time; `left_out` looks were too many to draw."""

    looks: tuple[LookView, ...]
    work: tuple[WorkView, ...]
    first: datetime
    last: datetime
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerView:
    """One person in the comparison and the unexplained visits (a subject on a day)."""

    short: str
    unexplained: int
    highlighted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """The comparison with everybody in the same role, the most first."""

    role: str
    people: tuple[PeerView, ...]
    median: float
    highest_other: int
    own: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationView:
    """Two people who are connected by household, family or address; or a member of staff who is a citizen."""

    kind: str
    one: Pseudonym
    other: Pseudonym
    since: datetime
    source: str
    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemView:
    """One source: `gap` is how long nothing came in, `delay` the median between happening and recording."""

    name: str
    facts: int
    first: datetime | None
    last: datetime | None
    state: Health
    gap: timedelta | None
    delay: timedelta | None
    looks: int
    declared: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareView:
    """The explained share beside its null, of one system, week, month or team (shares 0 to 1).

    `null_explained` is None where no look was permuted.
    """

    by: str
    name: str
    first: date | None
    looks: int
    explained: float
    null_explained: float | None
    weak_only: float
    unexplained: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseView:
    """Unexplained looks that probably have one cause, and what mending it would explain.

    `kind` is source (work of a source is missing), system, team or day. `would_explain` counts in the last
    90 days; `severity` is the highest of `findings`, which rest on these looks.
    """

    id: str
    kind: str
    name: Both
    source: str
    system: str
    team: str
    since: date
    until: date
    looks: int
    staff: int
    usual_share: float
    share: float
    would_explain: int
    findings: tuple[str, ...]
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewView:
    """What settling a cause would have done in the last 90 days.

    `would_hide` are the looks, among those given as known misuse, that it would have explained away;
    `findings` are the keys of findings that would have lost all or some of their looks.
    """

    days: int
    would_explain: int
    of_unexplained: int
    would_hide: tuple[int, ...]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingView:
    """A value of a ground or rule that may be tried otherwise: what it is called here and why it is so."""

    name: str
    kind: str
    """count, number or text"""
    label: Both
    value: str
    unit: Both
    why: Both


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """A ground or a rule as a page shows it: what it asks, how, what it cannot see, and what it did here.

    `kind` is `ground` or `rule`. `volume` counts looks that a ground explains, or findings of a rule;
    `alone` the looks that only this ground explains. `share`, `null_share` and `strength` are of grounds;
    so is `standing` (what it may do here), and `kept_back`: for which share of its looks it only supports.
    """

    id: str
    kind: str
    title: Both
    question: Both
    sentence: Both
    weight: str
    severity: str
    law: Both
    blind_spots: tuple[Both, ...]
    owner: str
    since: str
    version: int
    sql: str
    settings: tuple[SettingView, ...]
    cases: tuple[tuple[Both, str], ...]
    """name and drawing"""
    volume: int
    alone: int = 0
    share: float | None = None
    null_share: float | None = None
    strength: float | None = None
    standing: str = ""
    kept_back: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of a long list: `number` from 1, `size` rows."""

    number: int = 1
    size: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksPage:
    """One page of looks, newest first, of `total`; `explained` and `weak` count over all pages."""

    looks: tuple[LookView, ...]
    total: int
    explained: int
    weak: int
    page: Page
