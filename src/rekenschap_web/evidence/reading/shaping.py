# SPDX-License-Identifier: EUPL-1.2
"""From rows of a derivation to the views of pages: pseudonyms, local times, sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import exp, floor, log10
from typing import cast
from zoneinfo import ZoneInfo

from rekenschap.audit.deriving.told import Found, InBoth, Said, Share, Sought, System
from rekenschap.detect import queries
from rekenschap.explain import grounds_of_the_house
from rekenschap.explain.narrate import narrate
from rekenschap.model.ids import Pseudonym
from rekenschap.sql.query import InTwo, Query
from rekenschap.tables import ZONE
from rekenschap_web.evidence.views import (
    Both,
    FindingView,
    Health,
    LookView,
    SaidView,
    SearchedView,
    Severity,
    ShareView,
    SystemView,
    WorkView,
)

Row = Mapping[str, object]

_MIDDLE, _HIGH = 5.0, 12.0
_MOST_ODDS = 1_000_000
_LATE = timedelta(days=2)
_EPOCH = date(1970, 1, 1)
_NO_WORK = Both(
    nl="Wij vonden geen werk dat bij deze raadpleging hoort.",
    en="We found no work that belongs to this look.",
)


@cache
def grounds() -> Mapping[str, Query]:
    """Read the grounds of the house once."""
    return {each.id: each for each in grounds_of_the_house()}


@cache
def rules() -> Mapping[str, Query]:
    """Read the rules of the house once."""
    return {each.id: each for each in queries() if each.folder.parent.name == "rules"}


def both(text: InTwo | InBoth) -> Both:
    """Give a text of the library as one of a page."""
    return Both(nl=text.nl, en=text.en)


def local(microseconds: object) -> datetime:
    """Give a moment in the zone of the desk."""
    return datetime.fromtimestamp(cast("int", microseconds) / 1_000_000, tz=UTC).astimezone(ZoneInfo(ZONE))


def microseconds(moment: datetime) -> int:
    """Give a moment as the ledger counts."""
    return int(moment.timestamp() * 1_000_000)


def day(number: int) -> date:
    """Give a day as people write it."""
    return _EPOCH + timedelta(days=number)


def severity_of(score: float) -> Severity:
    """Say in three steps how far beyond chance a score (nats) is."""
    if score >= _HIGH:
        return Severity.HIGH
    return Severity.MIDDLE if score >= _MIDDLE else Severity.LOW


def one_in(score: float) -> int:
    """Read a score as odds, in a number people can say: 1, 20, 4000; a million at most."""
    odds = min(exp(min(score, 20.0)), _MOST_ODDS)
    if odds < 2:
        return 1
    step = 10 ** floor(log10(odds))
    return int(min(_MOST_ODDS, max(2, round(odds / step) * step)))


def finding_view(found: Found) -> FindingView:
    """Give a finding as a page shows it."""
    return FindingView(
        key=found.key,
        rule=found.rule,
        title=_title(found),
        about=found.about,
        score=found.score,
        severity=Severity.HIGH if "urgent" in found.kinds else severity_of(found.score),
        one_in=one_in(found.score),
        terms=found.terms,
        sentences=found.sentences,
        looks=found.looks,
        subjects=found.subjects,
        staff=found.staff,
        weak_looks=found.weak_looks,
        first_at=local(found.first_at),
        last_at=local(found.last_at),
        team=found.team,
        role=found.role,
        searched=tuple(_searched(each) for each in found.sought),
        kinds=found.kinds,
        said=tuple(_said(each) for each in found.said),
        sent=found.sent,
    )


def _title(found: Found) -> Both:
    """Call a finding by its rule, or by what the channel that found it is called."""
    rule = rules().get(found.rule)
    if rule is not None:
        return both(rule.title)
    said = next((each.title for each in found.said if each.rule == found.rule), None)
    return both(said) if said is not None else Both(nl=found.rule, en=found.rule)


def _said(told: Said) -> SaidView:
    return SaidView(
        rule=told.rule, title=both(told.title), line=both(told.line), score=told.score,
        week=None if told.week is None else day(told.week),
    )  # fmt: skip


def _searched(sought: Sought) -> SearchedView:
    ground = grounds().get(sought.ground)
    return SearchedView(
        ground=sought.ground,
        title=both(ground.title) if ground else Both(nl=sought.ground, en=sought.ground),
        found=sought.found,
        holds_for=sought.holds_for,
        weight=sought.weight,
        where=both(sought.where),
        sources=sought.sources,
        source_health=Health(sought.health),
    )


def look_view(row: Row) -> LookView:
    """Give a look as a page shows it."""
    ground = str(row["best_ground"] or "")
    later = int(cast("int", row.get("days_later") or 0))
    zaak = row["zaak"]
    return LookView(
        entry=cast("int", row["look"]),
        at=local(row["looked_at"]),
        staff=Pseudonym(domain="staff", hi=cast("int", row["staff"])),
        subject=Pseudonym(domain="subject", hi=cast("int", row["subject"])),
        register=str(row["register"] or ""),
        fields=str(row["fields"] or ""),
        search_key=str(row["search_key"] or ""),
        team=str(row["team"] or ""),
        role=str(row["role"] or ""),
        explained=bool(row["explained"]),
        weak=bool(row["weak_only"]),
        ground=ground,
        sentence=_sentence(ground, later, kept_back=bool(row["weak_only"])),
        strength=cast("float", row["best_strength"] or 0.0),
        zaak=None if zaak is None else Pseudonym(domain="zaak", hi=cast("int", zaak)),
        days_later=later,
    )


@cache
def _sentence(ground: str, later: int, *, kept_back: bool) -> Both:
    known = grounds().get(ground)
    return _NO_WORK if known is None else both(narrate(known, days_later=later, kept_back=kept_back))


def work_view(row: Row) -> WorkView:
    """Give work that explains a look."""
    ground = str(row["ground"])
    known = grounds().get(ground)
    return WorkView(
        entry=cast("int", row["work_entry"]),
        at=local(row["work_at"]),
        kind=str(row["work_relation"]),
        ground=ground,
        title=both(known.title) if known else Both(nl=ground, en=ground),
        source=str(row["work_source"] or ""),
    )


def share_view(share: Share) -> ShareView:
    """Give counted looks as shares."""
    looks = max(1, share.looks)
    return ShareView(
        by=share.by,
        name=share.name,
        first=None if share.first is None else day(share.first),
        looks=share.looks,
        explained=share.explained / looks,
        null_explained=share.null_explained,
        weak_only=share.weak_only / looks,
        unexplained=share.looks - share.explained,
    )


def system_view(system: System) -> SystemView:
    """Give a source with how it stands."""
    last = None if system.last_at is None else local(system.last_at)
    delay = None if system.delay is None else timedelta(microseconds=system.delay)
    return SystemView(
        name=system.name,
        facts=system.facts,
        first=None if system.first_at is None else local(system.first_at),
        last=last,
        state=_health(system, delay),
        gap=None if last is None else max(timedelta(0), local(system.at) - last),
        delay=delay,
        looks=system.looks,
        declared=system.declared,
    )


def _health(system: System, delay: timedelta | None) -> Health:
    if system.hears == "never" or not system.facts:
        return Health.NOT_CONNECTED
    if system.hears == "silent":
        return Health.SILENT
    if system.hears == "unknown":
        return Health.RHYTHM_UNKNOWN
    return Health.LATE if system.declared and delay is not None and delay > _LATE else Health.CONNECTED
