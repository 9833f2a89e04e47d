# SPDX-License-Identifier: EUPL-1.2
"""How the pages of questions write what a source wrote."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()
_SOUGHT = {
    "bsn": _("burgerservicenummer"),
    "name": _("naam"),
    "address": _("adres"),
    "plate": _("kenteken"),
    "zaak": _("zaak"),
    "list": _("lijst"),
    "other": _("iets anders"),
}


@register.filter
def sought(code: str) -> str:
    """Say by what was searched."""
    return str(_SOUGHT.get(code, code)) if code else "–"


@register.filter
def spaced(names: str) -> str:
    """Put a space after each comma, so that a long list of names of fields can break."""
    return ", ".join(part.strip() for part in names.split(","))
