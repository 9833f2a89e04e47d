# SPDX-License-Identifier: EUPL-1.2
"""Warrant: who may read evidence, why, for which investigation, and until when. No read goes without one.

Knows no clock and no storage: the moment is given, and whoever reads writes down that the warrant was used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from rekenschap.errors import NoWarrantError

LASTS = timedelta(hours=8)
"""One working day: tomorrow somebody has to say again why."""

SHORTEST_REASON = 8
"""Letters a reason in own words has at least: `x` tells nobody anything."""


class Because(StrEnum):
    """Why somebody looks at evidence: the list to choose from, beside which own words may stand."""

    TRIAGE = "triage"
    INVESTIGATION = "onderzoek"
    SAMPLE = "steekproef"
    OWN_LOOKS = "eigen raadplegingen"
    MONTHLY_REPORT = "maandverslag"
    LEAK = "lek"
    UPKEEP = "beheer"
    QUESTION = "vraag om uitleg"
    TEAM = "eigen team"
    LIFTING = "naamopheffing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Warrant:
    """A justified read of evidence (machtiging tot inzien).

    `person` is the organisation's own name for who reads, never shown; `because` is from the list and
    `words` are their own; `until` has a time zone. An investigation needs its number.
    """

    id: str
    person: str
    because: Because
    until: datetime
    words: str = ""
    investigation: str | None = None
    covers: frozenset[str] = field(default_factory=frozenset)
    """what it was made for, such as `finding:…` or `relations`; nothing named is everything but those"""

    def __post_init__(self) -> None:
        if self.until.tzinfo is None:
            raise NoWarrantError(
                expected="a warrant until a moment with a time zone",
                found="one without",
                remedy="give the moment its zone",
                rule="warrant",
            )
        if self.because is Because.INVESTIGATION and not self.investigation:
            raise NoWarrantError(
                expected="the investigation this warrant is for",
                found="none",
                remedy="choose the investigation, or another reason",
                rule="warrant",
            )

    @property
    def reason(self) -> str:
        """Give the reason in one line, as it is written down."""
        return f"{self.because}: {self.words}" if self.words else str(self.because)

    def check(self, now: datetime, *, person: str | None = None, about: str = "") -> None:
        """Raise NoWarrantError when it has ended, is somebody else's, or does not cover `about`.

        `about` is asked only for what needs a warrant of its own, such as relations between people.
        """
        if now >= self.until:
            raise NoWarrantError(
                expected="a reason that still holds",
                found="one that has ended",
                remedy="say again why you want to see this",
                rule="warrant",
            )
        if person is not None and person != self.person:
            raise NoWarrantError(
                expected="a reason of your own",
                found="one of somebody else",
                remedy="say yourself why you want to see this",
                rule="warrant",
            )
        if about and about not in self.covers:
            raise NoWarrantError(
                expected="a reason for exactly this",
                found="one for something else",
                remedy="say why you want to see this too",
                rule="warrant",
            )


def check_reason(because: Because, words: str) -> str:
    """Give own words without the space around them; raises NoWarrantError when they say nothing."""
    said = " ".join(words.split())
    if len(said) < SHORTEST_REASON and because is not Because.TRIAGE:
        raise NoWarrantError(
            expected=f"a reason of at least {SHORTEST_REASON} letters",
            found=f"one of {len(said)}",
            remedy="write in your own words why you want to see this",
            rule="reason",
        )
    return said
