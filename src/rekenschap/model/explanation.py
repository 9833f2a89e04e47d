# SPDX-License-Identifier: EUPL-1.2
"""Explanation: which ground explains a look, and how much that says; the shares always beside their null.

Knows no SQL: the rows themselves are the relations `explanation` and `verdict` (see `rekenschap.explain`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """What a ground may do: explain, explain weakly (counted apart), or only weigh in the evidence.

    `stated` is what people said about a look themselves: counted apart too, and its strength is set.
    """

    FULL = "full"
    WEAK = "weak"
    STATED = "stated"
    TRACE = "trace"


class Standing(StrEnum):
    """What a ground may do in one house, by what was measured there.

    `stands`: what its weight says; `few` too, for there are too few looks to tell; `partly`: not in teams of
    every size; `supports`: it says too little there to explain by itself, and counts with the weak ones.
    """

    STANDS = "stands"
    FEW = "few"
    PARTLY = "partly"
    SUPPORTS = "supports"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundShare:
    """How often one ground holds for real looks and for looks with permuted citizens (shares, 0 to 1).

    `strength` is the log likelihood ratio (nats) of real against permuted, shrunk for small numbers.
    `kept_back` is the share of its looks for which it does not explain by itself, whatever its weight.
    """

    ground: str
    weight: Weight
    share: float
    null_share: float
    strength: float
    standing: Standing = Standing.STANDS
    kept_back: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The explained share beside the null-explained share; never one without the other.

    Shares are over looks by members of staff; `shared_account_looks` are counted apart, because behind a
    shared account stands no person whose work could explain the look.

    `explained` counts full grounds that stand; `any_explained` those and every weak one that says enough.
    `strangers_…` are as `null_…`, of those permuted looks alone that are no look of another day.
    """

    looks: int
    first_looks: int
    shared_account_looks: int
    explained: float
    null_explained: float
    first_explained: float
    first_null_explained: float
    weak_only: float
    all_accounts_first_explained: float
    grounds: tuple[GroundShare, ...]
    stated_only: float = 0.0
    """the share that only somebody's own words explain"""
    any_explained: float = 0.0
    null_any_explained: float = 0.0
    first_any_explained: float = 0.0
    first_null_any_explained: float = 0.0
    strangers: float = 0.0
    """the share of permuted looks at a subject that person never looked at, on any day"""
    strangers_explained: float = 0.0
    strangers_any_explained: float = 0.0
