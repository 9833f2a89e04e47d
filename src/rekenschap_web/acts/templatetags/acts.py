# SPDX-License-Identifier: EUPL-1.2
"""`{% trail object %}`: who saw or changed this, for those who may see it."""

from __future__ import annotations

from django import template
from django.template import Context
from django.urls import reverse

from rekenschap_web.acts.queries import SHOWN, may_see_trail, trail_of
from rekenschap_web.acts.words import verb_in_words

register = template.Library()
register.filter("verb", verb_in_words)


@register.inclusion_tag("acts/trail.html", takes_context=True)
def trail(context: Context, object_name: str) -> dict[str, object]:
    """Print the footer of a page about one thing."""
    request = context.get("request")
    person = getattr(request, "person", None)
    if person is None or not object_name or not may_see_trail(object_name, person).allowed:
        return {"lines": (), "url": ""}
    lines = trail_of(object_name, person, most=SHOWN)
    return {"lines": lines, "url": reverse("acts:trail", args=[object_name])}
