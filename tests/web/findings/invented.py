# SPDX-License-Identifier: EUPL-1.2
"""Findings of nobody, as a derivation would give them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from rekenschap.model.finding import Sentences, Term
from rekenschap.model.ids import Pseudonym
from rekenschap_web.evidence.views import Both, CauseView, Checkpoint, FindingView, PreviewView, Severity

NOON = datetime(2026, 3, 17, 12, tzinfo=UTC)


def checkpoint(size: int = 1000) -> Checkpoint:
    return Checkpoint(
        origin="veldhaven.example/log", size=size, root="cm9vdA==", at=NOON, version="1", seed=1
    )


def finding(
    who: int, severity: str = "low", *, looks: tuple[int, ...] = (), score: float = 3.0
) -> FindingView:
    return FindingView(
        key=f"key{who}",
        rule="unexplained_by_staff",
        title=Both(nl="Onverklaarde raadplegingen", en="Unexplained consultations"),
        about=Pseudonym(domain="staff", hi=who),
        score=score,
        severity=Severity(severity),
        one_in=20,
        terms=(Term(name="against_peers", value=score, nl="meer dan anderen", en="more than others"),),
        sentences=Sentences(nl=("Gezien.", "Niet gevonden."), en=("Seen.", "Not found.")),
        looks=looks or (who * 10, who * 10 + 1),
        subjects=2,
        staff=1,
        weak_looks=0,
        first_at=NOON,
        last_at=NOON,
        team="burgerzaken",
        role="balie",
        searched=(),
    )


def lower(view: FindingView, score: float, looks: tuple[int, ...]) -> FindingView:
    return replace(view, score=score, looks=looks)


def cause(findings: tuple[FindingView, ...], *, severity: str = "low") -> CauseView:
    return CauseView(
        id="source.afspraken",
        kind="source",
        name=Both(nl="de koppeling met afspraken mist", en="the link to appointments is missing"),
        source="afspraken",
        system="brp",
        team="burgerzaken",
        since=NOON,
        until=NOON,
        looks=41,
        staff=7,
        usual_share=0.97,
        share=0.7,
        would_explain=180,
        findings=tuple(each.key for each in findings),
        severity=Severity(severity),
    )


def preview(would_hide: tuple[int, ...] = ()) -> PreviewView:
    return PreviewView(days=90, would_explain=180, of_unexplained=1200, would_hide=would_hide, findings=())
