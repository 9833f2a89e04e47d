# SPDX-License-Identifier: EUPL-1.2
"""Who has a leaked list in common, asked of the newest derivation; the list itself is forgotten at once."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from rekenschap.audit.desk.leaking import read_list, window_of
from rekenschap.detect.leak import LeakAnswer, LeakParameters, find_source
from rekenschap.house import PERIOD, House
from rekenschap.model.warrant import Warrant
from rekenschap.sql.workspace import bind_all
from rekenschap_web import acts
from rekenschap_web.evidence.door import used
from rekenschap_web.evidence.house import derived, house

_OF_VERDICT = ("look", "explained", "weak_only", "best_ground", "best_strength", "score")
_OF_LOOK = ("look", "staff", "subject", "looked_at", "happened_day", "team", "role", "employment")
_FACTS = ("relation", "authorisation", "staff")
_EVER = 10**6


def search(
    text: str,
    *,
    first: date,
    last: date,
    warrant: Warrant,
    named: str,
    parameters: LeakParameters | None = None,
) -> LeakAnswer:
    """Rank the staff who met the list between two days, both included; every one shown is looked at.

    Raises ConfigurationError when the text holds no list.
    """
    leaked = read_list(text, house().keys.pseudonym_key(PERIOD))
    person = used(warrant, named, verb="searched")
    told, engine = derived(), House.engine()
    try:
        bind_all(engine, {name: told.facts(name) for name in _FACTS})
        looks = told.looks_between(-_EVER, _EVER)
        engine.bind("look", looks.select(_OF_LOOK))
        engine.bind("verdict", looks.select(_OF_VERDICT))
        found = find_source(engine, leaked, window=window_of(first, last), parameters=parameters)
    finally:
        engine.close()
    with transaction.atomic():
        acts.record(
            by=person,
            verb="consulted",
            kind="leak",
            object=named,
            because=warrant.reason,
            warrant=warrant,
            work=[
                acts.Looked(
                    about=acts.About(who=each.staff), fields="bron van een lek", zaak=_zaak(warrant, named)
                )
                for each in found.ranking
            ],
        )
    return found


def _zaak(warrant: Warrant, named: str) -> str:
    return f"investigation:{warrant.investigation}" if warrant.investigation else named
