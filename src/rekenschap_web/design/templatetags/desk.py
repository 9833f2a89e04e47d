# SPDX-License-Identifier: EUPL-1.2
"""The tags of every page: the frame, a button with its reason, a field with its errors, a list, a figure."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.forms.forms import BaseForm
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext

from rekenschap.casework.closing import Reason
from rekenschap_web.design.charts import Figure
from rekenschap_web.design.frame import Frame, frame_of
from rekenschap_web.design.tables import Listing
from rekenschap_web.design.words import words_here
from rekenschap_web.evidence.reading.addressing import spoken_to
from rekenschap_web.people.language import InBoth, in_language
from rekenschap_web.people.language import said as said_here

register = template.Library()
register.filter(spoken_to)
_VENDOR = Path(__file__).parents[1] / "static" / "vendor" / "vendor.toml"


class _Repeated(template.Node):
    def __init__(self, name: str, kept: str) -> None:
        self._name, self._kept = name, kept

    def render(self, context: Context) -> str:
        blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
        block = blocks.get_block(self._name) if blocks is not None else None
        with context.push(block=block):
            shown = mark_safe(block.nodelist.render(context).strip() if block is not None else "")  # noqa: S308
        if not self._kept:
            return shown
        context[self._kept] = shown
        return ""


@register.tag
def same_as(parser: Parser, token: Token) -> _Repeated:
    """Print a block once more: `{% same_as "question" %}`, or keep it: `{% same_as "answer" as answer %}`."""
    parts = token.split_contents()
    if len(parts) not in (2, 4):
        raise template.TemplateSyntaxError("same_as takes the name of a block, and perhaps `as` and a name")
    return _Repeated(parts[1].strip("\"'"), parts[3] if len(parts) == 4 else "")


@register.simple_tag(takes_context=True)
def frame(context: Context) -> Frame:
    """Give what stands around a page for who reads it."""
    return frame_of(context["request"])


@register.simple_tag
def integrity(name: str) -> str:
    """Give the hash a browser compares our own copy with."""
    return str(_vendor()[name]["hash"])


@cache
def _vendor() -> dict[str, dict[str, str]]:
    return tomllib.loads(_VENDOR.read_text("utf-8"))


@register.simple_tag
def crumb(page: str, label: str, *arguments: str) -> SafeString:
    """Print one step of the way to this page; the last one, the page itself, is named `""`."""
    if page:
        return format_html('<li><a href="{}">{}</a></li>', reverse(page, args=arguments), label)
    return format_html('<li aria-current="page">{}</li>', label)


@register.inclusion_tag("design/act.html", takes_context=True)
def act(
    context: Context, label: str, url: str, decision: object = None, **options: object
) -> dict[str, object]:
    """Print a button that posts, or with `to="page"` a link that looks like one.

    A decision that refuses greys it out and says why, in the sentence of the rule itself.
    """
    allowed = True if decision is None else bool(getattr(decision, "allowed", True))
    return {
        "label": label,
        "url": url,
        "allowed": allowed,
        "reason": "" if allowed else reason_of(decision),
        "csrf_token": context.get("csrf_token"),
        "key": f"waarom-{slugify(label)}",
        **options,
    }


def reason_of(decision: object) -> str:
    """Give the sentence of a refused decision in the language of the page."""
    told = in_language(getattr(decision, "nl", ""), getattr(decision, "en", ""))
    return str(told or getattr(decision, "because", ""))


@register.inclusion_tag("design/field.html")
def field(bound: BoundField) -> dict[str, object]:
    """Print a field with its label, what helps, and what is wrong with it."""
    widget = bound.field.widget
    group = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    named = " ".join(
        part for part in ((f"{bound.auto_id}_hulp" if bound.help_text else ""),
                          (f"{bound.auto_id}_fout" if bound.errors else "")) if part
    )  # fmt: skip
    extra: dict[str, str | bool] = {"aria-describedby": named} if named and not group else {}
    if bound.errors and not group:
        extra["aria-invalid"] = "true"
    return {
        "bound": bound,
        "group": group,
        "single": isinstance(widget, CheckboxInput),
        "input": bound.as_widget(attrs=extra),
    }


@register.inclusion_tag("design/errors.html")
def errors(form: BaseForm) -> dict[str, object]:
    """Print what must be put right before anything is kept, with a link to each field."""
    return {"form": form, "wrong": [bound for bound in form.visible_fields() if bound.errors]}


@register.inclusion_tag("design/listing.html")
def listing(shown: Listing) -> dict[str, object]:
    """Print a list with sorting and paging."""
    return {"listing": shown}


@register.inclusion_tag("design/figure.html")
def chart(figure: Figure, level: int = 2) -> dict[str, object]:
    """Print a figure: the question, the answer, the drawing, and the table that says the same."""
    return {"figure": figure, "level": level}


@register.inclusion_tag("design/table.html")
def plain_table(table: object) -> dict[str, object]:
    """Print a table of the reports."""
    return {"table": table}


@register.inclusion_tag("design/empty.html", name="nothing")
@register.inclusion_tag("design/empty.html")
def empty(title: str, what_next: str = "", url: str = "", label: str = "") -> dict[str, object]:
    """Say that there is nothing here, and what to do next."""
    return {"title": title, "what_next": what_next, "url": url, "label": label}


@register.inclusion_tag("design/trail.html", takes_context=True)
def page_trail(context: Context) -> dict[str, object]:
    """Say that this page was looked at, by whom and why, and where the whole trail stands."""
    return {
        "warrant": context.get("warrant"),
        "page_object": context.get("page_object", ""),
        "request": context.get("request"),
        "now": timezone.localtime(),
    }


@register.filter
def moment(at: datetime | None) -> str:
    """Write a date and a time to the minute in the zone of the desk."""
    return "" if at is None else words_here().moment(timezone.localtime(at) if timezone.is_aware(at) else at)


@register.filter
def day(on: date | datetime | None) -> str:
    """Write a date in full."""
    if isinstance(on, datetime) and timezone.is_aware(on):
        on = timezone.localtime(on)
    return "" if on is None else words_here().day(on)


@register.filter
def number(value: int) -> str:
    """Write a whole number with its thousands apart."""
    return words_here().number(value)


@register.filter
def decimal(value: float, places: int = 2) -> str:
    """Write a number with decimals."""
    return words_here().decimal(value, places)


@register.filter
def share(value: float) -> str:
    """Write a share between 0 and 1 as a percentage."""
    return words_here().share(value)


@register.filter
def said(both: InBoth) -> str:
    """Give a text that stands in two languages in the one of the page."""
    return said_here(both)


@register.filter
def one_line(text: str) -> str:
    """Take the line breaks out."""
    return " ".join(text.split())


@register.filter
def unpointed(text: str) -> str:
    """Take the full stop off a sentence that goes on in another."""
    return str(text).rstrip(" .")


@register.filter
def drawing(svg: str) -> SafeString:
    """Let a drawing of our own through as it is."""
    return mark_safe(svg)  # noqa: S308 - drawn and cleaned by rekenschap.report.svg


@register.inclusion_tag("design/funnel.html")
def funnel_of(steps: object) -> dict[str, object]:
    """Print how many remained at each step."""
    return {"steps": steps}


@register.inclusion_tag("design/graph.html")
def graph(drawn: object) -> dict[str, object]:
    """Print who is connected to whom."""
    return {"graph": drawn}


@register.filter
def health(state: str) -> str:
    """Say how a source stood."""
    names = {
        "connected": gettext("aangesloten"),
        "late": gettext("te laat"),
        "silent": gettext("stil"),
        "not_connected": gettext("niet aangesloten"),
        "rhythm_unknown": gettext("ritme nog onbekend"),
    }
    return names.get(str(state), str(state))


@register.filter
def reason(code: str) -> str:
    """Say a reason to close in words."""
    if code not in set(Reason):
        return code
    return said_here(Reason(code))


@register.filter
def relation(kind: str) -> str:
    """Name a kind of relation between people."""
    names = {
        "same_address": gettext("zelfde adres"),
        "address": gettext("zelfde adres"),
        "household": gettext("zelfde huishouden"),
        "family": gettext("familie"),
        "partner": gettext("partner"),
        "is_citizen": gettext("is zelf deze burger"),
        "same_person": gettext("zelfde persoon, ander nummer"),
    }
    return names.get(kind, kind.replace("_", " "))
