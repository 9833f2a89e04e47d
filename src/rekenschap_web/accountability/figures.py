# SPDX-License-Identifier: EUPL-1.2
"""The figures of the account: shares per system, week by week, months, and since when a source reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rekenschap.report.charts import coverage_chart, week_chart
from rekenschap.report.content import SourceSystem, Week
from rekenschap.report.desk_charts import Bar, months_chart, shares_chart
from rekenschap.report.parts import Table
from rekenschap_web.accountability.queries import Line
from rekenschap_web.design.charts import Figure, figure
from rekenschap_web.design.templatetags.desk import day, decimal, moment, number, share
from rekenschap_web.design.words import words_here
from rekenschap_web.evidence.reading.months import Month
from rekenschap_web.evidence.views import Health, ShareView, SystemView
from rekenschap_web.people.language import said


def health_said(state: Health) -> str:
    """Say how a source stands."""
    match state:
        case Health.CONNECTED:
            return _("aangesloten")
        case Health.LATE:
            return _("te laat")
        case Health.SILENT:
            return _("stil")
        case Health.NOT_CONNECTED:
            return _("niet aangesloten")
        case Health.RHYTHM_UNKNOWN:
            return _("ritme nog onbekend")


def heard_and_not(systems: Sequence[SystemView]) -> dict[str, list[SystemView]]:
    """Give the systems we do not hear as we should, and those of which nobody can say that yet."""
    missed = {Health.LATE, Health.SILENT, Health.NOT_CONNECTED}
    return {
        "not_heard": [each for each in systems if each.state in missed],
        "unsure": [each for each in systems if each.state is Health.RHYTHM_UNKNOWN],
    }


def shares_figure(shares: Sequence[ShareView]) -> Figure:
    """Draw the explained share of each system beside what chance would give."""
    return _shares(
        sorted(shares, key=lambda each: each.explained),
        question=_("Waar kunnen wij het minst uitleggen?"),
        told=_("In %(name)s: daar is %(share)s verklaard."),
        name=_("Verklaard per systeem"),
        head=_("Systeem"),
    )


def teams_figure(shares: Sequence[ShareView]) -> Figure:
    """Draw the explained share of each team beside what chance would give."""
    return _shares(
        sorted(shares, key=lambda each: each.explained),
        question=_("Bij welk team kunnen wij het minst uitleggen?"),
        told=_("Bij %(name)s: daar is %(share)s verklaard."),
        name=_("Verklaard per team"),
        head=_("Team"),
    )


def shares_by_month_figure(shares: Sequence[ShareView]) -> Figure:
    """Draw the explained share of each month beside what chance would give, in the order of time."""
    return _shares(
        sorted(shares, key=lambda each: each.first or date.min),
        question=_("In welke maand konden wij het minst uitleggen?"),
        told=_("In %(name)s: toen was %(share)s verklaard."),
        name=_("Verklaard per maand"),
        head=_("Maand"),
    )


def _shares(shares: Sequence[ShareView], *, question: str, told: str, name: str, head: str) -> Figure:
    lowest = min(shares, key=lambda each: each.explained)
    return figure(
        question=question,
        answer=told % {"name": _group(lowest), "share": share(lowest.explained)},
        chart=lambda width: shares_chart(
            [Bar(name=_group(each), share=each.explained, null=each.null_explained) for each in shares],
            (_("verklaard door werk"), _("zou door toeval verklaard zijn")),
            width=width,
        ),
        table=Table(
            name=name,
            heads=(
                head,
                _("Raadplegingen"),
                _("Verklaard"),
                _("Door toeval"),
                _("Zwak"),
                _("Niet verklaard"),
            ),
            rows=tuple(
                (
                    _group(each),
                    number(each.looks),
                    share(each.explained),
                    "–" if each.null_explained is None else share(each.null_explained),
                    share(each.weak_only),
                    number(each.unexplained),
                )
                for each in shares
            ),
            numeric=(1, 2, 3, 4, 5),
        ),
    )


def _group(one: ShareView) -> str:
    """Name a system, a team or a month."""
    if one.by == "month" and one.first is not None:
        return Month(year=one.first.year, month=one.first.month).label
    return one.name or _("niet bekend")


def weeks_figure(shares: Sequence[ShareView]) -> Figure:
    """Draw the explained share week by week beside what chance would give."""
    words = words_here()
    weeks = [each for each in shares if each.first is not None]
    drawn = [
        Week(
            start=each.first,
            looks=each.looks,
            explained=each.explained,
            null_explained=each.null_explained or 0.0,
        )
        for each in weeks
        if each.first is not None
    ]
    low = min(weeks, key=lambda each: each.explained)
    return figure(
        question=_("Blijft dat zo?"),
        answer=_("De laagste week begon op %(day)s: %(share)s verklaard.")
        % {"day": day(low.first), "share": share(low.explained)},
        chart=lambda width: week_chart(drawn, words, width=width),
        table=Table(
            name=_("Verklaard per week"),
            heads=(_("Week van"), _("Raadplegingen"), _("Verklaard"), _("Door toeval")),
            rows=tuple(
                (
                    day(each.first),
                    number(each.looks),
                    share(each.explained),
                    share(each.null_explained or 0.0),
                )
                for each in weeks
            ),
            numeric=(1, 2, 3),
        ),
    )


def coverage_figure(systems: Sequence[SystemView]) -> Figure:
    """Draw since when and until when each source reported."""
    words = words_here()
    drawn = [
        SourceSystem(name=x.name, facts=x.facts, first=x.first, last=x.last)
        for x in systems
        if x.first is not None or not x.facts  # what tells no looks and no work has no span to draw
    ]
    heard = sum(each.state is Health.CONNECTED for each in systems)
    unknown = sum(each.state is Health.RHYTHM_UNKNOWN for each in systems)
    return figure(
        question=_("Van wanneer tot wanneer meldde elk systeem zich?"),
        answer=ngettext(
            "Van %(all)s systeem is %(heard)s op tijd. Van %(unknown)s is het ritme nog onbekend.",
            "Van %(all)s systemen zijn %(heard)s op tijd. Van %(unknown)s is het ritme nog onbekend.",
            len(systems),
        )
        % {"heard": heard, "all": len(systems), "unknown": unknown},
        chart=lambda width: coverage_chart(drawn, words, width=width),
        table=Table(
            name=_("Eerste en laatste bericht per systeem"),
            heads=(_("Systeem"), _("Berichten"), _("Eerste"), _("Laatste"), _("Stand")),
            rows=tuple(
                (x.name, number(x.facts), moment(x.first) or "–", moment(x.last) or "–", health_said(x.state))
                for x in systems
            ),
            numeric=(1,),
        ),
    )


def line_figure(line: Line) -> Figure:
    """Draw one fixed figure month by month."""
    title = said(line.indicator.title)
    form = ".1%" if line.indicator.is_share else ",.0f"
    return figure(
        question=title,
        answer=line_said(line),
        chart=lambda width: months_chart(line.months, form=form, width=width),
        table=Table(
            name=title,
            heads=(_("Maand"), _("Waarde")),
            rows=tuple((name, value_said(line, value)) for name, value in line.months),
            numeric=(1,),
        ),
    )


def line_said(line: Line) -> str:
    """Say one figure beside the months before."""
    if line.value is None:
        return _("Geen enkele bron meldt dit.")
    told = {"value": value_said(line, line.value), "usual": value_said(line, line.usual)}
    if line.usual is None:
        return _("Het is %(value)s. Er zijn nog geen maanden om mee te vergelijken.") % told
    if line.apart == "higher":
        return _("Het is %(value)s: hoger dan in alle maanden ervoor (gemiddeld %(usual)s).") % told
    if line.apart == "lower":
        return _("Het is %(value)s: lager dan in alle maanden ervoor (gemiddeld %(usual)s).") % told
    return _("Het is %(value)s. In de maanden ervoor was het gemiddeld %(usual)s.") % told


def value_said(line: Line, value: float | None) -> str:
    """Write a value of a fixed figure."""
    if value is None:
        return "–"
    if line.indicator.is_share:
        return share(value)
    return number(round(value)) if value >= 10 or value == int(value) else decimal(value, 1)
