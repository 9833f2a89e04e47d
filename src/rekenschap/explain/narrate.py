# SPDX-License-Identifier: EUPL-1.2
"""Explanations as sentences: one in plain Dutch and one in English for each ground, from its own folder.

Knows no names of people and no values: the sentence says which kind of work carries the look.
"""

from __future__ import annotations

from rekenschap.model.explanation import Weight
from rekenschap.sql.query import InTwo, Query

ONLY_WEAK = InTwo(nl="Dit is een zwakke verklaring.", en="This is a weak explanation.")


def narrate(ground: Query) -> InTwo:
    """Say in one sentence what it means that this ground holds; a weak one says that it is weak."""
    if Weight(ground.weight) is not Weight.WEAK:
        return ground.sentence
    return InTwo(nl=f"{ground.sentence.nl} {ONLY_WEAK.nl}", en=f"{ground.sentence.en} {ONLY_WEAK.en}")
