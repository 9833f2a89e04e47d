# SPDX-License-Identifier: EUPL-1.2
"""Refuses passwords built around the words everybody here would try first."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rekenschap_web.people.models import Person

WORDS = (
    "rekenschap", "gemeente", "bureau", "integriteit", "raadpleging", "bevinding", "wachtwoord", "welkom",
    "inloggen", "beheer", "privacy",
)  # fmt: skip
"""The list is in the documentation too: docs/reference/asvs.md, line 6.1.2."""
_REST = 8
"""characters that must be left when such words are taken out"""


class OwnWordsValidator:
    """Takes our own words out and asks that enough is left."""

    def validate(self, password: str, user: Person | None = None) -> None:
        """Raise ValidationError when little more than our own words is left."""
        rest = password.casefold()
        for word in (*WORDS, settings.DESK.organisation.casefold()):
            rest = rest.replace(word, "")
        if len(rest) < _REST:
            raise ValidationError(self.get_help_text(), code="own_words")

    def get_help_text(self) -> str:
        """Say what is asked."""
        return _(
            "Gebruik niet vooral woorden die hier voor de hand liggen, zoals de naam van de organisatie."
        )
