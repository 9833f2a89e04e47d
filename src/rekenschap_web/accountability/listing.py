# SPDX-License-Identifier: EUPL-1.2
"""The lists of this room: systems, fixed figures, a sample, people of a month, rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rekenschap.casework.closing import HitRate
from rekenschap.model.warrant import Because
from rekenschap_web.accountability import queries
from rekenschap_web.accountability.figures import health_said, line_said, value_said
from rekenschap_web.accountability.queries import Line, MonthLine, SampleView, SystemLine
from rekenschap_web.design.columns import count_column, moment_column, share_column, text_column
from rekenschap_web.design.tables import Cell, Column, Shape
from rekenschap_web.design.templatetags.desk import moment, number, share
from rekenschap_web.evidence import desk
from rekenschap_web.evidence.reading.months import Month, months
from rekenschap_web.evidence.views import Health, LookView, RuleView, SystemView
from rekenschap_web.evidence.warrants import warrant_for
from rekenschap_web.exports.lists import register
from rekenschap_web.findings.queries import hit_rates
from rekenschap_web.people.language import said

ASKED = "maand"
"""In the address of an export: of which month."""

_LOOK = {
    Health.CONNECTED: "desk-badge desk-badge--low",
    Health.LATE: "desk-badge desk-badge--middle",
    Health.SILENT: "desk-badge desk-badge--high",
    Health.NOT_CONNECTED: "desk-badge desk-badge--high",
    Health.RHYTHM_UNKNOWN: "desk-badge desk-badge--middle",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A ground or rule with what people said of it."""

    rule: RuleView
    hits: HitRate | None


def span_said(span: timedelta | None) -> str:
    """Say about how long something lasted."""
    if span is None:
        return "–"
    if span < timedelta(hours=1):
        minutes = round(span.total_seconds() / 60)
        return ngettext("%(n)s minuut", "%(n)s minuten", minutes) % {"n": minutes}
    if span < timedelta(days=2):
        return _("%(n)s uur") % {"n": round(span.total_seconds() / 3600)}
    return ngettext("%(n)s dag", "%(n)s dagen", span.days) % {"n": span.days}


def systems_shape(_request: HttpRequest | None = None) -> Shape[SystemView]:
    """Give the columns of the coverage."""
    return Shape(
        name=_("Dekking per systeem"),
        size=50,
        columns=(
            text_column("systeem", _("Systeem"), lambda row: row.name),
            Column(
                key="stand",
                label=_("Stand"),
                sort=lambda row: row.state.value,
                cell=lambda row: Cell(text=health_said(row.state), look=_LOOK[row.state]),
            ),
            count_column("berichten", _("Berichten"), lambda row: row.facts),
            count_column("raadplegingen", _("Raadplegingen"), lambda row: row.looks),
            moment_column("laatste", _("Laatste bericht"), lambda row: row.last),
            Column(
                key="stil",
                label=_("Stil sinds"),
                sort=lambda row: row.gap or timedelta(0),
                cell=lambda row: span_said(row.gap),
            ),
            Column(
                key="later",
                label=_("Komt later aan"),
                sort=lambda row: row.delay or timedelta(0),
                cell=lambda row: span_said(row.delay),
            ),
        ),
    )


def months_shape(_request: HttpRequest | None = None) -> Shape[MonthLine]:
    """Give the columns of the list of months."""
    return Shape(
        name=_("Maandverslagen"),
        columns=(
            Column(
                key="maand",
                label=_("Maand"),
                sort=lambda row: row.name,
                cell=lambda row: Cell(
                    text=row.label, url=reverse("accountability:month", args=[row.name]) if row.state else ""
                ),
            ),
            Column(key="stand", label=_("Stand"), sort=lambda row: row.state, cell=_month_state),
            Column(
                key="steekproef",
                label=_("Steekproef"),
                cell=lambda row: f"{row.judged} / {row.sample}" if row.sample else "–",
            ),
            Column(key="door", label=_("Afgetekend door"), cell=lambda row: row.signed_by or "–"),
        ),
    )


def _month_state(row: MonthLine) -> Cell | str:
    match row.state:
        case "signed":
            return Cell(text=_("afgetekend"), look="desk-badge desk-badge--low")
        case "made":
            return Cell(text=_("klaar om na te kijken"), look="desk-badge desk-badge--middle")
        case _:
            return _("nog geen verslag")


def lines_shape(_request: HttpRequest | None = None) -> Shape[Line]:
    """Give the columns of the fixed figures."""
    return Shape(
        name=_("Vaste cijfers"),
        size=50,
        columns=(
            Column(
                key="cijfer",
                label=_("Cijfer"),
                cell=lambda row: Cell(
                    text=said(row.indicator.title), beneath=said(row.indicator.explanation)
                ),
            ),
            Column(
                key="waarde", label=_("Deze maand"), numeric=True, cell=lambda row: value_said(row, row.value)
            ),
            Column(
                key="gewoon",
                label=_("Maanden ervoor"),
                numeric=True,
                cell=lambda row: value_said(row, row.usual),
            ),
            Column(key="zin", label=_("Wat valt op?"), cell=line_said),
        ),
    )


def registers_shape(_request: HttpRequest | None = None) -> Shape[SystemLine]:
    """Give the columns of the figures per register."""
    return Shape(
        name=_("Vaste cijfers per register"),
        size=50,
        columns=(
            text_column("register", _("Register"), lambda row: row.register),
            count_column("raadplegingen", _("Raadplegingen"), lambda row: row.looks),
            share_column("verklaard", _("Verklaard"), lambda row: row.explained),
            share_column("anders", _("Niet op BSN"), lambda row: row.other_key),
            share_column("buiten", _("Buiten kantoortijd"), lambda row: row.outside_hours),
        ),
    )


