# SPDX-License-Identifier: EUPL-1.2
"""Explanations as sentences: one in plain Dutch and one in English for each ground, from its own folder.

Knows no names of people and no values: the sentence says which kind of work carries the look.
"""

from __future__ import annotations

from collections.abc import Sequence

from rekenschap.model.explanation import Weight
from rekenschap.sql.query import InTwo, Query

UNEXPLAINED = InTwo(
    nl="Voor deze raadpleging is geen werk gevonden dat haar verklaart.",
    en="No work was found that explains this look.",
)

ONLY_WEAK = InTwo(nl="Dit is een zwakke verklaring.", en="This is a weak explanation.")


def narrate(ground: Query) -> InTwo:
    """Say in one sentence what it means that this ground holds; a weak one says that it is weak."""
    if Weight(ground.weight) is not Weight.WEAK:
        return ground.sentence
    return InTwo(nl=f"{ground.sentence.nl} {ONLY_WEAK.nl}", en=f"{ground.sentence.en} {ONLY_WEAK.en}")


def searched(grounds: Sequence[Query]) -> InTwo:
    """Name the grounds that were searched, for a look that none of them explains; traces explain nothing."""
    names = [ground.title for ground in grounds if Weight(ground.weight) is not Weight.TRACE]
    return InTwo(
        nl=f"Gezocht is op: {', '.join(_lower(name.nl) for name in names)}.",
        en=f"Searched for: {', '.join(_lower(name.en) for name in names)}.",
    )


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]
