# SPDX-License-Identifier: EUPL-1.2
"""How the pages of questions write what a source wrote."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def spaced(names: str) -> str:
    """Put a space after each comma, so that a long list of names of fields can break."""
    return ", ".join(part.strip() for part in names.split(","))
