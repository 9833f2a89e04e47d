# SPDX-License-Identifier: EUPL-1.2
"""The figure of a search: who met which line of the list, without and with a reason."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rekenschap.report.desk_charts import MOST_PLACES, MetRow, counts_chart, met_chart
from rekenschap.report.parts import Table
from rekenschap_web.design.charts import Figure, figure
from rekenschap_web.design.templatetags.desk import number
from rekenschap_web.leaks.queries import SearchView

_DRAWN = 12


def met_figure(search: SearchView) -> Figure:
    """Draw the first of the ranking against the lines of the list; of a long list only how many."""
    said = _("zonder reden"), _("met reden")
    rows = [MetRow(name=each.short, met=each.met) for each in search.ranking[:_DRAWN]]
    chart = met_chart if search.lines <= MOST_PLACES else counts_chart
    return figure(
        question=_("Wie bekeek welke regel van de lijst?"),
        answer=_answer(search),
        chart=lambda width: chart(rows, said, width=width),
        table=_table(search),
        key=_("De cijfers onderaan zijn de regels van uw lijst.") if search.lines <= MOST_PLACES else "",
    )


def _answer(search: SearchView) -> str:
    first, *others = search.ranking
    told = {"who": first.short, "many": first.unexplained, "all": search.together}
    if not others:
        return _("Alleen %(who)s bekeek iemand van de lijst: %(many)s van %(all)s zonder reden.") % told
    told |= {"next": others[0].short, "less": others[0].unexplained}
    return _("%(who)s bekeek %(many)s van %(all)s zonder reden, de volgende (%(next)s) %(less)s.") % told


def _table(search: SearchView) -> Table:
    heads = (
        _("Medewerker"),
        *(_("Regel %(n)s") % {"n": at} for at in range(1, min(search.lines, MOST_PLACES) + 1)),
    )
    marks = {"unexplained": _("zonder reden"), "explained": _("met reden"), "": "–"}
    if search.lines > MOST_PLACES:
        return Table(
            name=_("Hoeveel van de lijst"),
            heads=(_("Medewerker"), _("Zonder reden"), _("Met reden")),
            rows=tuple(
                (each.short, number(each.unexplained), number(each.explained)) for each in search.ranking
            ),
            numeric=(1, 2),
        )
    return Table(
        name=_("Wie bekeek welke regel"),
        heads=heads,
        rows=tuple((each.short, *(marks[met] for met in each.met)) for each in search.ranking[:_DRAWN]),
    )
