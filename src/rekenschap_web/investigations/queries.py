# SPDX-License-Identifier: EUPL-1.2
"""The only readers of investigations: frozen views, one timeline of everything, and what people may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import QuerySet
from django.http import Http404

from rekenschap.casework.flow import Decision
from rekenschap.casework.flows import INVESTIGATION
from rekenschap_web.findings.names import pseudonym_of
from rekenschap_web.investigations.models import Investigation
from rekenschap_web.investigations.rules import decisions_of, thing_of
from rekenschap_web.papers.queries import PaperView, papers_of
from rekenschap_web.people.may import may, require
from rekenschap_web.people.models import Person
from rekenschap_web.people.pseudonyms import own_pseudonym

ACTS = tuple(act for act, told in INVESTIGATION.acts.items() if told.who)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """Something to be done, or done."""

    number: int
    what: str
    due: date | None
    added_by: str
    added_at: datetime
    done_by: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """What somebody wrote down."""

    kind: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestigationView:
    """An investigation as a page shows it, with what this person may do with it."""

    number: str
    finding: str
    about: str
    short: str
    team: str
    looks: tuple[int, ...]
    because: str
    state: str
    state_nl: str
    state_en: str
    opened_by: str
    opened_at: datetime
    due: datetime | None
    breach: str
    reply_asked_at: datetime | None
    reply: str
    replied_at: datetime | None
    reason: str
    words: str
    proposed_by: str
    proposed_at: datetime | None
    closed_by: str
    closed_at: datetime | None
    tasks: tuple[TaskView, ...] = ()
    notes: tuple[NoteView, ...] = ()
    papers: tuple[PaperView, ...] = ()
    decisions: Mapping[str, Decision] = field(default_factory=dict)

    @property
    def object(self) -> str:
        """How acts name it."""
        return f"investigation:{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyView:
    """What the person it is about gets to see: the right to reply, and their own words."""

    number: str
    looks: tuple[int, ...]
    asked_at: datetime
    due: datetime | None
    reply: str
    replied_at: datetime | None
    is_open: bool


def investigation(number: str, person: Person) -> InvestigationView:
    """Read one; raises NotAllowedError for who may not see it, Http404 when there is none."""
    row = _rows().filter(number=number).first()
    if row is None:
        raise Http404
    require(person, "investigation.read", thing_of(row))
    return _view(row, person, whole=True)


def investigations(person: Person, *, open_only: bool = False) -> tuple[InvestigationView, ...]:
    """Read those this person may see, the latest first."""
    rows = _rows().exclude(state="closed") if open_only else _rows()
    return tuple(
        _view(row, person) for row in rows if may(person, "investigation.read", thing_of(row)).allowed
    )


def open_investigations(person: Person) -> tuple[tuple[str, str], ...]:
    """Give number and title of those this person may write in."""
    rows = _rows().exclude(state="closed")
    return tuple(
        (row.number, f"{row.number} · {pseudonym_of(row.about).short}")
        for row in rows
        if may(person, "investigation.write", thing_of(row)).allowed
    )


def investigation_of(finding: str, person: Person) -> str:
    """Give the number of the investigation of a finding; an empty text when there is none to see."""
    row = _rows().filter(finding=finding).order_by("-opened_at").first()
    if row is None or not may(person, "investigation.read", thing_of(row)).allowed:
        return ""
    return row.number


def reply_view(number: str, person: Person) -> ReplyView:
    """Read what the person it is about may see; Http404 for everybody else, and before a reply was asked."""
    row = Investigation.objects.filter(number=number, reply_asked_at__isnull=False).first()
    if row is None or not row.about or own_pseudonym(person) != row.about or row.reply_asked_at is None:
        raise Http404
    return ReplyView(
        number=row.number, looks=tuple(row.looks), asked_at=row.reply_asked_at, due=row.due, reply=row.reply,
        replied_at=row.replied_at, is_open=row.state == "hearing",
    )  # fmt: skip


def replies_wanted(person: Person) -> tuple[ReplyView, ...]:
    """Read the investigations that wait for the reply of this person."""
    about = own_pseudonym(person)
    rows = Investigation.objects.filter(about=about, state="hearing") if about else ()
    return tuple(reply_view(row.number, person) for row in rows)


def _rows() -> QuerySet[Investigation]:
    return Investigation.objects.select_related("opened_by", "proposed_by", "closed_by")


def _view(row: Investigation, person: Person, *, whole: bool = False) -> InvestigationView:
    state = INVESTIGATION.states[row.state]
    return InvestigationView(
        number=row.number,
        finding=row.finding,
        about=row.about,
        short=pseudonym_of(row.about).short,
        team=row.team,
        looks=tuple(row.looks),
        because=row.because,
        state=row.state,
        state_nl=state.nl,
        state_en=state.en,
        opened_by=row.opened_by.name,
        opened_at=row.opened_at,
        due=row.due,
        breach=row.breach,
        reply_asked_at=row.reply_asked_at,
        reply=row.reply,
        replied_at=row.replied_at,
        reason=row.reason,
        words=row.words,
        proposed_by=row.proposed_by.name if row.proposed_by is not None else "",
        proposed_at=row.proposed_at,
        closed_by=row.closed_by.name if row.closed_by is not None else "",
        closed_at=row.closed_at,
        tasks=_tasks(row) if whole else (),
        notes=_notes(row) if whole else (),
        papers=papers_of(row.act_object) if whole else (),
        decisions=decisions_of(row, person, ACTS if whole else ("close",)),
    )


def _tasks(row: Investigation) -> tuple[TaskView, ...]:
    return tuple(
        TaskView(
            number=task.pk, what=task.what, due=task.due, added_by=task.added_by.name, added_at=task.added_at,
            done_by=task.done_by.name if task.done_by is not None else "", done_at=task.done_at,
        )
        for task in row.tasks.select_related("added_by", "done_by")
    )  # fmt: skip


def _notes(row: Investigation) -> tuple[NoteView, ...]:
    return tuple(
        NoteView(kind=note.kind, text=note.text, by=note.written_by.name, at=note.written_at)
        for note in row.notes.select_related("written_by")
    )
