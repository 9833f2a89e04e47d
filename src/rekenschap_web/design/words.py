# SPDX-License-Identifier: EUPL-1.2
"""The words of the reports in the language of the page, and how it writes numbers and dates."""

from __future__ import annotations

from rekenschap.report.texts import Words, words_of
from rekenschap_web.people.language import page_language


def words_here() -> Words:
    """Give the words of this page."""
    return words_of(page_language())
