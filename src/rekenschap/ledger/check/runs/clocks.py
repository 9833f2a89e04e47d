# SPDX-License-Identifier: EUPL-1.2
"""When entries say they were recorded: never far back behind one before them, never after a witness saw them.

Moments are in microseconds UTC. Entries without a moment (schemas, erased rows) say nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rekenschap.errors import InconsistentError

TOLERANCE = 60_000_000
"""How far clocks may be apart: a minute."""
NEVER = -(2**63)
Moments = npt.NDArray[np.int64]
"""the moment of each entry of a run; NEVER where an entry has none"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The first `size` entries were there at a moment: a witness put its time to them."""

    size: int
    at: int


def first_back(moments: Moments, newest: int) -> int | None:
    """Give the first place that is too far behind `newest` or an earlier place of the run."""
    if newest == NEVER and not (moments[1:] < moments[:-1]).any():
        return None  # in order: the usual case, at a third of the cost
    running = np.maximum.accumulate(np.maximum(moments, newest))
    behind = (moments != NEVER) & (moments < np.maximum(running, NEVER + TOLERANCE) - TOLERANCE)
    return int(np.argmax(behind)) if behind.any() else None


def first_late(moments: Moments, first: int, seen: Sequence[Seen]) -> tuple[int, int] | None:
    """Give the first place whose moment lies after a witness had seen it, and the size it had seen."""
    found: list[tuple[int, int]] = []
    for each in seen:
        some = moments[: max(each.size - first, 0)]
        late = some > each.at + TOLERANCE
        if late.any():
            found.append((int(np.argmax(late)), each.size))
    return min(found, default=None)


def set_back(entry: int) -> InconsistentError:
    """Make the alarm for an entry that says it was recorded long before the one ahead of it."""
    return InconsistentError(
        expected=f"entry {entry} to be recorded after the entries before it, give or take a minute",
        found="an earlier moment",
        remedy="keep the ledger as evidence and ask who set the clock back",
        entry=entry,
    )


def too_late(entry: int, size: int) -> InconsistentError:
    """Make the alarm for an entry that says it was recorded after a witness had seen it."""
    return InconsistentError(
        expected=f"entry {entry} to be recorded before a witness signed the checkpoint of {size} entries",
        found="a later moment",
        remedy="keep the ledger as evidence: its clock or that of the witness was wrong",
        entry=entry,
    )
