# SPDX-License-Identifier: EUPL-1.2
"""The link under a list with which it can be taken along."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.urls import reverse

from rekenschap_web.design.tables import PAGE
from rekenschap_web.exports.lists import list_named
from rekenschap_web.people.may import may

register = template.Library()


@register.inclusion_tag("exports/link.html", takes_context=True)
def export_links(context: Context, name: str, **more: str) -> dict[str, object]:
    """Print the link to take this list along, with the filters of this page; `more` adds to the address."""
    request = context["request"]
    asked = request.GET.copy()
    asked.pop(PAGE, None)
    for key, value in more.items():
        asked[key] = value
    thing = list_named(name).thing(request)
    return {
        "url": f"{reverse('exports:ask', args=[name])}?{asked.urlencode()}".rstrip("?"),
        "decision": may(request.person, "list.export", thing),
    }
