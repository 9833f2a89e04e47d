# SPDX-License-Identifier: EUPL-1.2
"""What every peer does: begin in an empty directory, take batches of rows from many threads, end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

Append = Callable[[Sequence[bytes]], object]
"""Adds a batch of rows; they are durable when it returns."""


class Peer(Protocol):
    """One system that keeps rows and their evidence."""

    name: str

    def start(self, place: Path) -> None:
        """Begin empty in a directory that is empty."""

    def producer(self, number: int) -> Append:
        """Give what producer `number` appends with."""

    def bytes_kept(self) -> int:
        """Count what the rows, their evidence and their indexes take on disk, without the write-ahead log."""

    def stop(self) -> None:
        """End; the files stay."""
