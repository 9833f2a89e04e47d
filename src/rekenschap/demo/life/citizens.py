# SPDX-License-Identifier: EUPL-1.2
"""The people of Veldhaven: households in streets, surnames that many share, some who come more often.

A citizen is a row; names stay numbers, because no source file holds one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rekenschap.demo.arrays import NONE, Floats, Ints, between, drawn, happens, rank_within, repeated, stream

CITIZENS_PER_STAFF = 110
_SHIELDED_SHARE = 0.004
_HOUSES_PER_STREET = 14
_SIZES = (0.38, 0.33, 0.12, 0.11, 0.05, 0.01)  # households of one to six


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizens:
    """Every citizen with household, street and surname; `demand` says how often they need the town hall."""

    household: Ints
    street: Ints
    surname: Ints
    demand: Floats
    first_of: Ints  # of each household
    size_of: Ints  # of each household
    parents: Ints  # household of the parents of each household, NONE when elsewhere

    @property
    def count(self) -> int:
        """Count the citizens."""
        return len(self.household)

    def coming(self, rng: np.random.Generator, size: int) -> Ints:
        """Draw citizens who come with a question, the needy more often."""
        return drawn(rng, self.demand, size)

    def anyone(self, rng: np.random.Generator, size: int) -> Ints:
        """Draw citizens without regard to anything."""
        return rng.integers(0, self.count, size, dtype=np.int64)

    def housemate(self, rng: np.random.Generator, citizen: Ints) -> Ints:
        """Draw another member of the household, or the same citizen who lives alone."""
        home = self.household[citizen]
        size = self.size_of[home]
        place = citizen - self.first_of[home]
        other = (rng.random(len(citizen)) * (size - 1)).astype(np.int64)
        other += other >= place
        return np.where(size > 1, self.first_of[home] + other, citizen)

    def namesake(self, rng: np.random.Generator, citizen: Ints) -> Ints:
        """Draw somebody with the same surname, possibly the same citizen when the name is rare."""
        order = np.argsort(self.surname, kind="stable")
        counts = np.bincount(self.surname)
        starts = np.cumsum(counts) - counts
        name = self.surname[citizen]
        other: Ints = order[starts[name] + (rng.random(len(citizen)) * counts[name]).astype(np.int64)]
        return other

    def pairs(self) -> tuple[Ints, Ints]:
        """Give every two people of one household, once."""
        left: list[Ints] = []
        right: list[Ints] = []
        for size in range(2, len(_SIZES) + 1):
            first = self.first_of[self.size_of == size]
            for one in range(size):
                for other in range(one + 1, size):
                    left.append(first + one)
                    right.append(first + other)
        return np.concatenate(left), np.concatenate(right)


def shielded_of(seed: int, citizens: Citizens) -> Ints:
    """Draw whose data needs a stronger reason to look; four in a thousand, as registers of persons tell."""
    return np.flatnonzero(happens(stream(seed, "shielded"), _SHIELDED_SHARE, citizens.count))


def citizens_of(seed: int, staff: int) -> Citizens:
    """Settle the town: about `CITIZENS_PER_STAFF` citizens for each member of staff."""
    rng = stream(seed, "citizens")
    households = int(staff * CITIZENS_PER_STAFF / np.dot(_SIZES, np.arange(1, 7)))
    size = drawn(rng, _SIZES, households) + 1
    household = repeated(size)
    names = max(40, households // 9)
    family = np.minimum(rng.zipf(1.35, households) - 1, names - 1).astype(np.int64)
    parents = _parents(stream(seed, "families"), family)
    own = happens(rng, 0.25, len(household)) & (rank_within(size) > 0)
    return Citizens(
        household=household,
        street=household // _HOUSES_PER_STREET,
        surname=np.where(own, between(rng, 0, names - 1, size=len(household)), family[household]),
        demand=rng.gamma(0.6, 1.0, len(household)) + 0.05,
        first_of=np.cumsum(size) - size,
        size_of=size,
        parents=parents,
    )


def _parents(rng: np.random.Generator, family: Ints) -> Ints:
    """Let a third of the households have parents in town, under the same name: an earlier household."""
    order = np.argsort(family, kind="stable")
    counts = np.bincount(family)
    starts = np.cumsum(counts) - counts
    place = np.empty(len(family), dtype=np.int64)
    place[order] = np.arange(len(family)) - starts[family[order]]
    elder = order[starts[family] + (rng.random(len(family)) * place).astype(np.int64)]
    return np.where((place > 0) & happens(rng, 0.33, len(family)), elder, NONE)
