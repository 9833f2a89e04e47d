# SPDX-License-Identifier: EUPL-1.2
"""The answers to choose from: short codes for the ledger, sentences for people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ANSWERS = {
    "zaak": _("Ik werkte aan een zaak of aanvraag van deze persoon"),
    "contact": _("Deze persoon belde, mailde of kwam langs"),
    "waarneming": _("Ik nam werk waar voor een collega"),
    "opdracht": _("Mijn leidinggevende vroeg mij dit"),
    "vergissing": _("Ik zocht iemand anders; dit was een vergissing"),
    "anders": _("Iets anders"),
}
NEEDS_WORDS = frozenset({"anders"})


def answer_name(code: str) -> str:
    """Say an answer in the language of the page."""
    return str(ANSWERS.get(code, code))
