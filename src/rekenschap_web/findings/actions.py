# SPDX-License-Identifier: EUPL-1.2
"""The only writers of findings and causes: ask the rule, save, record the act, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone

from rekenschap.casework.closing import SAYS_THERE_WAS_WORK, Reason
from rekenschap.casework.flow import Decision, permitted
from rekenschap.casework.flows.finding import FINDING
from rekenschap.casework.together import LOW, drawn, may_settle_together
from rekenschap_web.acts import record_of_looks, recorded
from rekenschap_web.acts.queries import looks_settled_by
from rekenschap_web.evidence.views import CauseView, PreviewView
from rekenschap_web.findings.following.taking import Taken, take_over
from rekenschap_web.findings.models import CauseRecord, FindingRecord
from rekenschap_web.findings.refusals import SentenceError
from rekenschap_web.findings.rules import deadline_of, decision_of, facts_of, thing_of
from rekenschap_web.people.may import Thing, require
from rekenschap_web.people.models import Person

__all__ = [
    "Taken", "close", "explain", "look_again", "look_at_cause_again", "move", "reopen", "settle_cause",
    "settle_together", "take", "take_over",
]  # fmt: skip


@transaction.atomic
def take(*, number: str, by: Person) -> None:
    """Take a finding upon oneself, so that others see who works on it."""
    record = _held(number)
    require(by, "finding.settle", thing_of(record))
    if record.state == "closed":
        raise SentenceError(
            _no("take", "Deze bevinding is al afgesloten.", "This finding is closed already.")
        )
    if record.taken_by_id == by.pk:
        return
    record.taken_by = by
    recorded(record, by=by, verb="taken", because="")


@transaction.atomic
def close(*, number: str, by: Person, reason: Reason, words: str) -> None:
    """Close a finding with one of the six reasons."""
    move(number=number, act="close", by=by, because=f"{reason}: {words}".rstrip(": "), reason=reason)


@transaction.atomic
def explain(*, number: str, by: Person, words: str) -> None:
    """Close a finding because of work that was not seen, in the words of who knows it."""
    close(number=number, by=by, reason=Reason.EXPLAINED_BY_WORK, words=words)


@transaction.atomic
def reopen(*, number: str, by: Person, words: str) -> None:
    """Open a closed finding again."""
    move(number=number, act="reopen", by=by, because=words)


@transaction.atomic
def move(
    *, number: str, act: str, by: Person, because: str = "", reason: Reason | None = None
) -> FindingRecord:
    """Do one act of the flow of findings; raises NotAllowedError or SentenceError with the sentence why not.

    What the flow gives to the system (an answer comes in) is done in the name of whoever caused it.
    """
    record = _held(number)
    told = FINDING.acts.get(act)
    if told is not None and told.who:
        require(by, "finding.settle", thing_of(record))
    decision = permitted(FINDING, record.state, act, facts=facts_of(record, by, because=because))
    if not decision.allowed:
        raise SentenceError(decision)
    _apply(record, decision, by=by, because=because, reason=reason)
    recorded(record, by=by, verb=_VERBS.get(act, act), because=because)
    return record


@transaction.atomic
def settle_together(
    *, numbers: Iterable[str], by: Person, reason: Reason, words: str, seed: str
) -> tuple[str, ...]:
    """Close findings of low severity at once with one reason; gives the numbers that were drawn."""
    records = list(
        FindingRecord.objects.select_for_update().filter(number__in=list(numbers)).order_by("number")
    )
    _refuse(may_settle_together([record.severity for record in records], reason))
    return _close_all(records, by=by, reason=reason, words=words, seed=seed)


@transaction.atomic
def settle_cause(
    *,
    cause: CauseView,
    preview: PreviewView,
    entries: Iterable[int],
    by: Person,
    reason: Reason,
    words: str,
    seed: str,
) -> tuple[str, ...]:
    """Settle a cause once: its findings of low severity are closed with it, the others stay.

    Refused when it would have hidden what was not permitted. Of `entries`, its looks, one in twenty is drawn
    for somebody else. `seed` is the root of the checkpoint, so that anybody can draw the lot again.
    With a reason by which there was work, each look gets an act, which the next derivation reads (`settled`).
    """
    require(by, "cause.settle", Thing(kind="cause", id=cause.id, team=cause.team))
    records = list(
        FindingRecord.objects.select_for_update()
        .filter(key__in=cause.findings, severity=LOW)
        .exclude(state__in=("closed", "investigated"))
        .order_by("number")
    )
    severities = [record.severity for record in records] or [LOW]
    _refuse(may_settle_together(severities, reason, would_hide=len(preview.would_hide)))
    settled = _settled(cause, preview, by=by, reason=reason, words=words, seed=seed)
    looks = sorted(entries)
    settled.drawn = sorted(int(entry) for entry in drawn(map(str, looks), seed=f"{seed}\n{cause.id}"))
    recorded(settled, by=by, verb="settled", because=f"{reason}: {words}".rstrip(": "))
    if reason in SAYS_THERE_WAS_WORK:
        record_of_looks(by=by, verb="settled", looks=looks, because=f"{reason} cause:{cause.id}")
    return _close_all(records, by=by, reason=reason, words=words, seed=f"{seed}\n{cause.id}", cause=settled)


def _settled(
    cause: CauseView, preview: PreviewView, *, by: Person, reason: Reason, words: str, seed: str
) -> CauseRecord:
    """Make the row of a settled cause; one that somebody else did not agree with is settled anew."""
    row = CauseRecord.objects.select_for_update(of=("self",)).filter(cause=cause.id).first() or CauseRecord(
        cause=cause.id
    )
    if row.pk is not None and row.agrees is not False:
        raise SentenceError(
            _no("settled", "Deze oorzaak is al afgehandeld.", "This cause was settled already.")
        )
    row.name_nl, row.name_en, row.reason, row.words = cause.name.nl, cause.name.en, str(reason), words
    row.settled_by, row.settled_at, row.seed = by, timezone.now(), seed
    row.looks, row.would_explain = cause.looks, preview.would_explain
    row.looked_again_by, row.agrees, row.words_again = None, None, ""
    return row


@transaction.atomic
def look_at_cause_again(*, cause: str, by: Person, agrees: bool, words: str) -> None:
    """Say whether the looks that were drawn have this cause; if not, what it closed is opened again."""
    row = get_object_or_404(CauseRecord.objects.select_for_update(of=("self",)), cause=cause)
    require(by, "cause.look_again", Thing(kind="cause", id=cause, opened_by=row.settled_by.sub))
    if row.agrees is not None:
        raise SentenceError(
            _no("again", "Hier keek al iemand opnieuw naar.", "Somebody looked at this again already.")
        )
    row.looked_again_by, row.agrees, row.words_again = by, agrees, words
    recorded(row, by=by, verb="looked_again", because=words)
    if not agrees:
        record_of_looks(
            by=by, verb="unsettled", looks=looks_settled_by(cause), because=f"looked_again cause:{cause}"
        )
        for record in FindingRecord.objects.select_for_update(of=("self",)).filter(cause=row, state="closed"):
            _open_again(record, by=by, words=words)


def _open_again(record: FindingRecord, *, by: Person, words: str) -> None:
    """Open what somebody else does not agree with; the rule on looking again is the one that lets it."""
    decision = decision_of(record, "reopen", by, because=words)
    _refuse(decision)
    _apply(record, decision, by=by, because=words, reason=None)
    recorded(record, by=by, verb="reopened", because=words)


@transaction.atomic
def look_again(*, number: str, by: Person, agrees: bool, words: str) -> None:
    """Say of a finding that was drawn whether it was rightly closed; who closed it cannot."""
    record = _held(number)
    require(by, "finding.look_again", thing_of(record))
    if not record.is_drawn or record.agrees is not None:
        raise SentenceError(
            _no("again", "Deze bevinding hoeft niet nog eens.", "This finding need not be looked at again.")
        )
    record.looked_again_by, record.agrees = by, agrees
    recorded(record, by=by, verb="looked_again", because=words)
    if not agrees:
        _open_again(record, by=by, words=words)


def _held(number: str) -> FindingRecord:
    return get_object_or_404(FindingRecord.objects.select_for_update(of=("self",)), number=number)


def _close_all(
    records: list[FindingRecord],
    *,
    by: Person,
    reason: Reason,
    words: str,
    seed: str,
    cause: CauseRecord | None = None,
) -> tuple[str, ...]:
    """Close each by the same rule as one alone, and draw those that are looked at again."""
    again = drawn([record.number for record in records], seed=seed)
    because = f"{reason}: {words}".rstrip(": ")
    for record in records:
        decision = decision_of(record, "close", by, because=because)
        _refuse(decision)
        _apply(record, decision, by=by, because=because, reason=reason)
        record.cause, record.is_drawn = cause, record.number in again
        recorded(record, by=by, verb="closed", because=because)
    return tuple(sorted(again))


def _apply(
    record: FindingRecord, decision: Decision, *, by: Person, because: str, reason: Reason | None
) -> None:
    """Set the state the flow leads to, with what belongs to it."""
    record.state = decision.to
    if decision.to == "closed":
        told = reason if reason is not None else Reason(because.partition(":")[0])
        record.reason, record.words = str(told), because.partition(":")[2].strip() or because
        record.closed_by, record.closed_at, record.deadline = by, timezone.now(), None
    else:
        _reopen(record, timezone.now())


def _reopen(record: FindingRecord, now: datetime) -> None:
    record.reason, record.words, record.closed_at, record.cause = "", "", None, None
    if record.agrees is None:
        record.is_drawn, record.closed_by = False, None
    record.deadline = deadline_of(record.state, record.severity, now)


def _refuse(decision: Decision) -> None:
    if not decision.allowed:
        raise SentenceError(decision)


def _no(why: str, nl: str, en: str) -> Decision:
    return Decision(allowed=False, rule=f"finding.{why}", nl=nl, en=en)


_VERBS = {
    "ask": "asked",
    "receive_answer": "answered",
    "withdraw_question": "withdrawn",
    "investigate": "investigated",
    "end_investigation": "closed",
    "close": "closed",
    "reopen": "reopened",
}
