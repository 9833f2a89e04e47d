# SPDX-License-Identifier: EUPL-1.2
"""Gives findings to another program of the organisation, a SIEM say; that is a disclosure, and is told so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rekenschap import __version__
from rekenschap.audit.deriving import Derived
from rekenschap.audit.deriving.told import InBoth
from rekenschap.audit.desk.facts import DeskFact, append_desk_facts
from rekenschap.contracts.findings import GivenFinding
from rekenschap.detect import queries
from rekenschap.house import ORIGIN, House
from rekenschap.model.relations import DISCLOSURE

SOURCE = "rekenschap-giving"


def findings_to_give(
    derived: Derived, *, in_dutch: bool, since: int | None = None
) -> tuple[GivenFinding, ...]:
    """Give the findings of a derivation whose last look is at or after `since` (µs UTC), highest first."""
    titles = {each.id: InBoth(nl=each.title.nl, en=each.title.en) for each in queries()}
    told = []
    for each in derived.findings:
        if since is not None and each.last_at < since:
            continue
        title = (titles | {one.rule: one.title for one in each.said}).get(each.rule)
        told.append(
            GivenFinding(
                key=each.key, rule=each.rule, score=each.score, about=each.about.short,
                title=each.rule if title is None else title.nl if in_dutch else title.en,
                sentences=each.sentences.nl if in_dutch else each.sentences.en,
                is_staff=each.about.domain == "staff", looks=len(each.looks), subjects=each.subjects,
                first_at=each.first_at, last_at=each.last_at, derived_at=derived.manifest.derived_at,
                origin=derived.manifest.origin, size=derived.manifest.size, version=__version__,
            )
        )  # fmt: skip
    return tuple(told)


def tell_given(house: House, given: Sequence[GivenFinding], *, by: str, size: int, now: datetime) -> None:
    """Tell the ledger who gave how many findings away, before they leave; raises StoreError."""
    fact = DeskFact(
        relation=DISCLOSURE.name,
        values={
            "disclosed_at": now, "staff": by, "kind": "export", "subjects": len(given), "size": size,
            "destination_kind": "internal", "kinds": "findings",
        },
    )  # fmt: skip
    append_desk_facts(house, [fact], ledger=house.appending(origin=ORIGIN), now=now, source=SOURCE)
