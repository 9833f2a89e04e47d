# SPDX-License-Identifier: EUPL-1.2
"""The words of the answer: what was met and by how many, how sure that is, and what it does not say.

Dutch first. Never one name without the next, and never a word about what anybody did with what they saw.
"""

from __future__ import annotations

from dataclasses import dataclass

from rekenschap.detect.amounts import in_dutch
from rekenschap.detect.leak.answer import Candidate, Likeness, Standing
from rekenschap.sql.query import InTwo


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the sentences are made of; see LeakAnswer."""

    together: int
    never_seen: int
    no_reason: int
    with_right: int
    equal: int
    standing: Standing
    first: Candidate | None
    second: Candidate | None


def sentences(told: Told, likeness: Likeness | None) -> InTwo:
    """Give the answer in a few sentences."""
    nl, en = _SAYS[told.standing](told) if told.first else _nobody_looked(told)
    unseen_nl, unseen_en = _unseen(told)
    like_nl, like_en = _like(likeness) if likeness is not None else ("", "")
    return InTwo(
        nl=" ".join(filter(None, (nl, unseen_nl, like_nl, _SIGNAL.nl))),
        en=" ".join(filter(None, (en, unseen_en, like_en, _SIGNAL.en))),
    )


_SIGNAL = InTwo(
    nl="Dit is een signaal en geen bewijs: een mens beslist.",
    en="This is a signal and no proof: a human decides.",
)


def _one(told: Told) -> tuple[str, str]:
    first = _needed(told)
    nl = (
        f"{_met_nl(first, told)}. Door toeval komt de beste van {in_dutch(told.with_right)} medewerkers "
        f"zo ver in hoogstens 1 op {in_dutch(first.one_in)} gevallen. {_second_nl(told)}"
    )
    en = (
        f"{_met_en(first, told)}. By chance the best of {told.with_right:,} members of staff comes so far "
        f"in at most 1 in {first.one_in:,}. {_second_en(told)}"
    )
    return nl, en


def _several(told: Told) -> tuple[str, str]:
    first, others = _needed(told), max(told.equal, 1)
    with_nl = "1 andere medewerker valt" if others == 1 else f"{others} andere medewerkers vallen"
    with_en = "1 other member of staff stands" if others == 1 else f"{others} other members of staff stand"
    nl = f"{_met_nl(first, told)}. Maar {with_nl} net zo op: dit wijst niemand aan. {_second_nl(told)}"
    en = f"{_met_en(first, told)}. But {with_en} out alike: this does not single out one. {_second_en(told)}"
    return nl, en


def _nobody(told: Told) -> tuple[str, str]:
    nl = (
        f"Niemand van de {in_dutch(told.with_right)} medewerkers valt op. Wat zij zonder gevonden werk van "
        f"deze lijst bekeken, kan toeval zijn of gewoon werk."
    )
    en = (
        f"None of the {told.with_right:,} members of staff stands out. What they saw of this list without "
        f"known work may be chance or plain work."
    )
    return nl, en


_SAYS = {Standing.ONE: _one, Standing.SEVERAL: _several, Standing.NOBODY: _nobody}


def _nobody_looked(told: Told) -> tuple[str, str]:
    return (
        "Niemand bekeek in deze periode iemand van de lijst, voor zover wij zien.",
        "Nobody looked at anybody of the list in this window, as far as we can see.",
    )


def _met_nl(each: Candidate, told: Told) -> str:
    who = each.staff.short
    return f"{who} bekeek {each.unexplained} van de {told.together} zonder dat wij er werk bij vonden"


def _met_en(each: Candidate, told: Told) -> str:
    return f"{each.staff.short} looked at {each.unexplained} of the {told.together} without known work"


def _second_nl(told: Told) -> str:
    if told.second is None:
        return "Niemand anders bekeek iemand van de lijst."
    return f"De volgende is {told.second.staff.short} met {told.second.unexplained}."


def _second_en(told: Told) -> str:
    if told.second is None:
        return "Nobody else looked at anybody of the list."
    return f"Next is {told.second.staff.short} with {told.second.unexplained}."


def _unseen(told: Told) -> tuple[str, str]:
    unread = told.together - told.no_reason
    if not told.first or not unread:
        return "", ""
    nl = (
        f"Van {unread} van de {told.together} zagen wij geen raadpleging zonder reden; "
        f"{told.never_seen} bekeek niemand."
    )
    en = f"For {unread} of the {told.together} we saw no look without a reason; {told.never_seen} nobody saw."
    return nl, en


def _like(likeness: Likeness) -> tuple[str, str]:
    times = round(likeness.as_strong * likeness.rounds)
    nl = f"Bij {likeness.rounds} gelote lijsten kwam {times} keer iemand even ver."
    en = f"On {likeness.rounds} lists drawn by lot somebody came as far {times} times."
    return nl, en


def _needed(told: Told) -> Candidate:
    assert told.first is not None  # noqa: S101 - somebody stands out
    return told.first
