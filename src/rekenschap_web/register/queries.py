# SPDX-License-Identifier: EUPL-1.2
"""The only readers of proposals, and the frozen views of the register for pages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils import timezone

from rekenschap.register import Basis, Change, Register, Version, changes, lacking
from rekenschap_web.evidence.reading import register as evidence
from rekenschap_web.people.may import may
from rekenschap_web.people.models import Person
from rekenschap_web.register.actions import thing_of
from rekenschap_web.register.models import Proposal
from rekenschap_web.register.wanting import version_in
from rekenschap_web.register.words import BASES, FIELDS, MISSING, ORDERS, RULES, shown

_PAGE = ("purpose", "legal_basis", "law", "categories", "people", "recipients", "transfers",
         "retention_period", "retention_law", "looks_kept", "confidentiality", "owner", "on_behalf",
         "measures")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """An entry in the list: what it says now, how it is used, and what it lacks."""

    key: str
    name: str
    purpose: str
    basis: str
    law: str
    edition: int
    lacks: tuple[str, ...]
    looks: int
    last_at: datetime | None
    is_idle: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One thing that changes: what it is, before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """One version on the page of its entry."""

    edition: int
    valid_from: datetime
    valid_until: datetime | None
    recorded_at: datetime | None
    changes: tuple[ChangeView, ...]
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityView:
    """The page of one entry, as it was at a moment; `version` None when it did not hold then."""

    key: str
    name: str
    version: Version | None
    rows: tuple[tuple[str, str], ...]
    lacks: tuple[str, ...]
    versions: tuple[VersionView, ...]
    waiting: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalView:
    """A proposal, with what it changes in the entry it was based on."""

    row: Proposal
    name: str
    is_new: bool
    changes: tuple[ChangeView, ...]
    may_decide: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LackView:
    """How many looks or deliveries of a system and team lack a basis, and why."""

    system: str
    team: str
    why: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageView:
    """Looks or deliveries: how many, how many with a basis, and where it lacks."""

    count: int
    based: int
    afterwards: int
    lacks: tuple[LackView, ...]

    @property
    def share(self) -> float:
        """Which share has a basis."""
        return self.based / self.count if self.count else 1.0

    @property
    def without(self) -> int:
        """How many have none."""
        return self.count - self.based


def entries() -> tuple[EntryView, ...]:
    """Read what holds now."""
    register, report = evidence.register(), evidence.usage()
    uses = {each.key: each for each in report.uses} if report else {}
    idle = set(report.idle) if report else set()
    return tuple(
        EntryView(
            key=each.key, name=each.name, purpose=each.purpose, basis=str(BASES[each.legal_basis]),
            law=each.law, edition=each.edition, lacks=_named(lacking(each)),
            looks=uses[each.key].looks if each.key in uses else 0,
            last_at=uses[each.key].last_at if each.key in uses else None, is_idle=each.key in idle,
        )
        for each in register.holding(timezone.now())
    )  # fmt: skip


def activity(key: str, edition: int | None = None) -> ActivityView:
    """Read one entry as it is now, or one version of it; raises Http404 when there is none."""
    register, now = evidence.register(), timezone.now()
    if key not in register.history:
        raise Http404
    version = register.as_of(key, now) if edition is None else register.edition(key, edition)
    if edition is not None and version is None:
        raise Http404
    last = version or register.history[key][-1]
    return ActivityView(
        key=key, name=last.name, version=version,
        rows=tuple((str(FIELDS[name]), shown(name, getattr(last, name))) for name in _PAGE),
        lacks=_named(lacking(last)), versions=_versions(register, key, now),
        waiting=tuple(Proposal.objects.filter(key=key, outcome="").select_related("asked_by")),
    )  # fmt: skip


def proposals(*, only_open: bool = False) -> tuple[Proposal, ...]:
    """Read the proposals, newest first."""
    rows = Proposal.objects.select_related("asked_by", "decided_by")
    return tuple(rows.filter(outcome="") if only_open else rows)


def proposal(number: str, person: Person) -> ProposalView:
    """Read one; raises Http404 when there is none."""
    row = Proposal.objects.select_related("asked_by", "decided_by").filter(number=number).first()
    if row is None:
        raise Http404
    base = evidence.register().edition(row.key, row.based_on)
    wanted = version_in(row.key, row.wanted, now=row.asked_at)
    empty = Version(key=row.key, edition=0, name="", purpose="", legal_basis="", valid_from=row.asked_at)
    return ProposalView(
        row=row, name=wanted.name, is_new=row.based_on == 0,
        changes=_said(changes(base or empty, wanted)) + _ending(base, wanted),
        may_decide=not row.outcome and may(person, "register.approve", thing_of(row)).allowed,
        may_withdraw=not row.outcome and may(person, "register.withdraw", thing_of(row)).allowed,
    )  # fmt: skip


def looks_usage() -> UsageView | None:
    """Say how looks stand to the register; None before the first derivation."""
    report = evidence.usage()
    return None if report is None else _usage(report.looks)


def sets_usage() -> UsageView | None:
    """Say how deliveries stand to the register; None before the first derivation."""
    report = evidence.usage()
    return None if report is None else _usage(report.sets)


def idle() -> tuple[EntryView, ...]:
    """Read what holds and was not used in a year."""
    return tuple(each for each in entries() if each.is_idle)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureView:
    """One order to erase, hold, release or forget, as a page shows it."""

    entry: int
    at: datetime
    what: str
    rule: str
    law: str
    reason: str
    first: int | None
    last: int | None
    count: int
    is_done: bool
    signed_by: tuple[str, ...]


def erasures() -> tuple[ErasureView, ...]:
    """Read the register of erasures, newest first."""
    return tuple(
        ErasureView(
            entry=each.entry, at=each.at, rule=str(RULES.get(each.rule, "")), law=each.law,
            what=str(ORDERS["open" if each.action == "erase" and each.left else each.action]),
            reason=each.reason, first=each.first, last=each.last, count=each.count,
            is_done=not (each.action == "erase" and each.left), signed_by=each.signed_by,
        )
        for each in evidence.erasures()
    )  # fmt: skip


def _usage(lines: tuple[evidence.Line, ...]) -> UsageView:
    lacks: Counter[tuple[str, str, Basis]] = Counter()
    for each in lines:
        if not each.basis.counts:
            lacks[each.system, each.team, each.basis] += each.count
    return UsageView(
        count=sum(each.count for each in lines),
        based=sum(each.count for each in lines if each.basis.counts),
        afterwards=sum(each.count for each in lines if each.basis is Basis.AFTERWARDS),
        lacks=tuple(
            LackView(system=system, team=team, why=str(MISSING[basis.value]), count=count)
            for (system, team, basis), count in lacks.most_common()
        ),
    )  # fmt: skip


def _versions(register: Register, key: str, now: datetime) -> tuple[VersionView, ...]:
    history = sorted(register.history[key], key=lambda one: one.edition)
    holding = register.as_of(key, now)
    told = []
    for place, each in enumerate(history):
        before = history[place - 1] if place else None
        told.append(
            VersionView(
                edition=each.edition, valid_from=each.valid_from, valid_until=each.valid_until,
                recorded_at=each.recorded_at, holds=each is holding,
                changes=() if before is None else _said(changes(before, each)) + _ending(before, each),
            )
        )  # fmt: skip
    return tuple(reversed(told))


def _ending(base: Version | None, wanted: Version) -> tuple[ChangeView, ...]:
    before = base.valid_until if base else None
    if wanted.valid_until == before:
        return ()
    return _said((Change(field="valid_until", before=before, after=wanted.valid_until),))


def _said(found: tuple[Change, ...]) -> tuple[ChangeView, ...]:
    return tuple(
        ChangeView(
            field=str(FIELDS[each.field]), before=shown(each.field, each.before),
            after=shown(each.field, each.after),
        )
        for each in found if each.before != "" or each.after not in ((), "", None)
    )  # fmt: skip


def _named(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(FIELDS[name]) for name in fields)
