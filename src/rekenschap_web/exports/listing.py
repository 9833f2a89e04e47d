# SPDX-License-Identifier: EUPL-1.2
"""The list of exports: what left, what waits, and who asked."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from rekenschap_web.design.columns import count_column, moment_column, text_column
from rekenschap_web.design.tables import Cell, Column, Shape
from rekenschap_web.exports.lists import register
from rekenschap_web.exports.queries import ExportView, exports
from rekenschap_web.people.asking import person_of
from rekenschap_web.people.language import in_language


def shape(_request: HttpRequest) -> Shape[ExportView]:
    """Give the columns of the list."""
    return Shape(
        name=_("Uitgiften van lijsten"),
        columns=(
            Column(
                key="nummer",
                label=_("Uitgifte"),
                sort=lambda row: row.number,
                cell=lambda row: Cell(text=row.number, url=reverse("exports:detail", args=[row.number])),
            ),
            text_column("lijst", _("Lijst"), lambda row: row.title),
            count_column("regels", _("Regels"), lambda row: row.rows),
            text_column("wie", _("Gevraagd door"), lambda row: row.asked_by),
            moment_column("wanneer", _("Gevraagd op"), lambda row: row.asked_at),
            Column(
                key="stand",
                label=_("Stand"),
                sort=lambda row: row.state,
                cell=lambda row: in_language(row.state_nl, row.state_en),
            ),
        ),
    )


def rows(request: HttpRequest) -> Iterable[ExportView]:
    """Give the exports the one who asks may see."""
    return exports(person_of(request))


def register_own() -> None:
    """Let this list be exported as every other."""
    register("exports:list", shape=shape, rows=rows, action="own_exports.read", kind="export")
