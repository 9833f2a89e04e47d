# SPDX-License-Identifier: EUPL-1.2
"""A store that lives as long as the program: for tests, examples and a first look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from rekenschap.adapters.stores.names import another_writer, checked, exactly, not_there, written_twice


class MemoryStore:
    """Blobs in a dictionary; see `rekenschap.seams.store.Store`."""

    def __init__(self, blobs: dict[str, bytes] | None = None) -> None:
        self._blobs = dict(blobs or {})
        self._lock = Lock()

    def put(self, name: str, blob: bytes) -> None:
        """Store `blob` under `name`, once."""
        if self._blobs.setdefault(checked(name), bytes(blob)) != blob:
            raise written_twice(name)

    def replace(self, name: str, blob: bytes) -> None:
        """Put `blob` in place of what is there."""
        self._blobs[checked(name)] = bytes(blob)

    def get(self, name: str) -> bytes:
        """Give the bytes under `name`."""
        if name not in self._blobs:
            raise not_there(name)
        return self._blobs[name]

    def size(self, name: str) -> int:
        """Give how many bytes are under `name`."""
        return len(self.get(name))

    def read(self, name: str, *, start: int, length: int) -> bytes:
        """Give exactly `length` bytes from byte `start` on."""
        blob = self.get(name)
        part = blob[start : start + length] if min(start, length) >= 0 else b""
        return exactly(name, part, start=start, length=length)

    def names(self, prefix: str = "") -> list[str]:
        """Give every name that begins with `prefix`, sorted."""
        return sorted(name for name in self._blobs if name.startswith(prefix))

    def strangers(self) -> list[str]:
        """Give nothing: no stranger can put anything into our memory."""
        return []

    def remove(self, name: str) -> None:
        """Remove the blob."""
        self._blobs.pop(checked(name), None)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer for a while."""
        if not self._lock.acquire(blocking=False):
            raise another_writer()
        try:
            yield
        finally:
            self._lock.release()
