# SPDX-License-Identifier: EUPL-1.2
"""Plants episodes among the honest looks, and keeps who truly did what under whose account.

Every episode draws from a stream of its own; honest looks stay as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rekenschap.demo.arrays import joined, rows_of, stream
from rekenschap.demo.calendar import HISTORY
from rekenschap.demo.life.looks import Looks
from rekenschap.demo.life.shapes import Setting, Work
from rekenschap.demo.stories import looking
from rekenschap.demo.stories.catalogue import KEYS, SCENARIOS
from rekenschap.demo.stories.scene import Deed, Part, Scene

_DRAWN: dict[str, Callable[[Scene, Part], Deed | None]] = {
    "S01": looking.addresses,
    "S04": looking.one_household,
    "S06": looking.well_known,
    "S08": looking.one_afternoon,
    "S14": looking.before_leaving,
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
    s: Setting, work: Work, honest: Looks, *, counts: Mapping[str, int], told: bool
) -> tuple[Looks, Sequence[Episode]]:
    """Plant so many episodes of each scenario; `told` makes the first of each the one of the demo."""
    scene = Scene.of(s, work, honest)
    episodes: list[Episode] = []
    for key in (each for each in KEYS if each in counts):
        for number in range(counts[key]):
            part = Part(
                story=KEYS.index(key),
                episode=len(episodes),
                rng=stream(s.seed, key if number == 0 else f"{key} {number}"),
                told=told and number == 0,
            )
            deed = _DRAWN[key](scene, part)
            if deed is not None and rows_of(deed.looks):
                episodes.append(Episode(number=part.episode, story=part.story, deed=deed))
    return joined([honest, *(each.deed.looks for each in episodes)]), episodes
