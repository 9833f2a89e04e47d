# SPDX-License-Identifier: EUPL-1.2
"""The grounds and rules of the house beside what each did here; names nobody."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from rekenschap.sql.query import Query
from rekenschap_web.evidence.house import derived
from rekenschap_web.evidence.reading import shaping
from rekenschap_web.evidence.views import Both, RuleView, SettingView

_DUTCH = Path(__file__).with_name("questions.nl.toml")


def grounds() -> tuple[RuleView, ...]:
    """Give every ground with what it explains here."""
    return tuple(_view(each, "ground") for each in shaping.grounds().values())


def explains_here() -> Mapping[str, int]:
    """Give how many looks each ground explains in this house."""
    return {each.id: each.volume for each in derived().rules if each.kind == "ground"}


def rules() -> tuple[RuleView, ...]:
    """Give every rule with what it found here."""
    return tuple(_view(each, "rule") for each in shaping.rules().values())


def rule(name: str) -> RuleView | None:
    """Give one ground or rule."""
    return next((each for each in (*grounds(), *rules()) if each.id == name), None)


def _in_both(what: str, english: str) -> Both:
    """Put the Dutch beside an English sentence of a query; where there is none yet, the English itself."""
    return Both(nl=_dutch()[what].get(english, english), en=english)


@cache
def _dutch() -> Mapping[str, Mapping[str, str]]:
    told: dict[str, dict[str, str]] = tomllib.loads(_DUTCH.read_text(encoding="utf-8"))
    return told


def _law(english: str) -> Both:
    """Name the articles as a Dutch reader does: `AVG art. 5 lid 1 onder b en d`."""
    dutch = english.replace("GDPR", "AVG").replace(" and ", " en ")
    dutch = re.sub(r"(\d+)\((\d)\)", r"\1 lid \2", dutch)
    dutch = re.sub(r"(lid \d)\((\w)\)", r"\1 onder \2", dutch)
    return Both(nl=re.sub(r"\((\w)\)", r"\1", dutch), en=english)


def _view(query: Query, kind: str) -> RuleView:
    told = next((each for each in derived().rules if each.id == query.id and each.kind == kind), None)
    return RuleView(
        id=query.id,
        kind=kind,
        title=shaping.both(query.title),
        question=_in_both("asked", query.question),
        sentence=shaping.both(query.sentence),
        weight=query.weight,
        severity=query.severity,
        law=_law(query.law),
        blind_spots=tuple(_in_both("blind", each) for each in query.blind_spots),
        owner=query.owner,
        since=query.since,
        version=query.version,
        sql=query.sql,
        settings=tuple(
            SettingView(
                name=each.name,
                label=Both(nl=_dutch()["setting"].get(each.name, each.name), en=each.name.replace("_", " ")),
                kind=each.type,
                value=str(each.default),
                unit=_in_both("unit", each.unit),
                why=_in_both("why", each.why),
            )
            for each in query.settings
        ),
        cases=tuple(
            (_in_both("drawn", each.stem), each.read_text(encoding="utf-8")) for each in query.drawings
        ),
        volume=told.volume if told else 0,
        alone=told.alone if told else 0,
        share=told.share if told else None,
        null_share=told.null_share if told else None,
        strength=told.strength if told else None,
        standing=told.standing if told else "",
        kept_back=told.kept_back if told else 0.0,
    )
