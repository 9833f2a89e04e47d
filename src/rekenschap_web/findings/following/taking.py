# SPDX-License-Identifier: EUPL-1.2
"""Takes what was found at a checkpoint over into the work of people. Called by the worker, never by a page.

A finding keeps its number as long as people work on it. What they closed stays closed, unless looks come in
that were not there: then it is new work, that knows what came before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from rekenschap_web.acts import About, Queued, recorded
from rekenschap_web.evidence.views import Checkpoint, FindingView
from rekenschap_web.findings.following.choosing import Chosen, Why
from rekenschap_web.findings.following.gone import Became, GoneAs, gone_as, nobody_knows
from rekenschap_web.findings.models import FindingRecord, ScoreChange
from rekenschap_web.findings.names import text_of
from rekenschap_web.findings.rules import deadline_of
from rekenschap_web.people.models import Person

_SAME = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How many findings were new, changed, or are not there any more."""

    new: int
    changed: int
    gone: int


@transaction.atomic
def take_over(
    *,
    by: Person,
    findings: Iterable[FindingView],
    checkpoint: Checkpoint,
    now: datetime,
    became: Became = nobody_knows,
    chosen: Mapping[str, Chosen] | None = None,
) -> Taken:
    """Take findings of one checkpoint over; doing it twice changes nothing.

    `became` says of looks whether they are explained now: what is not found any more need not be explained.
    `chosen` says which may come onto the list, by key, and why; None: all. What is on it already is followed.
    """
    held = _latest()
    found = {view.key: view for view in findings}
    days: dict[str, int] = defaultdict(int)
    new = changed = 0
    for view in sorted(found.values(), key=lambda each: -each.score):
        record = held.get(view.key)
        if record is None or (record.state == "closed" and set(view.looks) - set(record.looks)):
            why = None if chosen is None else chosen.get(view.key)
            if chosen is None or why is not None:
                _begin(view, record, by=by, checkpoint=checkpoint, now=now, days=days, why=why)
                new += 1
        elif record.state != "closed" and record.size != checkpoint.size:
            why = None if chosen is None else chosen.get(view.key)
            changed += _follow(record, view, by=by, checkpoint=checkpoint, now=now, why=why)
    missing = [x for key, x in held.items() if key not in found and x.state != "closed"]
    explained = became({entry for record in missing for entry in record.looks})
    gone = sum(_lose(record, explained, by=by, checkpoint=checkpoint, now=now) for record in missing)
    return Taken(new=new, changed=changed, gone=gone)


def _latest() -> dict[str, FindingRecord]:
    return {record.key: record for record in FindingRecord.objects.select_for_update().order_by("pk")}


def _begin(
    view: FindingView,
    before: FindingRecord | None,
    *,
    by: Person,
    checkpoint: Checkpoint,
    now: datetime,
    days: dict[str, int],
    why: Chosen | None,
) -> None:
    day = f"{timezone.localtime(now):%Y-%m%d}"
    if day not in days:
        days[day] = FindingRecord.objects.filter(number__startswith=f"{day}-").count()
    days[day] += 1
    known = frozenset(before.looks) if before is not None else frozenset()
    record = FindingRecord(
        number=f"{day}-{days[day]}",
        key=view.key,
        rule=view.rule,
        title_nl=view.title.nl,
        title_en=view.title.en,
        about=text_of(view.about),
        team=view.team,
        severity=view.severity,
        score=view.score,
        looks=[entry for entry in view.looks if entry not in known],
        size=checkpoint.size,
        found_at=now,
        first_at=view.first_at,
        last_at=view.last_at,
        deadline=deadline_of("open", view.severity, now, waits=not _at_once(why)),
        before=before,
        why="" if why is None else why.why,
        week=None if why is None else why.week,
    )
    about = About(who=view.about, look=view.looks[0] if view.looks else None)
    queued = Queued(task=record.act_object, about=about, kind="bevinding", zaak=record.act_object)
    recorded(record, by=by, verb="found", because="", work=[queued])


def _at_once(why: Chosen | None) -> bool:
    return why is not None and why.why is Why.URGENT


def _follow(
    record: FindingRecord,
    view: FindingView,
    *,
    by: Person,
    checkpoint: Checkpoint,
    now: datetime,
    why: Chosen | None = None,
) -> int:
    """Let an open finding follow the evidence; whoever works on it sees that it changed."""
    looks = list(view.looks)
    hurried = _at_once(why) and record.why != Why.URGENT
    same = abs(record.score - view.score) < _SAME and record.looks == looks and not record.is_gone
    if (
        same and not hurried
    ):  # nothing anybody decided or saw: no act, or every checkpoint would make the next one
        FindingRecord.objects.filter(pk=record.pk).update(size=checkpoint.size)
        return 0
    _tell(record, checkpoint, now, score=view.score, looks=len(looks))
    record.score, record.looks, record.is_gone = view.score, looks, False
    record.gone_explained = record.gone_unexplained = None
    record.severity, record.size = view.severity, checkpoint.size
    record.first_at, record.last_at = view.first_at, view.last_at
    if hurried:
        record.why = Why.URGENT
        record.deadline = deadline_of(record.state, view.severity, now, waits=False)
    recorded(record, by=by, verb="followed", because="")
    return 1


def _lose(
    record: FindingRecord, explained: Mapping[int, bool], *, by: Person, checkpoint: Checkpoint, now: datetime
) -> int:
    """Say that it is not found any more, and why; a human still closes it. Gives 1 when that is news."""
    known = [explained[entry] for entry in record.looks if entry in explained]
    yes, no = sum(known), len(known) - sum(known)
    why, news = gone_as(yes, no), not record.is_gone
    if not news and (why is gone_as(record.gone_explained, record.gone_unexplained) or not known):
        return 0
    if news:
        _tell(record, checkpoint, now, score=0.0, looks=0)
    record.is_gone, record.size = True, checkpoint.size
    record.gone_explained, record.gone_unexplained = (yes, no) if known else (None, None)
    recorded(record, by=by, verb="gone" if why is GoneAs.EXPLAINED else "left", because=str(why))
    return int(news)


def _tell(record: FindingRecord, checkpoint: Checkpoint, now: datetime, *, score: float, looks: int) -> None:
    ScoreChange.objects.update_or_create(
        finding=record,
        size=checkpoint.size,
        defaults={
            "at": now,
            "score_before": record.score,
            "score_after": score,
            "looks_before": len(record.looks),
            "looks_after": looks,
        },
    )
