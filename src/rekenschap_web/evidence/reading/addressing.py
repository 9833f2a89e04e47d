# SPDX-License-Identifier: EUPL-1.2
"""Sentences about a member of staff, said to that very person: *de medewerker had* becomes *u had*."""

from __future__ import annotations

import re

from rekenschap_web.evidence.views import Both

_DUTCH = (
    (re.compile(r"\bDe medewerker\b"), "U"),
    (re.compile(r"\b(?:de|deze) medewerker\b"), "u"),
    (re.compile(r"\baan zichzelf\b"), "aan uzelf"),
    (re.compile(r"\bhet eigen dossier\b"), "uw eigen dossier"),
)
_ENGLISH = (
    (re.compile(r"\bThe team of the member of staff\b"), "Your team"),
    (re.compile(r"\bthe team of the member of staff\b"), "your team"),
    (re.compile(r"\bThe member of staff was\b"), "You were"),
    (re.compile(r"\bthe member of staff was\b"), "you were"),
    (re.compile(r"\bwas the member of staff\b"), "were you"),
    (re.compile(r"\bThe member of staff leads\b"), "You lead"),
    (re.compile(r"\bThe member of staff\b"), "You"),
    (re.compile(r"\b(?:the|this) member of staff\b"), "you"),
    (re.compile(r"\bin their own words\b"), "in your own words"),
    (re.compile(r"\bthe own file\b"), "your own file"),
    (re.compile(r"\ban own zaak\b"), "a zaak of your own"),
)
"""In this order. Dutch verbs are the same for both in the past tense; English *was* is not."""


def spoken_to(told: Both) -> Both:
    """Say a sentence of a ground to the one it is about."""
    return Both(nl=_turned(told.nl, _DUTCH), en=_turned(told.en, _ENGLISH))


def _turned(text: str, turns: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, instead in turns:
        text = pattern.sub(instead, text)
    return text
