# SPDX-License-Identifier: EUPL-1.2
"""An anchor that lives as long as the program."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from rekenschap.adapters.anchors.words import refuse_unless_next


class MemoryAnchor:
    """Checkpoints in a list; see `rekenschap.seams.anchor.Anchor`."""

    def __init__(self) -> None:
        self._held: list[tuple[int, bytes]] = []
        self._lock = Lock()

    def latest(self) -> tuple[int, bytes] | None:
        """Give the largest checkpoint, or None."""
        return self._held[-1] if self._held else None

    def swap(self, *, expected: int | None, size: int, note: bytes) -> None:
        """Add a checkpoint when the latest still is `expected`."""
        with self._lock:
            found = self._held[-1][0] if self._held else None
            refuse_unless_next(found=found, expected=expected, size=size)
            self._held.append((size, bytes(note)))

    def history(self, *, since: int = 0) -> list[tuple[int, bytes]]:
        """Give every checkpoint of at least `since` entries, smallest first."""
        return [held for held in self._held if held[0] >= since]

    def forget(self, sizes: Sequence[int]) -> None:
        """Drop the checkpoints of these sizes, all but the latest."""
        with self._lock:
            self._held = [held for held in self._held if held[0] not in sizes or held[0] == self._held[-1][0]]
