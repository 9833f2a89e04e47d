# SPDX-License-Identifier: EUPL-1.2
"""Finding: looks that nothing explains, put before a human with its terms. The machine says *unexplained*;
people conclude. Knows no storage: a finding can be thrown away and recomputed."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

from rekenschap.model.ids import Pseudonym


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One reason for or against, in nats (natural log of odds); both languages, one line each."""

    name: str
    value: float
    nl: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """Two plain sentences: what was seen, and where was searched and nothing found."""

    nl: tuple[str, str]
    en: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A member of staff (or a subject) whose unexplained looks stand out, with every look it rests on.

    `score` is the exact sum of `terms` (math.fsum). `looks` are ledger entries, most telling first.
    `searched` are the ids of the grounds that were searched and did not explain these looks.
    """

    rule: str
    about: Pseudonym
    terms: tuple[Term, ...]
    sentences: Sentences
    looks: tuple[int, ...]
    searched: tuple[str, ...]

    @property
    def score(self) -> float:
        """Sum the terms."""
        return fsum(term.value for term in self.terms)
