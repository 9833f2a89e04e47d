# SPDX-License-Identifier: EUPL-1.2
"""The figures of a person's own looks: a small timeline around a question, and bars for each day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rekenschap.report.charts import days_chart, timeline_chart
from rekenschap.report.content import Look
from rekenschap.report.parts import Table
from rekenschap_web.design.charts import Figure, figure
from rekenschap_web.design.words import words_here
from rekenschap_web.evidence.views import LookView


def state_of(look: LookView) -> str:
    """Say in which of three states a look is: explained, stated (or weakly), unexplained."""
    return "explained" if look.explained else "stated" if look.weak else "unexplained"


def state_names() -> dict[str, str]:
    """Name the three states."""
    return {
        "explained": _("verklaard door werk"),
        "stated": _("uitgelegd of zwak verklaard"),
        "unexplained": _("niet verklaard"),
    }


def mini_timeline(looks: Sequence[LookView], asked: Collection[int], *, own: bool) -> Figure:
    """Draw the looks of those days; those that are asked about stand in the table with a mark.

    `own` is for who looked: others see no more than what is asked about, and are not spoken to.
    """
    words, names = words_here(), state_names()
    held = [
        Look(entry=x.entry, at=x.at, explained=x.explained, weak=x.weak, ground=x.ground or None)
        for x in looks
    ]
    return figure(
        question=_("Wat deed u rond die tijd?") if own else _("Wanneer was dat?"),
        answer=_around_said(looks, asked) if own else _between_said(looks),
        chart=lambda width: timeline_chart(held, [], words, width=width),
        table=Table(
            name=_("Uw raadplegingen in deze dagen") if own else _("Raadplegingen waar de vraag over gaat"),
            heads=(_("Tijdstip"), _("Register"), _("Stand"), _("Hierover gaat de vraag")),
            rows=tuple(
                (
                    words.moment(x.at),
                    x.register,
                    names[state_of(x)],
                    _("ja") if x.entry in asked else _("nee"),
                )
                for x in looks
            ),
        ),
    )


def _around_said(looks: Sequence[LookView], asked: Collection[int]) -> str:
    words = words_here()
    return _("In deze dagen keek u %(all)s keer. De vraag gaat over %(asked)s daarvan.") % {
        "all": words.number(len(looks)), "asked": words.number(len(asked))
    }  # fmt: skip


def _between_said(looks: Sequence[LookView]) -> str:
    words, at = words_here(), [look.at for look in looks]
    if not at:
        return ""
    told = {"many": words.number(len(at)), "first": words.day(min(at)), "last": words.day(max(at))}
    if told["first"] == told["last"]:
        said = ngettext(
            "De vraag gaat over %(many)s raadpleging, op %(first)s.",
            "De vraag gaat over %(many)s raadplegingen, op %(first)s.",
            len(at),
        )
        return said % told
    return _("De vraag gaat over %(many)s raadplegingen, van %(first)s tot en met %(last)s.") % told


def bars_by_day(looks: Sequence[LookView]) -> Figure | None:
    """Draw a bar for each day; None when there is nothing to draw."""
    if not looks:
        return None
    words, names = words_here(), state_names()
    counts = Counter((x.at.date(), state_of(x)) for x in looks)
    days: list[tuple[date, tuple[int, ...]]] = [
        (day, tuple(counts[day, state] for state in names)) for day in sorted({x.at.date() for x in looks})
    ]
    total, explained = len(looks), sum(x.explained for x in looks)
    return figure(
        question=_("Hoeveel keek u per dag?"),
        answer=_("Op %(days)s dagen keek u %(all)s keer; %(explained)s keer weten wij waarom.")
        % {"days": words.number(len(days)), "all": words.number(total), "explained": words.number(explained)},
        chart=lambda width: days_chart(days, list(names.values()), width=width),
        table=Table(
            name=_("Uw raadplegingen per dag"),
            heads=(_("Dag"), *names.values()),
            rows=tuple((words.short_day(day), *map(words.number, each)) for day, each in days),
            numeric=(1, 2, 3),
        ),
    )
