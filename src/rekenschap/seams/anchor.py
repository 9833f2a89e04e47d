# SPDX-License-Identifier: EUPL-1.2
"""The one place where the latest checkpoint is swapped, apart from the store on purpose:
a store may be copied or restored, an anchor may never go back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Anchor(Protocol):
    """The history of signed checkpoints of one ledger, by tree size.

    Every method raises StoreError when the world misbehaves.
    """

    def latest(self) -> tuple[int, bytes] | None:
        """Give (size, signed note) of the largest checkpoint, or None when there is none yet."""

    def swap(self, *, expected: int | None, size: int, note: bytes) -> None:
        """Add the checkpoint `note` of `size` when the latest size still is `expected`; durable on return.

        Raises ForkError when the latest is another, or when `size` is not larger: somebody else writes too.
        """

    def history(self, *, since: int = 0) -> list[tuple[int, bytes]]:
        """Give every checkpoint of at least `since` entries, smallest first.

        A year of checkpoints is a lot of them: ask for no more than you need.
        """

    def forget(self, sizes: Sequence[int]) -> None:
        """Drop the checkpoints of these sizes, all but the latest, where the place lets anybody remove.

        Nothing rests on it: a checkpoint a second is a lot to keep, and each later one holds them all. Where
        nothing may be removed, they stay.
        """
