# SPDX-License-Identifier: EUPL-1.2
"""Each honest noise alone, three times as common as it is: none of them should make an alert."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace

from rekenschap.audit.evaluating.measuring.measures import Interval, wilson
from rekenschap.audit.evaluating.towns import Wish, town
from rekenschap.audit.evaluating.trial import Q, hold
from rekenschap.demo import Noise

TIMES = 3.0
"""How much more common; a share that is below one stays so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """What a noise does by itself: its looks, the share explained, what is found at a false discovery rate of
    5 %, and how many of those chance may give.
    """

    noise: str
    looks: int
    explained: Interval
    found: int
    nominal: float


def alone(wish: Wish, told: Callable[[int, int, str], None]) -> Iterator[Alone]:
    """Draw a town without episodes for each noise, with that noise only."""
    names = [each.name for each in fields(Noise)]
    for at, name in enumerate(names):
        told(at, len(names), "noises")
        drawn = town(wish, at, misuse=False, noise=only(name))
        trial = hold(drawn, seed=1, told=lambda _: None, beside=False, choice=wish.choice)
        looks, explained = trial.noise.get(name, (0, 0))
        yield Alone(
            noise=name,
            looks=looks,
            explained=wilson(explained, looks),
            found=trial.discovered,
            nominal=Q * trial.weeks,
        )


def only(name: str) -> Noise:
    """Give a town with one noise; one that is part of another comes with that other as it usually is."""
    usual = Noise()
    rate = getattr(usual, name)
    rates = {name: TIMES * rate if rate >= 1 else min(1.0, TIMES * rate)}
    whole = name.rpartition("_")[0]
    if whole in {each.name for each in fields(Noise)}:
        rates[whole] = getattr(usual, whole)
    return replace(Noise.none(), **rates)
