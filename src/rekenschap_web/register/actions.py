# SPDX-License-Identifier: EUPL-1.2
"""The only writers of proposals: ask for a change of the register, approve, refuse, withdraw.

An approved change becomes a fact: it goes to the ledger with the act of who approved it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from rekenschap.casework.flow import Decision
from rekenschap.register import Version, changes, next_version
from rekenschap_web.acts import recorded
from rekenschap_web.acts.work import Registered
from rekenschap_web.evidence.reading.register import register
from rekenschap_web.findings.refusals import SentenceError
from rekenschap_web.papers.numbers import next_number
from rekenschap_web.people.may import Thing, require
from rekenschap_web.people.models import Person
from rekenschap_web.register.models import Proposal
from rekenschap_web.register.wanting import version_in


def propose(*, key: str, wanted: Mapping[str, object], because: str, by: Person) -> Proposal:
    """Ask that an entry says this from now on, or that there is one; nothing changes yet."""
    require(by, "register.propose", Thing(kind="register"))
    now = timezone.now()
    known = register().latest(key)
    if known is not None and not _differs(known, version_in(key, wanted, now=now)):
        raise _refusal("same", "U veranderde niets.", "You changed nothing.")
    with transaction.atomic():
        row = Proposal(
            number=next_number(Proposal, now), key=key, based_on=known.edition if known else 0,
            wanted=dict(wanted), because=because, asked_by=by, asked_at=now,
        )  # fmt: skip
        recorded(row, by=by, verb="proposed", because=because)
    return row


def approve(*, number: str, by: Person, remark: str = "") -> Proposal:
    """Approve: it becomes the next version of the entry, and a fact in the ledger."""
    with transaction.atomic():
        row = _held(number)
        require(by, "register.approve", thing_of(row))
        now = timezone.now()
        known = register().latest(row.key)
        if _newest_edition(row.key, known) != row.based_on:
            raise _refusal(
                "changed", "De verwerking is intussen veranderd. Maak het voorstel opnieuw.",
                "The entry changed in the meantime. Make the proposal anew.",
            )  # fmt: skip
        wanted = version_in(row.key, row.wanted, now=now)
        version = replace(wanted, edition=1) if known is None else next_version(known, wanted, now=now)
        row.edition = version.edition
        row.decided_by, row.decided_at, row.outcome, row.remark = by, now, "approved", remark
        recorded(row, by=by, verb="approved", because=remark, work=[Registered(version=version)])
    return row


def refuse(*, number: str, by: Person, remark: str) -> Proposal:
    """Refuse, and say why; the register stays as it is."""
    if not remark.strip():
        raise _refusal("reason", "Zeg waarom u het afwijst.", "Say why you refuse it.")
    return _decided(number, by=by, outcome="refused", verb="refused", remark=remark)


def withdraw(*, number: str, by: Person) -> Proposal:
    """Take back what one asked oneself."""
    return _decided(number, by=by, outcome="withdrawn", verb="withdrawn", remark="")


def thing_of(row: Proposal) -> Thing:
    """Give what the rules judge a proposal by."""
    return Thing(kind="register", id=row.number, opened_by=row.asked_by.sub)


def _decided(number: str, *, by: Person, outcome: str, verb: str, remark: str) -> Proposal:
    with transaction.atomic():
        row = _held(number)
        action = "register.approve" if outcome == "refused" else "register.withdraw"
        require(by, action, thing_of(row))
        row.decided_by, row.decided_at, row.outcome, row.remark = by, timezone.now(), outcome, remark
        return recorded(row, by=by, verb=verb, because=remark)


def _held(number: str) -> Proposal:
    row = Proposal.objects.select_for_update(of=("self",)).select_related("asked_by").get(number=number)
    if row.outcome:
        raise _refusal("over", "Dit voorstel is al afgehandeld.", "This proposal was settled already.")
    return row


def _newest_edition(key: str, known: Version | None) -> int:
    """Give the newest edition, also one that was approved a moment ago and is on its way to the ledger."""
    approved = Proposal.objects.filter(key=key).aggregate(last=Max("edition"))["last"]
    return max(known.edition if known else 0, approved or 0)


def _differs(known: Version, wanted: Version) -> bool:
    return bool(changes(known, wanted)) or wanted.valid_until != known.valid_until


def _refusal(rule: str, nl: str, en: str) -> SentenceError:
    return SentenceError(Decision(allowed=False, rule=f"register.{rule}", nl=nl, en=en))
