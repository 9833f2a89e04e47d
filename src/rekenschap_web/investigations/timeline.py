# SPDX-License-Identifier: EUPL-1.2
"""Everything that is known of one affair on one line of time: looks, work, questions, answers, acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from rekenschap.report.charts import timeline_chart
from rekenschap.report.content import Look, Work
from rekenschap.report.parts import Table
from rekenschap_web.design.charts import Figure, figure
from rekenschap_web.design.words import words_here
from rekenschap_web.evidence.views import Timeline, WorkView
from rekenschap_web.investigations.queries import InvestigationView
from rekenschap_web.questions.queries import QuestionView

MOST_OTHERS = 40
"""Explained looks and work shown beside what the investigation is about: those nearest in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One line: when, of which kind, who, and what."""

    at: datetime
    kind: str
    kind_name: str
    who: str
    what: str
    entry: int | None = None


def merged(
    view: InvestigationView, timeline: Timeline, questions: Iterable[QuestionView]
) -> tuple[Happened, ...]:
    """Put everything in the order in which it happened."""
    lines = [*_of_investigation(view), *(line for each in questions for line in _of_question(each))]
    lines += [*_looks(view, timeline), *_work(view, timeline)]
    return tuple(sorted(lines, key=lambda line: line.at))


def course_figure(view: InvestigationView, timeline: Timeline, course: Sequence[Happened]) -> Figure:
    """Draw looks against the work around them; the table beneath has everything, in one order of time."""
    words = words_here()
    looks = [
        Look(entry=x.entry, at=x.at, explained=x.explained, weak=x.weak, ground=x.ground or None)
        for x in timeline.looks
    ]
    beside = work_beside(view, timeline)
    work = [Work(at=x.at, ground=x.ground) for x in beside]
    return figure(
        question=_("Wat gebeurde wanneer?"),
        answer=_("%(looks)s raadplegingen, en %(work)s keer werk van wie dan ook rond dezelfde personen.")
        % {"looks": words.number(len(looks)), "work": words.number(len(work))},
        chart=lambda width: timeline_chart(looks, work, words, width=width),
        table=Table(
            name=_("Alles op volgorde van tijd"),
            heads=(_("Tijdstip"), _("Soort"), _("Wie"), _("Wat")),
            rows=tuple((words.moment(x.at), x.kind_name, x.who, x.what) for x in course),
        ),
    )


def _looks(view: InvestigationView, timeline: Timeline) -> Iterator[Happened]:
    words, wanted = words_here(), set(view.looks)
    for look in timeline.looks:
        if look.entry in wanted:
            yield Happened(
                at=look.at, kind="look", kind_name=_("raadpleging"), who=look.staff.short,
                what=f"{look.subject.short}, {look.register}. {look.sentence.said(words.language)}",
                entry=look.entry,
            )  # fmt: skip


def work_beside(view: InvestigationView, timeline: Timeline) -> tuple[WorkView, ...]:
    """Give the work nearest in time to the looks it is about, in the order of time."""
    moments = [look.at for look in timeline.looks if look.entry in set(view.looks)]
    if not moments:
        return ()
    near = sorted(timeline.work, key=lambda work: min(abs(work.at - at) for at in moments))
    return tuple(sorted(near[:MOST_OTHERS], key=lambda work: work.at))


def _work(view: InvestigationView, timeline: Timeline) -> Iterator[Happened]:
    words = words_here()
    for work in work_beside(view, timeline):
        yield Happened(
            at=work.at, kind="work", kind_name=_("werk"), who=work.source,
            what=work.title.said(words.language), entry=work.entry,
        )  # fmt: skip


def _of_question(question: QuestionView) -> Iterator[Happened]:
    if question.was_asked:
        yield Happened(
            at=question.asked_at, kind="question", kind_name=_("vraag"), who=question.number,
            what=_("Waarom keek u hier?"),
        )  # fmt: skip
    if question.answered_at is not None:
        told = ". ".join(part for part in (question.answer_name, question.words) if part)
        yield Happened(
            at=question.answered_at, kind="answer", kind_name=_("antwoord"), who=question.short, what=told
        )
    if question.weighed_at is not None:
        known = question.state == "confirmed"
        yield Happened(
            at=question.weighed_at, kind="act", kind_name=_("controle"), who=_("teammanager"),
            what=_("Kent dit werk.") if known else _("Kent dit werk niet."),
        )  # fmt: skip


def _of_investigation(view: InvestigationView) -> Iterator[Happened]:
    act = _("handeling")
    told = (
        (view.opened_at, view.opened_by, _("Opende het onderzoek: %(why)s") % {"why": view.because}),
        (view.reply_asked_at, view.opened_by, _("Vroeg de medewerker om een reactie.")),
        (view.replied_at, view.short, _("Reageerde: %(words)s") % {"words": view.reply}),
        (
            view.proposed_at,
            view.proposed_by,
            _("Stelde voor om af te sluiten: %(words)s") % {"words": view.words},
        ),
        (view.closed_at, view.closed_by, _("Sloot het onderzoek af.")),
    )
    for at, who, what in told:
        if at is not None:
            yield Happened(at=at, kind="act", kind_name=act, who=who, what=what)
    for note in view.notes:
        said = _("Maakte een bewaaropdracht.") if note.kind == "hold" else note.text
        yield Happened(at=note.at, kind="act", kind_name=_("notitie"), who=note.by, what=said)
    for paper in view.papers:
        yield Happened(
            at=paper.at, kind="act", kind_name=_("bijlage"), who=paper.by,
            what=f"{paper.name}, SHA-256 {paper.sha256}",
        )  # fmt: skip
    for task in view.tasks:
        if task.done_at is not None:
            yield Happened(at=task.done_at, kind="act", kind_name=_("taak"), who=task.done_by, what=task.what)
