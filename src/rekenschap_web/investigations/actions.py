# SPDX-License-Identifier: EUPL-1.2
"""The only writers of investigations: ask the rule, save, record the act, in one transaction."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from rekenschap.casework.closing import Reason
from rekenschap.casework.flow import Decision
from rekenschap.casework.flows import INVESTIGATION
from rekenschap.model.warrant import Warrant
from rekenschap_web.acts import About, Assigned, OpenedZaak, recorded
from rekenschap_web.evidence.giving.dossier import hold_order
from rekenschap_web.findings.actions import move as move_finding
from rekenschap_web.findings.names import pseudonym_of
from rekenschap_web.findings.queries import finding_case
from rekenschap_web.findings.refusals import SentenceError
from rekenschap_web.investigations.models import Investigation, Note, Task
from rekenschap_web.investigations.rules import decision_of
from rekenschap_web.papers.actions import keep
from rekenschap_web.papers.numbers import next_number
from rekenschap_web.people.may import Thing, require
from rekenschap_web.people.models import Person
from rekenschap_web.people.pseudonyms import own_pseudonym
from rekenschap_web.questions.telling.mailing import say_something_waits
from rekenschap_web.questions.telling.whom import person_behind

_VERBS = {
    "ask_reply": "reply_asked", "go_on": "went_on", "send_back": "sent_back", "reopen": "reopened",
    "propose": "proposed", "propose_early": "proposed", "close": "closed",
}  # fmt: skip


@transaction.atomic
def open_investigation(*, finding: str, by: Person, because: str) -> Investigation:
    """Open an investigation of a finding; it becomes a zaak of the desk, handled by who opened it."""
    matter, now = finding_case(finding), timezone.now()
    require(by, "investigation.open", Thing(kind="investigation", about=matter.about, team=matter.team))
    move_finding(number=finding, act="investigate", by=by, because=because)
    row = Investigation(
        number=next_number(Investigation, now),
        finding=finding,
        about=matter.about,
        team=matter.team,
        looks=list(matter.looks),
        because=because,
        opened_by=by,
        opened_at=now,
        due=INVESTIGATION.due("open", now),
    )
    about = About(who=pseudonym_of(matter.about), look=matter.looks[0] if matter.looks else None)
    zaak, number = f"investigation:{row.number}", by.staff_id
    work = (
        OpenedZaak(zaak=zaak, about=about, handler=number, team=by.team),
        Assigned(zaak=zaak, to=number, by=number),
    )
    return recorded(
        row, by=by, verb="opened", because=because, investigation=row.number, work=work if number else ()
    )


@transaction.atomic
def move(*, number: str, act: str, by: Person, words: str = "") -> Investigation:
    """Ask for a reply, go on without one, send back, or open again."""
    row = _held(number)
    decision = _decided(row, act, by, because=words)
    if act == "ask_reply":
        row.reply_asked_at, row.reply, row.replied_at = timezone.now(), "", None
        transaction.on_commit(lambda: _tell(row.about, row.team))
    if act == "reopen":
        row.reason = row.words = ""
        row.proposed_by = row.proposed_at = row.closed_by = row.closed_at = None
    return _moved(row, decision, by=by, verb=_VERBS[act], because=words)


@transaction.atomic
def reply(*, number: str, by: Person, words: str, upload: UploadedFile[bytes] | None = None) -> Investigation:
    """Take in the reply of who it is about: their own words, unchanged."""
    row = _held(number)
    if own_pseudonym(by) != row.about or not row.about:
        raise SentenceError(
            _no("reply.another", "Alleen de medewerker zelf kan reageren.", "Only the person can reply.")
        )
    if not words.strip():
        raise SentenceError(_no("reply.empty", "Schrijf uw reactie op.", "Write down your reply."))
    decision = _decided(row, "receive_reply", by)
    row.reply, row.replied_at = words, timezone.now()
    if upload is not None:
        keep(upload=upload, belongs_to=row.act_object, about=row.about, by=by, investigation=row.number)
    return _moved(row, decision, by=by, verb="replied")


@transaction.atomic
def propose(*, number: str, by: Person, reason: Reason, words: str) -> Investigation:
    """Propose to close, with one of the reasons; a second person decides."""
    row = _held(number)
    act = "propose_early" if row.state == "open" else "propose"
    decision = _decided(row, act, by, because=f"{reason}: {words}")
    row.reason, row.words = str(reason), words
    row.proposed_by, row.proposed_at = by, timezone.now()
    return _moved(row, decision, by=by, verb="proposed", because=f"{reason}: {words}")


@transaction.atomic
def close(*, number: str, by: Person, words: str = "") -> Investigation:
    """Close what another person proposed to close; the finding is closed with the same reason."""
    row = _held(number)
    decision = _decided(row, "close", by, because=words)
    row.closed_by, row.closed_at = by, timezone.now()
    because = f"{row.reason}: {row.words}"
    _moved(row, decision, by=by, verb="closed", because=because)
    if finding_case(row.finding).state == "investigated":
        move_finding(
            number=row.finding, act="end_investigation", by=by, because=because, reason=Reason(row.reason)
        )
    return row


@transaction.atomic
def write_note(*, number: str, by: Person, text: str) -> Note:
    """Write a note; it stays as it is."""
    row = _held(number)
    _decided(row, "note", by)
    note = Note(investigation=row, text=text, written_by=by, written_at=timezone.now())
    return recorded(note, by=by, verb="noted", investigation=row.number)


@transaction.atomic
def attach(*, number: str, by: Person, upload: UploadedFile[bytes]) -> None:
    """Add a document: sealed, hashed, scanned."""
    row = _held(number)
    _decided(row, "attach", by)
    keep(upload=upload, belongs_to=row.act_object, about=row.about, by=by, investigation=row.number)


@transaction.atomic
def add_task(*, number: str, by: Person, what: str, due: date | None) -> Task:
    """Add something to be done."""
    row = _held(number)
    _decided(row, "add_task", by)
    task = Task(investigation=row, what=what, due=due, added_by=by, added_at=timezone.now())
    return recorded(task, by=by, verb="task_added", investigation=row.number)


@transaction.atomic
def finish_task(*, number: str, task: int, by: Person) -> Task:
    """Say that something is done."""
    row = _held(number)
    _decided(row, "finish_task", by)
    found = Task.objects.select_for_update(of=("self",)).get(pk=task, investigation=row)
    found.done_by, found.done_at = by, timezone.now()
    return recorded(found, by=by, verb="task_done", investigation=row.number)


@transaction.atomic
def refer_to_breach(*, number: str, by: Person, breach: str) -> Investigation:
    """Write down which breach this belongs to."""
    row = _held(number)
    _decided(row, "note", by)
    row.breach = breach
    return recorded(row, by=by, verb="referred", because=breach, investigation=row.number)


@transaction.atomic
def draft_hold(*, number: str, by: Person, because: str, warrant: Warrant) -> Note:
    """Draft the order that nothing of this may be erased; it counts when officers signed it."""
    row = _held(number)
    _decided(row, "draft_hold", by, because=because)
    text = hold_order(row.looks, reference=f"onderzoek-{row.number}", warrant=warrant, named=row.act_object)
    note = Note(investigation=row, kind="hold", text=text, written_by=by, written_at=timezone.now())
    return recorded(note, by=by, verb="held_drafted", because=because, investigation=row.number)


def _held(number: str) -> Investigation:
    rows = Investigation.objects.select_for_update(of=("self",)).select_related("opened_by", "proposed_by")
    return rows.get(number=number)


def _decided(row: Investigation, act: str, by: Person, *, because: str = "") -> Decision:
    decision = decision_of(row, act, by, because=because)
    if not decision.allowed:
        raise SentenceError(decision)
    return decision


def _moved(
    row: Investigation, decision: Decision, *, by: Person, verb: str, because: str = ""
) -> Investigation:
    if decision.to != row.state:
        row.due = INVESTIGATION.due(decision.to, timezone.now())
    row.state = decision.to
    return recorded(row, by=by, verb=verb, because=because, investigation=row.number)


def _tell(about: str, team: str) -> None:
    person = person_behind(about, team)
    if person is not None:
        say_something_waits(person)


def _no(why: str, nl: str, en: str) -> Decision:
    return Decision(allowed=False, rule=f"investigation.{why}", nl=nl, en=en)
