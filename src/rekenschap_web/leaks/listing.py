# SPDX-License-Identifier: EUPL-1.2
"""The lists of this room: the ranking of one search, and all searches."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from rekenschap.model.warrant import Because
from rekenschap_web.design.columns import count_column, text_column
from rekenschap_web.design.tables import Cell, Column, Shape
from rekenschap_web.design.templatetags.desk import day, decimal, number
from rekenschap_web.evidence.door import used
from rekenschap_web.evidence.warrants import warrant_for
from rekenschap_web.exports.lists import register
from rekenschap_web.leaks.queries import Rank, SearchView, search_view, searches

ASKED = "zoeking"
"""In the address: of which search the ranking is."""


def ranking_shape(_request: HttpRequest | None = None) -> Shape[Rank]:
    """Give the columns of a ranking."""
    return Shape(
        name=_("Wie heeft de lijst gemeen"),
        size=50,
        columns=(
            Column(key="plaats", label=_("Plaats"), numeric=True, cell=lambda row: number(row.place)),
            Column(key="wie", label=_("Medewerker"), cell=_who),
            count_column("zonder", _("Zonder reden bekeken"), lambda row: row.unexplained),
            count_column("met", _("Met reden bekeken"), lambda row: row.explained),
            Column(key="toeval", label=_("Toeval geeft"), numeric=True, cell=_expected),
            Column(
                key="zeldzaam",
                label=_("Zo zeldzaam bij de beste van allen"),
                sort=lambda row: row.one_in,
                cell=_rare,
            ),
        ),
    )


def _who(row: Rank) -> Cell:
    beneath = _("iemand van de lijst hoort bij eigen werk") if row.own_work else ""
    return Cell(text=row.short, beneath=beneath)


def _expected(row: Rank) -> str:
    return (
        _("minder dan %(least)s") % {"least": decimal(0.01)} if row.expected < 0.01 else decimal(row.expected)
    )


def _rare(row: Rank) -> Cell | str:
    if row.one_in <= 1:
        return _("kan toeval zijn")
    odds = _("1 op %(many)s") % {"many": number(row.one_in)}
    return Cell(text=odds, look="desk-badge desk-badge--high") if row.stands_out else odds


def ranking_rows(request: HttpRequest) -> Iterable[Rank]:
    """Give the ranking of the search in the address, under the warrant of its investigation."""
    found = search_view(request.GET.get(ASKED, ""))
    used(
        warrant_for(request, because=Because.LEAK, investigation=found.investigation), f"leak:{found.number}"
    )
    return found.ranking


def searches_shape(_request: HttpRequest | None = None) -> Shape[SearchView]:
    """Give the columns of the list of searches."""
    return Shape(
        name=_("Zoekingen naar de bron van een lek"),
        columns=(
            Column(
                key="nummer",
                label=_("Zoeking"),
                sort=lambda row: row.number,
                cell=lambda row: Cell(text=row.number, url=reverse("leaks:detail", args=[row.number])),
            ),
            text_column("onderzoek", _("Onderzoek"), lambda row: row.investigation),
            text_column("wie", _("Gezocht door"), lambda row: row.asked_by),
            Column(
                key="periode",
                label=_("Periode"),
                sort=lambda row: row.first,
                cell=lambda row: f"{day(row.first)} – {day(row.last)}",
            ),
            count_column("regels", _("Regels"), lambda row: row.lines),
        ),
    )


def searches_rows(_request: HttpRequest) -> Iterable[SearchView]:
    """Give all searches; they name nobody."""
    return searches()


def register_own() -> None:
    """Let both be exported."""
    register("leaks:detail", shape=ranking_shape, rows=ranking_rows, action="leak.search", kind="leak")
    register("leaks:search", shape=searches_shape, rows=searches_rows, action="leak.search", kind="leak")
