# SPDX-License-Identifier: EUPL-1.2
"""What became of a finding that the newest derivation does not have any more: told, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum

Became = Callable[[Collection[int]], Mapping[int, bool]]
"""Of each look that can still be read, by its entry, whether work explains it now."""


class GoneAs(StrEnum):
    """Why a finding is not there any more."""

    EXPLAINED = "explained"  # later work explains every look of it
    PARTLY = "partly"  # some are explained; the others do not stand out by themselves
    NO_LONGER_STANDS_OUT = "stands out no more"  # none is explained: they left the window, or are less rare
    NOT_KNOWN = "not known"  # its looks cannot be read here


def gone_as(explained: int | None, unexplained: int | None) -> GoneAs:
    """Say why, from how many of its looks are explained now and how many are not."""
    if not explained and not unexplained:
        return GoneAs.NOT_KNOWN
    if not unexplained:
        return GoneAs.EXPLAINED
    return GoneAs.PARTLY if explained else GoneAs.NO_LONGER_STANDS_OUT


def nobody_knows(_entries: Collection[int]) -> Mapping[int, bool]:
    """Say of no look what became of it."""
    return {}