def sample_shape(month: str, *, open_for_answers: bool) -> Shape[SampleView]:
    """Give the columns of a sample."""
    return Shape(
        name=_("Steekproef van %(month)s") % {"month": Month.named(month).label},
        size=50,
        columns=(
            Column(
                key="plaats",
                label=_("Nummer"),
                numeric=True,
                cell=lambda row: Cell(
                    text=str(row.place),
                    url=reverse("accountability:judge", args=[month, row.place]) if open_for_answers else "",
                ),
            ),
            Column(
                key="wanneer", label=_("Wanneer"), cell=lambda row: moment(row.look.at) if row.look else "–"
            ),
            Column(
                key="wie", label=_("Medewerker"), cell=lambda row: row.look.staff.short if row.look else "–"
            ),
            Column(key="over", label=_("Over"), cell=lambda row: row.look.subject.short if row.look else "–"),
            Column(
                key="register", label=_("Register"), cell=lambda row: row.look.register if row.look else "–"
            ),
            Column(
                key="verklaring",
                label=_("Verklaring"),
                cell=lambda row: said(row.look.sentence) if row.look else _("Deze raadpleging is gewist."),
            ),
            Column(key="oordeel", label=_("Oordeel"), cell=_judged),
        ),
    )


def _judged(row: SampleView) -> Cell | str:
    answers = {"right": _("klopt"), "wrong": _("klopt niet"), "unknown": _("niet vast te stellen")}
    if not row.answer:
        return _("wacht")
    return Cell(text=answers[row.answer], beneath=row.words)


def sample_rows(name: str, looks: Iterable[LookView]) -> tuple[SampleView, ...]:
    """Put the sample of a month beside the looks it is about."""
    by_entry = {look.entry: look for look in looks}
    return tuple(
        SampleView(
            place=row.place,
            entry=row.entry,
            answer=row.answer,
            words=row.words,
            judged_by=row.judged_by.name if row.judged_by else "",
            look=by_entry.get(row.entry),
        )
        for row in queries.sample_of(name)
    )


def rules_shape(_request: HttpRequest | None = None) -> Shape[RuleLine]:
    """Give the columns of the rules."""
    return Shape(
        name=_("Regels en verklaringsgronden"),
        size=60,
        group=lambda row: _("Verklaringsgronden") if row.rule.kind == "ground" else _("Regels"),
        columns=(
            Column(
                key="naam",
                label=_("Regel"),
                sort=lambda row: said(row.rule.title),
                cell=lambda row: Cell(
                    text=said(row.rule.title), url=reverse("accountability:rule", args=[row.rule.id])
                ),
            ),
            count_column("aantal", _("Verklaart of vindt"), lambda row: row.rule.volume),
            Column(
                key="alleen",
                label=_("Alleen door deze"),
                numeric=True,
                sort=lambda row: row.rule.alone,
                cell=lambda row: number(row.rule.alone) if row.rule.kind == "ground" else "–",
            ),
            share_column("toeval", _("Door toeval"), lambda row: row.rule.null_share),
            Column(key="raak", label=_("Raak volgens mensen"), cell=lambda row: hits_said(row.hits)),
        ),
    )


def hits_said(hits: HitRate | None) -> str:
    """Say how often people found a rule right; nothing where nobody closed anything yet."""
    if hits is None or hits.share is None:
        return "–"
    return _("%(share)s (%(low)s tot %(high)s)") % {
        "share": share(hits.share),
        "low": share(hits.low),
        "high": share(hits.high),
    }


def rule_lines() -> tuple[RuleLine, ...]:
    """Give all grounds and rules, what explains most and finds most first."""
    hits = hit_rates()
    every = (*desk.grounds(), *desk.rules())
    return tuple(
        RuleLine(rule=each, hits=hits.get(each.id))
        for each in sorted(every, key=lambda one: (one.kind, -one.volume, one.id))
    )


def month_rows(request: HttpRequest) -> Iterable[Line]:
    """Give the fixed figures of the month in the address."""
    return queries.month_view(request.GET.get(ASKED, "")).lines


def sample_export_rows(request: HttpRequest) -> Iterable[SampleView]:
    """Give the sample of the month in the address, under a warrant."""
    name = request.GET.get(ASKED, "")
    warrant = warrant_for(request, because=Because.SAMPLE)
    entries = [row.entry for row in queries.sample_of(name)]
    return sample_rows(name, desk.looks(entries, warrant=warrant, named=f"month:{name}"))


def register_own() -> None:
    """Let every list of this room be exported."""
    register(
        "accountability:coverage",
        shape=systems_shape,
        rows=lambda _request: desk.systems(),
        action="coverage.read",
        kind="coverage",
    )
    register(
        "accountability:overview",
        shape=months_shape,
        rows=lambda _request: queries.month_lines(months()),
        action="month.read",
        kind="month",
    )
    register("accountability:month", shape=lines_shape, rows=month_rows, action="month.read", kind="month")
    register(
        "accountability:registers",
        shape=registers_shape,
        rows=lambda request: queries.month_view(request.GET.get(ASKED, "")).systems,
        action="month.read",
        kind="month",
    )
    register(
        "accountability:sample",
        shape=lambda request: sample_shape(request.GET.get(ASKED, ""), open_for_answers=False),
        rows=sample_export_rows,
        action="sample.read",
        kind="month",
    )
    register(
        "accountability:rules",
        shape=rules_shape,
        rows=lambda _request: rule_lines(),
        action="rule.read",
        kind="rule",
    )
