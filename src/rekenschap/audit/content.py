# SPDX-License-Identifier: EUPL-1.2
"""Turns an answer into the content of a report: plain values in local time, nothing to compute any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow.compute as pc

from rekenschap import __version__
from rekenschap.audit.answer import Answer
from rekenschap.audit.intake import TakenIn
from rekenschap.audit.stories import Scene
from rekenschap.report.content import (
    Coverage,
    GroundName,
    Period,
    Proof,
    ReportContent,
    SignedState,
    SourceSystem,
    Tally,
    Text,
    Week,
)
from rekenschap.tables import ZONE

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a report says besides its answer: of whom, when, from what, what is not covered, and the proof."""

    organisation: str
    made_at: datetime
    taken: TakenIn
    not_covered: Sequence[Text]
    proof: Proof | None
    checked: bool
    parameters: tuple[tuple[str, str], ...]


def content_of(answered: Answer, occasion: Occasion) -> ReportContent:
    """Put everything a page needs together."""
    scene = Scene.of(answered)
    return ReportContent(
        organisation=occasion.organisation,
        period=_period(answered),
        made_at=occasion.made_at.astimezone(ZoneInfo(ZONE)),
        zone=ZONE,
        version=__version__,
        signed_state=SignedState(
            origin=answered.checkpoint.origin,
            size=answered.checkpoint.size,
            root=answered.checkpoint.root.to_base64(),
            checked_at=occasion.made_at.astimezone(ZoneInfo(ZONE)) if occasion.checked else None,
        ),
        coverage=Coverage(
            systems=tuple(_in_local_time(each) for each in answered.systems),
            not_covered=tuple(occasion.not_covered),
            not_received=tuple(Text(nl=each.nl, en=each.en) for each in answered.not_received),
        ),
        relations=tuple(Tally(name=name, count=count) for name, count in answered.counts.items()),
        quarantined=tuple(Tally(name=reason, count=n) for reason, n in occasion.taken.quarantined.items()),
        shares=answered.explained.shares,
        weeks=weeks_of(answered),
        findings=tuple(scene.story(finding) for finding in answered.findings),
        proof=occasion.proof,
        grounds=tuple(
            GroundName(ground=each.id, name=Text(nl=each.title.nl, en=each.title.en))
            for each in answered.grounds
        ),
        parameters=occasion.parameters,
    )


def weeks_of(answered: Answer) -> tuple[Week, ...]:
    """Give the explained share beside its null, week by week."""
    return tuple(
        Week(
            start=_EPOCH + timedelta(days=row["monday"]),
            looks=row["looks"],
            explained=row["explained"],
            null_explained=row["null_explained"],
        )
        for row in answered.explained.week.to_pylist()
    )


def _period(answered: Answer) -> Period:
    days = pc.min_max(answered.explained.look.column("happened_day")).as_py()
    first, last = days["min"] or 0, days["max"] or 0
    return Period(first=_EPOCH + timedelta(days=first), last=_EPOCH + timedelta(days=last))


def _in_local_time(system: SourceSystem) -> SourceSystem:
    zone = ZoneInfo(ZONE)
    first, last = system.first, system.last
    return SourceSystem(
        name=system.name,
        facts=system.facts,
        first=first and first.astimezone(zone),
        last=last and last.astimezone(zone),
    )
