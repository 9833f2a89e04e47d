# SPDX-License-Identifier: EUPL-1.2
"""How a journal file begins, grows and ends its life: zeros that are there before any row is.

Overwriting bytes that exist costs one sync of bytes; making a file longer costs one of the file system too.
"""

from __future__ import annotations

import secrets
from collections import deque

from rekenschap.ledger.journal.reading import DIRECTORY
from rekenschap.seams.disk import Disk, File

_PIECE = 1 << 20
_MOST_SPARES = 2


def write_zeros(file: File, start: int, stop: int) -> None:
    """Put zeros from `start` up to `stop`, a piece at a time."""
    for at in range(start, stop, _PIECE):
        file.write(at, bytes(min(_PIECE, stop - at)))


def make_zeroed(disk: Disk, name: str, size: int) -> None:
    """Make a file of zeros; it and its name are durable on return."""
    beside = f"{DIRECTORY}/.{secrets.token_hex(8)}.tmp"
    file = disk.create(beside)
    try:
        write_zeros(file, 0, size)
        file.sync()
    finally:
        file.close()
    disk.rename(beside, name)
    disk.sync_directory(DIRECTORY)


def clear(disk: Disk, name: str, *, start: int) -> None:
    """Put zeros over what follows `start` in a file, durably."""
    file = disk.open(name)
    try:
        write_zeros(file, start, file.size())
        file.sync()
    finally:
        file.close()


def _new_name() -> str:
    return f"{DIRECTORY}/{secrets.token_hex(8)}.spare"


class Spares:
    """Files of zeros that wait for their turn."""

    __slots__ = ("_disk", "_names")

    def __init__(self, disk: Disk, names: tuple[str, ...] = ()) -> None:
        self._disk, self._names = disk, deque(names)

    def __len__(self) -> int:
        return len(self._names)

    def make(self, size: int) -> None:
        """Make one more."""
        spare = _new_name()
        make_zeroed(self._disk, spare, size)
        self._names.append(spare)

    def keep(self, name: str) -> None:
        """Take a file whose rows are sealed: the rows are wiped, so that an erasure finds no copy here."""
        clear(self._disk, name, start=0)
        if len(self._names) >= _MOST_SPARES:
            self._disk.remove(name)
            self._disk.sync_directory(DIRECTORY)
            return
        spare = _new_name()
        self._disk.rename(name, spare)
        self._disk.sync_directory(DIRECTORY)
        self._names.append(spare)

    def place(self, name: str, size: int) -> File:
        """Put a file of zeros in place, durably, and open it; `size` is what a new one gets."""
        if self._names:
            self._disk.rename(self._names.popleft(), name)
            self._disk.sync_directory(DIRECTORY)
        else:
            make_zeroed(self._disk, name, size)
        return self._disk.open(name)
