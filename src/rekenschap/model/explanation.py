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


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundShare:
    """How often one ground holds for real looks and for looks with permuted citizens (shares, 0 to 1).

    `strength` is the log likelihood ratio (nats) of real against permuted, shrunk for small numbers.
    """

    ground: str
    weight: Weight
    share: float
    null_share: float
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The explained share beside the null-explained share; never one without the other.

    Shares are over looks by members of staff; `shared_account_looks` are counted apart, because behind a
    shared account stands no person whose work could explain the look.
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
