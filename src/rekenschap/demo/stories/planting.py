# SPDX-License-Identifier: EUPL-1.2
"""Plants episodes among the honest looks, and keeps who truly did what under whose account.

Every episode draws from a stream of its own; honest looks stay as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rekenschap.demo.arrays import stream
from rekenschap.demo.calendar import HISTORY
from rekenschap.demo.life.looks import Looks
from rekenschap.demo.life.shapes import Setting
from rekenschap.demo.stories import borrowed, hiding, leaving, looking, people
from rekenschap.demo.stories.catalogue import KEYS, SCENARIOS
from rekenschap.demo.stories.scene import Deed, Part, Scene

_DRAWN: dict[str, Callable[[Scene, Part], Deed | None]] = {
    "S01": looking.addresses,
    "S02": people.under_pressure,
    "S03": people.plates,
    "S04": looking.one_household,
    "S05": people.near_oneself,
    "S06": looking.well_known,
    "S07": people.at_risk,
    "S08": looking.one_afternoon,
    "S09": leaving.mailed_out,
    "S10": leaving.carried_out,
    "S11": leaving.to_a_cloud,
    "S12": leaving.home_to_work,
    "S13": people.too_wide,
    "S14": looking.before_leaving,
    "S15": borrowed.borrowed,
    "S16": borrowed.from_elsewhere,
    "S18": hiding.made_up_work,
    "S20": hiding.a_lead_peeks,
    "S23": borrowed.as_a_machine,
    "S26": hiding.slowly,
    "S01-call": hiding.during_a_call,
    "S01-near": hiding.near_own_work,
    "S04-name": hiding.under_the_same_name,
    "S04-closed": people.reopened,
}

_YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One episode: its number, the position of its scenario, and what was done."""

    number: int
    story: int
    deed: Deed


def counts_of(s: Setting, wished: Mapping[str, float | int] | None) -> dict[str, int]:
    """Give how many episodes of each scenario there are: a whole number is that many, a fraction a rate.

    A rate is per 1,000 staff and year; without a wish each scenario has the rate of the catalogue.
    """
    chosen = {each.key: each.rate for each in SCENARIOS} if wished is None else wished
    years = (s.calendar.length - HISTORY) / _YEAR
    return {
        key: often
        if isinstance(often, int)
        else int(stream(s.seed, f"often {key}").poisson(often * s.workforce.count / 1000 * years))
        for key, often in chosen.items()
    }


def planted(
    scene: Scene, *, counts: Mapping[str, int], told: bool
) -> tuple[Sequence[Looks], Sequence[Episode]]:
    """Draw so many episodes of each; `told` makes the first of each the one of the demo."""
    episodes: list[Episode] = []
    for key in (each for each in KEYS if each in counts):
        for number in range(counts[key]):
            part = Part(
                story=KEYS.index(key),
                episode=len(episodes),
                rng=stream(scene.s.seed, key if number == 0 else f"{key} {number}"),
                told=told and number == 0,
            )
            deed = _DRAWN[key](scene, part)
            if deed is not None:
                episodes.append(Episode(number=part.episode, story=part.story, deed=deed))
    return [each.deed.looks for each in episodes], episodes
