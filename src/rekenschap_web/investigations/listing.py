# SPDX-License-Identifier: EUPL-1.2
"""The list of investigations: to sort, and to take along."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from rekenschap.casework.closing import Reason
from rekenschap_web.design.columns import ABSENT, text_column
from rekenschap_web.design.tables import Cell, Column, Shape
from rekenschap_web.design.templatetags.desk import day
from rekenschap_web.exports.lists import register
from rekenschap_web.investigations.queries import InvestigationView, investigations
from rekenschap_web.people.asking import person_of
from rekenschap_web.people.language import in_language, said


def shape(_request: HttpRequest | None = None) -> Shape[InvestigationView]:
    """Give the columns of the list."""
    return Shape(
        name=_("Onderzoeken"),
        columns=(
            Column(
                key="nummer",
                label=_("Nummer"),
                sort=lambda row: row.number,
                cell=lambda row: Cell(
                    text=row.number, url=reverse("investigations:detail", args=[row.number])
                ),
            ),
            Column(
                key="over",
                label=_("Over"),
                sort=lambda row: row.short,
                cell=lambda row: Cell(text=row.short, beneath=row.team),
            ),
            text_column("stand", _("Stand"), lambda row: in_language(row.state_nl, row.state_en)),
            Column(
                key="termijn",
                label=_("Termijn"),
                sort=lambda row: row.due.timestamp() if row.due else float("inf"),
                cell=lambda row: day(row.due) or ABSENT,
            ),
            text_column("uitkomst", _("Uitkomst"), _outcome),
        ),
    )


def _number(row: InvestigationView) -> Cell:
    return Cell(text=row.number, url=reverse("investigations:detail", args=[row.number]))


def _outcome(row: InvestigationView) -> str:
    return said(Reason(row.reason)) if row.reason and row.closed_at else ""


def rows(request: HttpRequest) -> Iterable[InvestigationView]:
    """Give the investigations the one who asks may see."""
    return investigations(person_of(request))


def register_own() -> None:
    """Let the list be taken along."""
    register("investigations:list", shape=shape, rows=rows, action="investigation.read", kind="investigation")
