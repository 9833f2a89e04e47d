# SPDX-License-Identifier: EUPL-1.2
"""Unexplained looks that probably have one cause: which, how many, what settling it would do."""

from __future__ import annotations

from collections.abc import Collection

from rekenschap.audit.deriving import Derived
from rekenschap.audit.deriving.told import Cause
from rekenschap.errors import RefusedError
from rekenschap.model.warrant import Warrant
from rekenschap_web.evidence.door import used
from rekenschap_web.evidence.house import derived
from rekenschap_web.evidence.reading.looks import part_of
from rekenschap_web.evidence.reading.shaping import (
    both,
    day,
    look_view,
    severity_of,
)
from rekenschap_web.evidence.views import (
    CauseView,
    LookView,
    Page,
    PreviewView,
    Severity,
)

_PREVIEW_DAYS = 90


def candidates_by_cause() -> tuple[CauseView, ...]:
    """Give unexplained looks that probably have one cause, those with most looks first."""
    told = derived()
    return tuple(_cause_view(each, told) for each in told.causes)


def cause(name: str) -> CauseView:
    """Give one cause; raises RefusedError when this checkpoint has none of this name."""
    told = derived()
    return _cause_view(_caused(told, name), told)


def looks_of_cause(name: str, *, warrant: Warrant, page: Page | None = None) -> tuple[LookView, ...]:
    """Give looks of a cause, in the order of the ledger."""
    used(warrant, f"cause:{name}", fields="raadplegingen")
    told, part = derived(), part_of(page or Page())
    _caused(told, name)
    entries = told.looks_of_cause(name).column("look").to_pylist()[part.first : part.first + part.most]
    return tuple(look_view(row) for row in told.looks(entries).to_pylist())


def entries_of_cause(name: str) -> tuple[int, ...]:
    """Give the entries of the looks of a cause: to settle them, or to draw some by lot."""
    told = derived()
    _caused(told, name)
    return tuple(told.looks_of_cause(name).column("look").to_pylist())


def preview(name: str, *, known: Collection[int], warrant: Warrant) -> PreviewView:
    """Say what settling a cause would explain, and which of the looks of `known` misuse it would hide."""
    used(warrant, f"cause:{name}", fields="voorvertoning")
    told = derived()
    one = _caused(told, name)
    mine = set(told.looks_of_cause(name).column("look").to_pylist())
    overall = next(each for each in told.shares if each.by == "all")
    return PreviewView(
        days=_PREVIEW_DAYS,
        would_explain=one.recent,
        of_unexplained=overall.looks - overall.explained,
        would_hide=tuple(sorted(mine & set(known))),
        findings=tuple(each.key for each in told.findings if mine & set(each.looks)),
    )


def _caused(told: Derived, name: str) -> Cause:
    found = told.cause(name)
    if found is None:
        raise RefusedError(
            expected="a cause of the latest checkpoint",
            found="none of this name",
            remedy="look at the list of causes: it may have been mended",
            rule="cause",
        )
    return found


def _cause_view(one: Cause, told: Derived) -> CauseView:
    scores = [each.score for each in told.findings if each.key in one.findings]
    return CauseView(
        id=one.id,
        kind=one.kind,
        name=both(one.name),
        source=one.source,
        system=one.system,
        team=", ".join(one.teams),
        since=day(one.first_day),
        until=day(one.last_day),
        looks=one.looks,
        staff=one.staff,
        usual_share=one.usual_share,
        share=one.share,
        would_explain=one.recent,
        findings=one.findings,
        severity=severity_of(max(scores)) if scores else Severity.LOW,
    )
