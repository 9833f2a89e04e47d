# SPDX-License-Identifier: EUPL-1.2
"""The grounds and rules of the house beside what each did here; names nobody."""

from __future__ import annotations

from rekenschap.sql.query import Query
from rekenschap_web.evidence.house import derived
from rekenschap_web.evidence.reading import shaping
from rekenschap_web.evidence.views import RuleView


def grounds() -> tuple[RuleView, ...]:
    """Give every ground with what it explains here."""
    return tuple(_view(each, "ground") for each in shaping.grounds().values())


def rules() -> tuple[RuleView, ...]:
    """Give every rule with what it found here."""
    return tuple(_view(each, "rule") for each in shaping.rules().values())


def rule(name: str) -> RuleView | None:
    """Give one ground or rule."""
    return next((each for each in (*grounds(), *rules()) if each.id == name), None)


def _view(query: Query, kind: str) -> RuleView:
    told = next((each for each in derived().rules if each.id == query.id and each.kind == kind), None)
    return RuleView(
        id=query.id,
        kind=kind,
        title=shaping.both(query.title),
        question=query.question,
        sentence=shaping.both(query.sentence),
        weight=query.weight,
        severity=query.severity,
        law=query.law,
        blind_spots=query.blind_spots,
        owner=query.owner,
        since=query.since,
        version=query.version,
        sql=query.sql,
        settings=tuple((each.name, str(each.default), each.unit, each.why) for each in query.settings),
        cases=tuple((each.stem, each.read_text(encoding="utf-8")) for each in query.drawings),
        volume=told.volume if told else 0,
        alone=told.alone if told else 0,
        share=told.share if told else None,
        null_share=told.null_share if told else None,
        strength=told.strength if told else None,
    )
