# SPDX-License-Identifier: EUPL-1.2
"""The only readers of monthly reports: frozen views, the figures beside the months before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from django.http import Http404
from django.utils import timezone

from rekenschap_web.accountability.models import MonthRecord, SampleLook
from rekenschap_web.evidence.reading.months import INDICATORS, Figures, Indicator, Month
from rekenschap_web.evidence.views import Health, LookView

_UNSURE = str(Health.RHYTHM_UNKNOWN)
FEW = 3
"""Months before that are needed to say that a month stands apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One fixed figure of a month beside the months before; `apart` when it is outside all of them."""

    indicator: Indicator
    value: float | None
    usual: float | None
    apart: str
    """higher, lower, or empty"""
    months: tuple[tuple[str, float], ...]
    """oldest first, this one last"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemLine:
    """The figures of one register."""

    register: str
    looks: int
    explained: float
    other_key: float
    outside_hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthView:
    """A monthly report as a page shows it."""

    name: str
    label: str
    first: Month
    state: str
    lines: tuple[Line, ...]
    systems: tuple[SystemLine, ...]
    most_looked_at: tuple[int, ...]
    most_looking: tuple[int, ...]
    median_looking: float
    silent: tuple[str, ...]
    unsure: tuple[str, ...]
    """systems of which nobody could say whether they reported in time"""
    null_explained: float | None
    size: int
    root: str
    seed: str
    made_by: str
    made_at: datetime
    sample: int
    judged: int
    wrong: int
    remarks: str
    signed_by: str
    signed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleView:
    """One look of the sample with what the FG found; `look` is None when the ledger shows it no more."""

    place: int
    entry: int
    answer: str
    words: str
    judged_by: str
    look: LookView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLine:
    """A month in the list: without a report `state` is empty."""

    name: str
    label: str
    month: Month
    state: str
    signed_by: str
    judged: int
    sample: int


def month_view(name: str) -> MonthView:
    """Read one report; Http404 when there is none of this month."""
    row = _row(name)
    figures = figures_in(row.figures)
    earlier = [(each["month"], figures_in(each["figures"])) for each in reversed(row.before)]
    return MonthView(
        name=row.month,
        label=Month.named(row.month).label,
        first=Month.named(row.month),
        state=row.state,
        lines=tuple(_line(each, figures, earlier, row.month) for each in INDICATORS),
        systems=tuple(_system(each) for each in row.figures["systems"]),
        most_looked_at=figures.most_looked_at,
        most_looking=figures.most_looking,
        median_looking=figures.median_looking,
        silent=tuple(each["name"] for each in row.coverage if each["state"] not in ("connected", _UNSURE)),
        unsure=tuple(each["name"] for each in row.coverage if each["state"] == _UNSURE),
        null_explained=row.null_explained,
        size=row.size,
        root=row.root,
        seed=row.seed,
        made_by=row.made_by.name,
        made_at=timezone.localtime(row.made_at),
        sample=row.sample.count(),
        judged=row.sample.exclude(answer="").count(),
        wrong=row.sample.filter(answer="wrong").count(),
        remarks=row.remarks,
        signed_by=row.signed_by.name if row.signed_by else "",
        signed_at=timezone.localtime(row.signed_at) if row.signed_at else None,
    )


def month_lines(known: tuple[Month, ...]) -> tuple[MonthLine, ...]:
    """Give every month with looks, newest first, with its report if there is one."""
    rows = {row.month: row for row in MonthRecord.objects.select_related("signed_by")}
    return tuple(_month_line(each, rows.get(each.name)) for each in known)


def sample_of(name: str) -> tuple[SampleLook, ...]:
    """Read the sample of a month, in the order of the lot."""
    return tuple(_row(name).sample.select_related("judged_by"))


def waiting_months() -> tuple[str, ...]:
    """Name the reports that are not signed yet."""
    return tuple(MonthRecord.objects.filter(state="made").values_list("month", flat=True))


def figures_in(told: dict[str, object]) -> Figures:
    """Read figures back as they were kept."""
    from rekenschap.detect.indicators import SystemFigures

    whole, systems = told["whole"], told["systems"]
    assert isinstance(whole, dict) and isinstance(systems, list)  # noqa: S101 - as they were kept
    return Figures(
        whole=SystemFigures(**whole),
        systems=tuple(SystemFigures(**each) for each in systems),
        most_looking=tuple(told["most_looking"]),  # type: ignore[arg-type]
        most_looked_at=tuple(told["most_looked_at"]),  # type: ignore[arg-type]
        median_looking=float(str(told["median_looking"])),
        refused=told["refused"],  # type: ignore[arg-type]
    )


def _line(indicator: Indicator, now: Figures, earlier: list[tuple[str, Figures]], month: str) -> Line:
    value = now.value(indicator.key)
    before = [(name, found) for name, told in earlier if (found := told.value(indicator.key)) is not None]
    numbers = [found for _, found in before]
    shown = [*before, (month, value)] if value is not None else before
    return Line(
        indicator=indicator,
        value=value,
        usual=fmean(numbers) if numbers else None,
        apart=_apart(value, numbers),
        months=tuple((Month.named(name).label, each) for name, each in shown),
    )


def _apart(value: float | None, before: list[float]) -> str:
    """Say whether a month lies outside all months before; of few months nothing can be said."""
    if value is None or len(before) < FEW:
        return ""
    return "higher" if value > max(before) else "lower" if value < min(before) else ""


def _system(told: dict[str, object]) -> SystemLine:
    counts = {name: int(str(told[name])) for name in ("looks", "explained", "other_key", "outside_hours")}
    looks = max(1, counts["looks"])
    return SystemLine(
        register=str(told["register"] or "?"),
        looks=counts["looks"],
        explained=counts["explained"] / looks,
        other_key=counts["other_key"] / looks,
        outside_hours=counts["outside_hours"] / looks,
    )


def _month_line(month: Month, row: MonthRecord | None) -> MonthLine:
    return MonthLine(
        name=month.name,
        label=month.label,
        month=month,
        state=row.state if row else "",
        signed_by=row.signed_by.name if row and row.signed_by else "",
        judged=row.sample.exclude(answer="").count() if row else 0,
        sample=row.sample.count() if row else 0,
    )


def _row(name: str) -> MonthRecord:
    row = MonthRecord.objects.select_related("made_by", "signed_by").filter(month=name).first()
    if row is None:
        raise Http404
    return row


def known_among(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Name the findings among these that people found right: what a change must not hide."""
    from rekenschap.casework.closing import Reason
    from rekenschap_web.findings.models import FindingRecord

    right = [str(Reason.NOT_PERMITTED_SETTLED), str(Reason.INVESTIGATED)]
    rows = FindingRecord.objects.filter(key__in=keys, reason__in=right)
    return tuple(rows.order_by("number").values_list("number", flat=True))
