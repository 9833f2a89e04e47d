# SPDX-License-Identifier: EUPL-1.2
"""How templates speak: sentences with their gaps filled, days and moments in the language of the page."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.template import Context

from rekenschap.citizen.telling import Telling

register = template.Library()


@register.simple_tag(takes_context=True)
def tell(context: Context, key: str, **given: object) -> str:
    """Give a sentence."""
    return _say(context)(key, **given)


@register.simple_tag(takes_context=True)
def day(context: Context, at: date | datetime) -> str:
    """Give a day in words, by the clock of the organisation."""
    return _say(context).moment(at).partition(",")[0] if isinstance(at, datetime) else _say(context).day(at)


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime) -> str:
    """Give a moment in words."""
    return _say(context).moment(at)


def _say(context: Context) -> Telling:
    say = context["say"]
    assert isinstance(say, Telling)  # noqa: S101 - the context processor put it there
    return say
