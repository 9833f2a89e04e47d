# SPDX-License-Identifier: EUPL-1.2
"""The page: one HTML file without script or remote file, opened from disk. Knows templates, no facts.

Everything is escaped; the one style sheet is allowed by its hash and nothing else is. Nine digits in a row
are blanked out wherever they come from, because such a number could be a BSN.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from rekenschap.report.content import ReportContent
from rekenschap.report.sections import intake_section, shares_section
from rekenschap.report.story import PICTURES, finding_part
from rekenschap.report.texts import Words, words_of

_FIRST_SCREEN = 3
"""Findings named on the first screen, for who reads no further."""
_NINE_DIGITS = re.compile(r"(?<!\d)\d{9}(?!\d)")
_EIGHT_DIGITS = re.compile(r"\d{8}(?=\d)")


def render(content: ReportContent, *, language: str) -> str:
    """Render the report as one HTML page in `nl` or `en`; ConfigurationError on another language."""
    words = words_of(language)
    count = len(content.findings)
    return whole_page(
        "page.html",
        words,
        content=content,
        intake=intake_section(content, words),
        shares=shares_section(content, words),
        findings=[finding_part(number, content, words) for number in range(1, count + 1)],
        pictures=PICTURES,
        first_screen=_FIRST_SCREEN,
    )


def whole_page(template: str, words: Words, **parts: object) -> str:
    """Fill a template with our style, and blank out what could be a BSN."""
    style = _style()
    page = (
        _templates()
        .get_template(template)
        .render(
            words=words,
            say=words.say,
            style=Markup(style),  # noqa: S704 - our own file, without anything from outside
            policy=_policy(style),
            **parts,
        )
    )
    return _NINE_DIGITS.sub("•" * 9, page)


def _policy(style: str) -> str:
    """Allow this style sheet by its hash (CSP level 3, 2.3.1) and nothing else at all."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _style() -> str:
    text = (files("rekenschap.report") / "templates" / "style.css").read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).strip()


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("rekenschap.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["drawing"] = Markup
    made.filters["unbroken"] = unbroken
    return made


def unbroken(root: str) -> Markup:
    """Keep a hash in base64 whole: break its long runs of digits, so that none is blanked out."""
    pieces = _EIGHT_DIGITS.sub(r"\g<0>\n", root).split("\n")
    return Markup("<wbr>").join(escape(piece) for piece in pieces)
