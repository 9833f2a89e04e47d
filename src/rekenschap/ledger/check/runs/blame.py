# SPDX-License-Identifier: EUPL-1.2
"""What was done to a segment: the first entry that differs from what was committed, and in which way.

Compares hashes only. A row is recognised at another place by hashing it again with the salt of that place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rekenschap.ledger.rows.commitments import COMMITMENT_SIZE

Commit = Callable[[int, int], bytes]
"""commit(row, place): the commitment of stored row `row` if it stood at `place` in its segment"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The place in the segment of the first entry that differs, and what stands there in words."""

    place: int
    found: str


def difference(rows: bytes, committed: bytes, commit: Commit) -> Difference | None:
    """Compare the packed commitments of the stored rows with those that were committed; None when equal."""
    if rows == committed:
        return None
    differing = _differing(rows, committed)
    count, kept = len(rows) // COMMITMENT_SIZE, len(committed) // COMMITMENT_SIZE
    first = differing[0] if differing else min(count, kept)
    if count < kept:
        return Difference(place=first, found=_dropped(first, count, committed, commit))
    if count > kept:
        return Difference(place=first, found=_added(first, kept, committed, commit))
    return Difference(place=first, found=_changed(differing, count, committed, commit))


def _differing(rows: bytes, committed: bytes) -> list[int]:
    shared = min(len(rows), len(committed)) // COMMITMENT_SIZE
    left, right = (
        np.frombuffer(packed, dtype=np.uint8)[: shared * COMMITMENT_SIZE].reshape(shared, COMMITMENT_SIZE)
        for packed in (rows, committed)
    )
    return [int(place) for place in np.flatnonzero((left != right).any(axis=1))]


def _at(packed: bytes, place: int) -> bytes:
    return packed[place * COMMITMENT_SIZE : (place + 1) * COMMITMENT_SIZE]


def _dropped(first: int, count: int, committed: bytes, commit: Commit) -> str:
    missing = len(committed) // COMMITMENT_SIZE - count
    if first == count or commit(first, first + missing) == _at(committed, first + missing):
        return "no row" if missing == 1 else f"no row, nor for the {missing - 1} entries after it"
    return f"another row, and {missing} fewer in all"


def _added(first: int, kept: int, committed: bytes, commit: Commit) -> str:
    if first == kept or commit(first + 1, first) == _at(committed, first):
        return "a row that was added"
    return "another row, and more rows in all"


def _changed(differing: list[int], count: int, committed: bytes, commit: Commit) -> str:
    first = differing[0]
    if len(differing) == count > 1:
        return "other rows from the first to the last, or another secret"
    moved = next((row for row in differing if commit(row, first) == _at(committed, first)), None)
    if moved is not None:
        return f"another row; its own now stands {moved - first} places further on"
    others = len(differing) - 1
    return "another row" if not others else f"another row, and {others} more in the same segment"
