# SPDX-License-Identifier: EUPL-1.2
"""Explanations as sentences: one in plain Dutch and one in English for each ground, from its own folder.

Knows no names of people and no values: the sentence says which kind of work carries the look.
"""

from __future__ import annotations

from rekenschap.model.explanation import Weight
from rekenschap.sql.query import InTwo, Query

ONLY_WEAK = InTwo(nl="Dit is een zwakke verklaring.", en="This is a weak explanation.")

OWN_WORDS = InTwo(
    nl="Dit is gezegd en niet als werk vastgelegd.", en="This was said, and is not recorded work."
)


KEPT_BACK = InTwo(
    nl="Dat geldt hier voor bijna het hele team en zegt te weinig om de raadpleging te verklaren.",
    en="That holds for nearly the whole team here and says too little to explain the look.",
)


def narrate(ground: Query, *, days_later: int = 0, kept_back: bool = False) -> InTwo:
    """Say in one sentence what it means that this ground holds; a weak one says that it is weak,
    and one that rests on somebody's words says so.

    `days_later`: how many days after the look the work was recorded, which a second sentence then tells.
    `kept_back`: a full ground was found to say too little in such a team to explain by itself.
    """
    said = [ground.sentence]
    if days_later:
        said.append(recorded_later(days_later))
    if kept_back and ground.weight == Weight.FULL:
        said.append(KEPT_BACK)
    if ground.weight == Weight.WEAK:
        said.append(ONLY_WEAK)
    if ground.weight == Weight.STATED:
        said.append(OWN_WORDS)
    return InTwo(nl=" ".join(each.nl for each in said), en=" ".join(each.en for each in said))


def recorded_later(days: int) -> InTwo:
    """Say that the work came into the ledger only after the look; it does not say why."""
    nl, en = ("1 dag", "1 day") if days == 1 else (f"{days} dagen", f"{days} days")
    return InTwo(
        nl=f"Dit werk is pas {nl} na de raadpleging vastgelegd.",
        en=f"This work was recorded only {en} after the look.",
    )
