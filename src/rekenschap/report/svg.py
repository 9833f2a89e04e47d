# SPDX-License-Identifier: EUPL-1.2
"""A specification drawn as an SVG that may stand in a page. The part that draws is optional.

Vega's own sentences for screen readers are English; they go, and the picture gets one line in the
language of the page.
"""

from __future__ import annotations

import re
from typing import Protocol, cast

from lxml import etree

from rekenschap.report.charts import Spec

_LOCALES = {"nl": "nl-NL", "en": "en-GB"}
_LONG_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_DROPPED = ("aria-", "role", "class", "pointer-events", "font-family", "stroke-miterlimit")


class _Drawer(Protocol):
    def vegalite_to_svg(
        self, spec: Spec, *, format_locale: str, time_format_locale: str, allowed_base_urls: list[str]
    ) -> str: ...


def drawer() -> _Drawer | None:
    """Give the part that draws, or None when it is not installed."""
    try:
        import vl_convert
    except ImportError:
        return None
    return cast(_Drawer, vl_convert)


def draw(spec: Spec, *, language: str, label: str) -> str | None:
    """Draw a chart as SVG with one label for those who do not see it; None when nothing can draw."""
    pen = drawer()
    if pen is None:
        return None
    locale = _LOCALES[language]
    raw = pen.vegalite_to_svg(spec, format_locale=locale, time_format_locale=locale, allowed_base_urls=[])
    return cleaned(raw, label)


def cleaned(raw: str, label: str) -> str:
    """Keep what is seen: no hidden parts, no foreign sentences, coordinates to two decimals."""
    root = etree.fromstring(raw.encode(), etree.XMLParser(resolve_entities=False, huge_tree=True))
    for element in list(root.iter()):
        if _is_hidden(element):
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
        else:
            _simplify(element)
    for name in ("version", "width", "height"):
        if name in root.attrib:
            del root.attrib[name]
    root.set("role", "img")
    root.set("aria-label", label)
    text = etree.tostring(root, encoding="unicode")
    return re.sub(r' xmlns(:xlink)?="[^"]*"', "", text, count=2)


def _is_hidden(element: etree._Element) -> bool:
    shown = element.get("display") != "none" and element.get("opacity") != "0"
    return not shown or (element.tag.endswith("path") and element.get("d") in ("", "M0,0h0v0h0Z"))


def _simplify(element: etree._Element) -> None:
    for name, value in list(element.attrib.items()):
        if str(name).startswith(_DROPPED):
            del element.attrib[name]
        else:
            element.set(name, _LONG_NUMBER.sub(_rounded, str(value)))


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
