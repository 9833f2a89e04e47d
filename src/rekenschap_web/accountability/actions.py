# SPDX-License-Identifier: EUPL-1.2
"""The only writers of monthly reports: each asks the rule, keeps the row and records the act, together."""

from __future__ import annotations

import base64
from dataclasses import asdict
from datetime import datetime, time

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from rekenschap.casework.flow import Facts, permitted
from rekenschap.casework.flows.month import MONTH
from rekenschap.model.warrant import Warrant
from rekenschap_web import acts
from rekenschap_web.accountability.models import MonthRecord, SampleLook
from rekenschap_web.evidence import desk
from rekenschap_web.evidence.reading.months import Month, figures, months
from rekenschap_web.people.language import said
from rekenschap_web.people.may import Decision, NotAllowedError, Thing, require
from rekenschap_web.people.models import Person

SAMPLE = 25
BEFORE = 6


@transaction.atomic
def make_month(*, month: Month, by: Person, warrant: Warrant) -> str:
    """Count a month that is over, draw its sample by the lot of the checkpoint, and keep both."""
    require(by, "month.sign", Thing(kind="month", id=month.name))
    _check_over(month)
    if MonthRecord.objects.filter(month=month.name).exists():
        raise _refused("month.once", _("Van deze maand is al een verslag."))
    known = set(months())
    if month not in known:
        raise Http404
    rests_on = desk.checkpoint()
    whole = next(iter(desk.shares(by="all")), None)
    row = MonthRecord(
        month=month.name,
        figures=asdict(figures(month)),
        before=[_told(each) for each in map(month.before, range(1, BEFORE + 1)) if each in known],
        coverage=[
            {"name": each.name, "state": each.state.value, "looks": each.looks} for each in desk.systems()
        ],
        null_explained=whole.null_explained if whole else None,
        size=rests_on.size,
        root=rests_on.root,
        seed=str(seed_of(rests_on.root, month)),
        made_by=by,
        made_at=timezone.now(),
    )
    acts.recorded(row, by=by, verb="made", because=month.name)
    _draw(row, month, by, warrant)
    return month.name


def _draw(row: MonthRecord, month: Month, by: Person, warrant: Warrant) -> None:
    begins = timezone.make_aware(datetime.combine(month.first, time.min))
    ends = timezone.make_aware(datetime.combine(month.before(-1).first, time.min))
    drawn = desk.sample(
        first=begins, last=ends, size=SAMPLE, seed=int(row.seed), warrant=warrant, named=f"month:{month.name}"
    )
    for place, look in enumerate(drawn, start=1):
        acts.recorded(
            SampleLook(report=row, place=place, entry=look.entry), by=by, verb="drawn", look=look.entry
        )


@transaction.atomic
def judge_look(*, month: str, place: int, answer: str, words: str, by: Person) -> None:
    """Say of one look of the sample whether its explanation holds."""
    row = _one(month)
    require(by, "month.sign", Thing(kind="month", id=month, state=row.state))
    _check_flow(row, "judge", by)
    look = (
        SampleLook.objects.select_for_update(of=("self",))
        .select_related("report")
        .filter(report=row, place=place)
        .first()
    )
    if look is None:
        raise Http404
    look.answer, look.words, look.judged_by, look.judged_at = answer, words, by, timezone.now()
    acts.recorded(look, by=by, verb="judged", because=answer, look=look.entry)


@transaction.atomic
def sign_month(*, month: str, remarks: str, by: Person) -> None:
    """Sign a month off, once its whole sample has been looked through."""
    row = _one(month)
    require(by, "month.sign", Thing(kind="month", id=month, state=row.state))
    row.state = _check_flow(row, "sign", by, remarks)
    left = row.sample.filter(answer="").count()
    if left:
        raise _refused(
            "month.sample", _("Beoordeel eerst de hele steekproef. Er wachten er nog %(n)s.") % {"n": left}
        )
    row.remarks, row.signed_by, row.signed_at = remarks, by, timezone.now()
    acts.recorded(row, by=by, verb="signed", because=remarks)


def seed_of(root: str, month: Month) -> int:
    """Make the seed of the sample from the root of the checkpoint and the month: known to nobody before."""
    return (int.from_bytes(base64.b64decode(root)[:6], "big") + month.year * 12 + month.month) % 2**31


def _told(month: Month) -> dict[str, object]:
    return {"month": month.name, "figures": asdict(figures(month))}


def _check_over(month: Month) -> None:
    """Refuse a month that is not over by the clock of the evidence: what still comes in is not in it."""
    if desk.checkpoint().at.date() <= month.last:
        raise _refused("month.over", _("Deze maand is nog niet voorbij."))


def _check_flow(row: MonthRecord, act: str, by: Person, because: str = "") -> str:
    facts = Facts(person=by.sub, roles=by.roles, now=timezone.now(), because=because)
    found = permitted(MONTH, row.state, act, facts=facts)
    if not found.allowed:
        raise _refused(found.rule, said(found))
    return found.to


def _refused(rule: str, because: str) -> NotAllowedError:
    return NotAllowedError(Decision(allowed=False, rule=rule, because=because))


def _one(month: str) -> MonthRecord:
    row = MonthRecord.objects.select_for_update().filter(month=month).first()
    if row is None:
        raise Http404
    return row
