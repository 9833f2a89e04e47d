# SPDX-License-Identifier: EUPL-1.2
"""The list of exports: what left, what waits, and who asked."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from rekenschap_web.design.tables import Cell, Column, Shape
from rekenschap_web.design.templatetags.desk import moment, number
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
            Column(key="lijst", label=_("Lijst"), sort=lambda row: row.title, cell=lambda row: row.title),
            Column(
                key="regels",
                label=_("Regels"),
                sort=lambda row: row.rows,
                numeric=True,
                cell=lambda row: number(row.rows),
            ),
            Column(
                key="wie",
                label=_("Gevraagd door"),
                sort=lambda row: row.asked_by,
                cell=lambda row: row.asked_by,
            ),
            Column(
                key="wanneer",
                label=_("Gevraagd op"),
                sort=lambda row: row.asked_at,
                cell=lambda row: moment(row.asked_at),
            ),
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
