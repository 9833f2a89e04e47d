# SPDX-License-Identifier: EUPL-1.2
"""The words of the evidence file: Dutch, whatever the language of the page. The facts are the ledger's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.utils import translation
from django.utils.timezone import localtime

from rekenschap.casework.closing import Reason
from rekenschap.model.warrant import Warrant
from rekenschap.report.evidence_file import EvidenceContent, Moment, Section
from rekenschap_web.evidence.giving.dossier import acts_entries, affair, evidence_file
from rekenschap_web.findings.names import pseudonym_of
from rekenschap_web.investigations.queries import InvestigationView
from rekenschap_web.investigations.timeline import merged, work_beside
from rekenschap_web.people.models import Person
from rekenschap_web.questions.queries import QuestionView

MOST_ENTRIES = 1500


def make_file(
    view: InvestigationView,
    questions: tuple[QuestionView, ...],
    *,
    by: Person,
    warrant: Warrant,
    now: datetime,
) -> bytes:
    """Set the evidence file: looks, the work beside them and what the desk did, each with its proof."""
    with translation.override("nl"):
        timeline = affair(view.looks, about=pseudonym_of(view.about), warrant=warrant, named=view.object)
        course = [
            Moment(at=_at(line.at), who=line.who, what=f"{line.kind_name}: {line.what}")
            for line in merged(view, timeline, questions)
        ]
        content = _content(view, questions, course, by=by, now=now)
    work = [each.entry for each in work_beside(view, timeline)]
    acted = acts_entries([view.object, *(f"question:{each.number}" for each in questions)])
    entries = sorted({*view.looks, *work, *acted})[:MOST_ENTRIES]
    return evidence_file(entries, content=content, warrant=warrant, named=view.object)


def _content(
    view: InvestigationView,
    questions: tuple[QuestionView, ...],
    course: Iterable[Moment],
    *,
    by: Person,
    now: datetime,
) -> EvidenceContent:
    return EvidenceContent(
        number=view.number,
        title="Wat weten wij van deze raadplegingen, en wat niet?",
        organisation=settings.DESK.organisation,
        made_at=now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        made_by=by.name,
        origin="",
        size=0,
        root="",
        typesetter="",
        sections=tuple(_sections(view, questions)),
        course=tuple(course),
        facts=(),
    )


def _sections(view: InvestigationView, questions: tuple[QuestionView, ...]) -> Iterable[Section]:
    yield Section(
        title="Waar gaat dit onderzoek over?",
        paragraphs=(
            f"Bevinding {view.finding}, over {view.short}. Het gaat om {len(view.looks)} raadplegingen.",
            f"Geopend op {_at(view.opened_at)} door {view.opened_by}. Reden: {view.because}",
            f"Stand: {view.state_nl}.",
        ),
    )
    yield Section(title="Wat zei de medewerker?", paragraphs=tuple(_replies(view, questions)))
    if view.reason:
        yield Section(
            title="Wat is de uitkomst?",
            paragraphs=(
                f"{Reason(view.reason).nl}. {view.words}",
                f"Voorgesteld door {view.proposed_by}"
                + (f", afgesloten door {view.closed_by}." if view.closed_by else "."),
            ),
        )
    if view.papers:
        yield Section(
            title="Welke bijlagen horen erbij?",
            paragraphs=tuple(
                f"{each.name}, {each.size} bytes, SHA-256 {each.sha256}" for each in view.papers
            ),
        )


def _replies(view: InvestigationView, questions: tuple[QuestionView, ...]) -> Iterable[str]:
    for each in questions:
        if each.answered_at is not None:
            yield f"Op vraag {each.number}, {_at(each.answered_at)}: {each.answer_name}. {each.words}".strip()
    if view.replied_at is not None:
        yield f"Reactie, {_at(view.replied_at)}: {view.reply}"
    elif view.reply_asked_at is not None:
        yield f"Er is op {_at(view.reply_asked_at)} om een reactie gevraagd. Die is er niet."
    else:
        yield "Er is nog niet om een reactie gevraagd."


def _at(at: datetime) -> str:
    return localtime(at).strftime("%d-%m-%Y %H:%M")
