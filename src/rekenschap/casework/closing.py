# SPDX-License-Identifier: EUPL-1.2
"""The six reasons with which people close, and what follows from them: how often a rule was right.

Knows no findings: it counts reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt


class Reason(StrEnum):
    """Why a finding or an investigation was closed; always one of these."""

    EXPLAINED_BY_WORK = "verklaard_werk"
    SOURCE_MISSING = "bron_mist"
    RULE_TOO_BROAD = "regel_te_breed"
    NOT_PERMITTED_SETTLED = "niet_toegestaan_hersteld"
    INVESTIGATED = "naar_onderzoek"
    CANNOT_BE_ESTABLISHED = "niet_vast_te_stellen"

    @property
    def nl(self) -> str:
        """Give the reason as it stands on a page."""
        return _SAID[self][0]

    @property
    def en(self) -> str:
        """Give the reason in English."""
        return _SAID[self][1]


_SAID: dict[Reason, tuple[str, str]] = {
    Reason.EXPLAINED_BY_WORK: (
        "Verklaard door werk dat wij niet zagen",
        "Explained by work that we did not see",
    ),
    Reason.SOURCE_MISSING: ("Er mist een bron", "A source is missing"),
    Reason.RULE_TOO_BROAD: ("De regel is te breed", "The rule is too broad"),
    Reason.NOT_PERMITTED_SETTLED: (
        "Niet toegestaan, en hersteld met de medewerker",
        "Not permitted, and settled with the member of staff",
    ),
    Reason.INVESTIGATED: ("Gaat verder in een onderzoek", "Goes on in an investigation"),
    Reason.CANNOT_BE_ESTABLISHED: ("Niet vast te stellen", "Cannot be established"),
}

IN_FAVOUR = frozenset({Reason.EXPLAINED_BY_WORK, Reason.SOURCE_MISSING, Reason.RULE_TOO_BROAD})
"""Reasons that lay nothing upon anybody: with these nobody has to be heard first."""

SAYS_THERE_WAS_WORK = frozenset({Reason.EXPLAINED_BY_WORK, Reason.SOURCE_MISSING})
"""Reasons by which the work was there and was not seen; a rule that is too broad says nothing about work."""

OF_INVESTIGATIONS = frozenset(Reason) - {Reason.INVESTIGATED}
"""An investigation cannot end by going on in an investigation."""

_SURE = 1.96
"""standard errors on both sides: 95 % of intervals hold the true share (Wilson 1927)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRate:
    """How often a rule was right among findings that could be settled; shares from 0 to 1.

    `waiting` went on in an investigation that has not ended; `unknown` could not be established. Both are
    shown and counted in no share. `low` and `high` say how sure it is.
    """

    hits: int
    misses: int
    waiting: int
    unknown: int

    @property
    def settled(self) -> int:
        """How many findings say anything about the rule."""
        return self.hits + self.misses

    @property
    def share(self) -> float | None:
        """Give the share of hits; None before anything was settled."""
        return self.hits / self.settled if self.settled else None

    @property
    def low(self) -> float:
        """Give the lower end of the interval."""
        return self._ends()[0]

    @property
    def high(self) -> float:
        """Give the upper end of the interval."""
        return self._ends()[1]

    def _ends(self) -> tuple[float, float]:
        if not self.settled:
            return 0.0, 1.0
        n, p, square = self.settled, self.hits / self.settled, _SURE**2
        middle = (p + square / (2 * n)) / (1 + square / n)
        half = _SURE / (1 + square / n) * sqrt(p * (1 - p) / n + square / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)


def hit_rate(counts: Mapping[Reason, int]) -> HitRate:
    """Read the hit rate of a rule off how often each reason closed one of its findings.

    A finding that went on in an investigation counts by the reason the investigation ended with, once it
    has: give that reason then, and `INVESTIGATED` as long as it runs.
    """
    return HitRate(
        hits=counts.get(Reason.NOT_PERMITTED_SETTLED, 0),
        misses=sum(counts.get(each, 0) for each in IN_FAVOUR),
        waiting=counts.get(Reason.INVESTIGATED, 0),
        unknown=counts.get(Reason.CANNOT_BE_ESTABLISHED, 0),
    )
