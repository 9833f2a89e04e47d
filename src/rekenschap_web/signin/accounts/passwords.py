# SPDX-License-Identifier: EUPL-1.2
"""Refuses passwords made of words everybody here would try first, and those that leaked elsewhere."""

from __future__ import annotations

from hashlib import sha1
from pathlib import Path

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


class LeakedValidator:
    """Looks a password up among those that leaked, in a file of the operator's: nobody outside is asked."""

    def validate(self, password: str, user: Person | None = None) -> None:
        """Raise ValidationError when the password stands in the list; without a list nothing does."""
        digest = sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        if settings.DESK.leaked_passwords and _stands_in(Path(settings.DESK.leaked_passwords), digest):
            raise ValidationError(_("Dit wachtwoord is elders gelekt. Kies een ander."), code="leaked")

    def get_help_text(self) -> str:
        """Say what is asked."""
        return _("Kies een wachtwoord dat u nergens anders gebruikt.")


def _stands_in(path: Path, digest: bytes) -> bool:
    """Search lines in order, each beginning with a digest, by halves: some forty reads in forty gigabytes."""
    with path.open("rb") as lines:
        low, high = 0, lines.seek(0, 2)
        while low < high:
            middle = (low + high) // 2
            lines.seek(max(middle - 1, 0))
            if middle:
                lines.readline()  # to the first line that begins at `middle` or after it
            found = lines.readline()[:40]
            if found == digest:
                return True
            if found and found < digest:
                low = middle + 1
            else:
                high = middle
        return False
