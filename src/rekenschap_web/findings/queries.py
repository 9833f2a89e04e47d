# SPDX-License-Identifier: EUPL-1.2
"""The only readers of findings: frozen views, nothing a page could change by accident."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncWeek
from django.http import Http404

from rekenschap.casework.closing import HitRate, Reason, hit_rate
from rekenschap.casework.flow import Decision
from rekenschap_web.findings.following.gone import GoneAs, gone_as
from rekenschap_web.findings.models import CauseRecord, FindingRecord, ScoreChange
from rekenschap_web.findings.names import pseudonym_of
from rekenschap_web.findings.rules import decision_of, thing_of
from rekenschap_web.people.may import Thing, may
from rekenschap_web.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCase:
    """What people decided about a finding, and where its evidence stands."""

    number: str
    key: str
    rule: str
    title_nl: str
    title_en: str
    about: str
    short: str
    team: str
    state: str
    severity: str
    score: float
    looks: tuple[int, ...]
    size: int
    found_at: datetime
    first_at: datetime
    last_at: datetime
    deadline: datetime | None
    taken_by: str
    is_mine: bool
    is_gone: bool
    gone_as: GoneAs
    gone_explained: int
    reason: str
    words: str
    closed_by: str
    closed_at: datetime | None
    cause: str
    is_drawn: bool
    agrees: bool | None
    why: str
    week: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """That later work changed the score."""

    at: datetime
    score_before: float
    score_after: float
    looks_before: int
    looks_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A cause that was settled."""

    cause: str
    name_nl: str
    name_en: str
    reason: str
    words: str
    by: str
    at: datetime
    looks: int
    would_explain: int
    findings: int
    drawn: tuple[int, ...]
    by_sub: str
    agrees: bool | None
    again_by: str
    words_again: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which findings a page asks for; empty is all of them."""

    severity: str = ""
    state: str = ""
    """`open` stands for everything that is not closed"""
    whose: str = ""
    """`mine`, `nobody`, or empty"""
    team: str = ""


def finding_case(number: str, person: Person | None = None) -> FindingCase:
    """Read one finding; Http404 when there is none of this number."""
    return _matter(_one(number), person)


def decisions(number: str, person: Person, acts: Iterable[str]) -> dict[str, Decision]:
    """Answer for each act whether this person may do it now, by the same rules as the act itself."""
    record = _one(number)
    settle = may(person, "finding.settle", thing_of(record))
    if not settle.allowed:
        no = Decision(allowed=False, rule=settle.rule, nl=settle.because, en=settle.because)
        return dict.fromkeys(acts, no)
    return {act: decision_of(record, act, person) for act in acts}


def cases(wanted: Wanted, person: Person) -> tuple[FindingCase, ...]:
    """Read the findings this person may see, what must first in front."""
    rows = _asked(wanted, person).select_related("taken_by", "closed_by", "cause")
    return tuple(_matter(row, person) for row in rows if may(person, "finding.read", thing_of(row)).allowed)


def changes_of(number: str) -> tuple[Change, ...]:
    """Tell how the score of a finding changed as work came in later."""
    rows = ScoreChange.objects.filter(finding__number=number)
    return tuple(
        Change(
            at=row.at,
            score_before=row.score_before,
            score_after=row.score_after,
            looks_before=row.looks_before,
            looks_after=row.looks_after,
        )
        for row in rows
    )


def seen_before(matter: FindingCase, person: Person) -> tuple[FindingCase, ...]:
    """Read the other findings about the same person, the latest first."""
    rows = (
        FindingRecord.objects.filter(about=matter.about).exclude(number=matter.number).order_by("-found_at")
    )
    return tuple(_matter(row, person) for row in rows.select_related("taken_by", "closed_by", "cause")[:20])


def known_looks() -> tuple[int, ...]:
    """Give the looks of findings that people closed as not permitted: what no cause may hide."""
    rows = FindingRecord.objects.filter(reason=Reason.NOT_PERMITTED_SETTLED).values_list("looks", flat=True)
    return tuple(sorted({entry for looks in rows for entry in looks}))


def waiting_of(keys: Sequence[str], person: Person) -> tuple[FindingCase, ...]:
    """Read the findings with these keys that still wait."""
    rows = FindingRecord.objects.filter(key__in=keys).exclude(state="closed")
    return tuple(_matter(row, person) for row in rows.select_related("taken_by", "closed_by", "cause"))


def settled_cause(cause: str) -> Settled | None:
    """Read how a cause was settled, if it was."""
    row = CauseRecord.objects.select_related("settled_by", "looked_again_by").filter(cause=cause).first()
    if row is None:
        return None
    return Settled(
        cause=row.cause,
        name_nl=row.name_nl,
        name_en=row.name_en,
        reason=row.reason,
        words=row.words,
        by=row.settled_by.name,
        at=row.settled_at,
        looks=row.looks,
        would_explain=row.would_explain,
        findings=row.findings.count(),
        drawn=tuple(row.drawn),
        by_sub=row.settled_by.sub,
        agrees=row.agrees,
        again_by=row.looked_again_by.name if row.looked_again_by is not None else "",
        words_again=row.words_again,
    )


def settled_causes() -> frozenset[str]:
    """Name the causes that were settled, and with which nobody who looked again disagreed."""
    rows = CauseRecord.objects.exclude(agrees=False)
    return frozenset(rows.values_list("cause", flat=True))


def causes_to_look_at_again(person: Person) -> tuple[Settled, ...]:
    """Read the causes of which this person must look at the looks that were drawn."""
    rows = (
        CauseRecord.objects.filter(agrees__isnull=True)
        .exclude(settled_by=person)
        .select_related("settled_by")
    )
    things = ((row, Thing(kind="cause", id=row.cause, opened_by=row.settled_by.sub)) for row in rows)
    names = [row.cause for row, thing in things if may(person, "cause.look_again", thing).allowed]
    return tuple(told for name in names if (told := settled_cause(name)) is not None and told.drawn)


def closing_reasons(rule: str = "") -> dict[Reason, int]:
    """Count how often each reason closed a finding, of one rule or of all."""
    rows = FindingRecord.objects.filter(state="closed")
    rows = rows.filter(rule=rule) if rule else rows
    counted = rows.values_list("reason").annotate(many=Count("pk")).order_by()
    return {Reason(reason): many for reason, many in counted}


def hit_rates() -> dict[str, HitRate]:
    """Give for each rule how often it was right."""
    rules = FindingRecord.objects.order_by().values_list("rule", flat=True).distinct()
    return {rule: hit_rate(closing_reasons(rule)) for rule in rules}


def counted() -> tuple[int, int]:
    """Count all findings, and those that wait."""
    return FindingRecord.objects.count(), FindingRecord.objects.exclude(state="closed").count()


def found_by_week() -> dict[date, int]:
    """Count findings by the Monday of the week of their last look."""
    rows = FindingRecord.objects.annotate(monday=TruncWeek("last_at")).values_list("monday")
    rows = rows.order_by("monday")
    return {week.date(): many for week, many in rows.annotate(many=Count("pk"))}


def to_look_at_again(person: Person) -> tuple[FindingCase, ...]:
    """Read the findings drawn by lot that somebody other than who closed them must look at."""
    rows = FindingRecord.objects.filter(is_drawn=True, agrees__isnull=True, state="closed")
    rows = rows.exclude(closed_by=person).select_related("taken_by", "closed_by", "cause")
    return tuple(
        _matter(row, person) for row in rows if may(person, "finding.look_again", thing_of(row)).allowed
    )


def teams() -> tuple[str, ...]:
    """Name the teams there are findings of."""
    return tuple(
        FindingRecord.objects.exclude(team="").order_by("team").values_list("team", flat=True).distinct()
    )


def _one(number: str) -> FindingRecord:
    row = FindingRecord.objects.select_related("taken_by", "closed_by", "cause").filter(number=number).first()
    if row is None:
        raise Http404
    return row


def _asked(wanted: Wanted, person: Person) -> QuerySet[FindingRecord]:
    rows = FindingRecord.objects.all()
    if wanted.severity:
        rows = rows.filter(severity=wanted.severity)
    if wanted.state == "open":
        rows = rows.exclude(state="closed")
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.whose == "mine":
        rows = rows.filter(taken_by=person)
    elif wanted.whose == "nobody":
        rows = rows.filter(taken_by__isnull=True)
    return rows.filter(team=wanted.team) if wanted.team else rows


def _matter(row: FindingRecord, person: Person | None) -> FindingCase:
    return FindingCase(
        number=row.number,
        key=row.key,
        rule=row.rule,
        title_nl=row.title_nl,
        title_en=row.title_en,
        about=row.about,
        short=pseudonym_of(row.about).short,
        team=row.team,
        state=row.state,
        severity=row.severity,
        score=row.score,
        looks=tuple(row.looks),
        size=row.size,
        found_at=row.found_at,
        first_at=row.first_at,
        last_at=row.last_at,
        deadline=row.deadline,
        taken_by=row.taken_by.name if row.taken_by is not None else "",
        is_mine=person is not None and row.taken_by_id == person.pk,
        is_gone=row.is_gone,
        gone_as=gone_as(row.gone_explained, row.gone_unexplained),
        gone_explained=row.gone_explained or 0,
        reason=row.reason,
        words=row.words,
        closed_by=row.closed_by.name if row.closed_by is not None else "",
        closed_at=row.closed_at,
        cause=row.cause.cause if row.cause is not None else "",
        is_drawn=row.is_drawn,
        agrees=row.agrees,
        why=row.why,
        week=row.week,
    )
