# SPDX-License-Identifier: EUPL-1.2
"""An anchor that lives as long as the program."""

from __future__ import annotations

from threading import Lock

from rekenschap.errors import ForkError


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
            if found != expected or (found is not None and size <= found):
                raise ForkError(
                    expected=f"an anchor at size {expected} and a larger checkpoint",
                    found=f"an anchor at size {found} and a checkpoint of {size}",
                    remedy="open the ledger again; if nobody else writes to it, raise the alarm",
                )
            self._held.append((size, bytes(note)))

    def history(self) -> list[tuple[int, bytes]]:
        """Give every checkpoint, smallest first."""
        return list(self._held)
