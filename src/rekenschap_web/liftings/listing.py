# SPDX-License-Identifier: EUPL-1.2
"""The list of liftings: to sort, and to take along. It names who asked and decided, never who it is about."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from rekenschap_web.design.columns import moment_column, text_column
from rekenschap_web.design.tables import Cell, Column, Shape
from rekenschap_web.exports.lists import register
from rekenschap_web.liftings.queries import LiftingView, liftings
from rekenschap_web.people.asking import person_of
from rekenschap_web.people.language import in_language


def shape(_request: HttpRequest | None = None) -> Shape[LiftingView]:
    """Give the columns of the list."""
    return Shape(
        name=_("Naamopheffingen"),
        columns=(
            Column(
                key="nummer",
                label=_("Nummer"),
                sort=lambda row: row.number,
                cell=lambda row: Cell(text=row.number, url=reverse("liftings:detail", args=[row.number])),
            ),
            text_column("over", _("Over"), lambda row: row.short),
            Column(
                key="gevraagd",
                label=_("Gevraagd door"),
                sort=lambda row: row.asked_by,
                cell=lambda row: Cell(text=row.asked_by, beneath=row.because),
            ),
            moment_column("op", _("Gevraagd op"), lambda row: row.asked_at),
            Column(
                key="stand",
                label=_("Stand"),
                sort=lambda row: in_language(row.state_nl, row.state_en),
                cell=lambda row: Cell(text=in_language(row.state_nl, row.state_en), beneath=row.decided_by),
            ),
            moment_column("tot", _("Tot"), lambda row: row.until),
        ),
    )


def rows(request: HttpRequest) -> Iterable[LiftingView]:
    """Give the liftings the one who asks may see."""
    return liftings(person_of(request))


def register_own() -> None:
    """Let the list be taken along."""
    register("liftings:list", shape=shape, rows=rows, action="lifting.read", kind="lifting")
