# SPDX-License-Identifier: EUPL-1.2
"""In which language this page is read. Dutch, or English for who asked for that; there is no third."""

from __future__ import annotations

from typing import Literal, Protocol, TypeVar

from django.utils.translation import get_language

Told = TypeVar("Told")


class InBoth(Protocol):
    """What is said in Dutch and in English."""

    @property
    def nl(self) -> str:
        """In Dutch."""

    @property
    def en(self) -> str:
        """In English."""


def page_language() -> Literal["nl", "en"]:
    """Give the language of the page."""
    return "en" if (get_language() or "nl").startswith("en") else "nl"


def said(both: InBoth) -> str:
    """Give what stands in both languages in that of the page."""
    return in_language(both.nl, both.en)


def in_language(nl: Told, en: Told) -> Told:
    """Give the one of two that is in the language of the page."""
    return en if page_language() == "en" else nl
