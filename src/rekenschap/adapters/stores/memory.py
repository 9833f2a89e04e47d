# SPDX-License-Identifier: EUPL-1.2
"""A store that lives as long as the program: for tests, examples and a first look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from rekenschap.errors import StoreError

_NAME = re.compile(r"[a-z0-9_-][a-z0-9._-]*(/[a-z0-9_-][a-z0-9._-]*)*", re.ASCII)


class MemoryStore:
    """Blobs in a dictionary; see `rekenschap.seams.store.Store`."""

    def __init__(self, blobs: dict[str, bytes] | None = None) -> None:
        self._blobs = dict(blobs or {})
        self._lock = Lock()

    def put(self, name: str, blob: bytes) -> None:
        """Store `blob` under `name`, once."""
        if self._blobs.setdefault(_checked(name), bytes(blob)) != blob:
            raise StoreError(
                expected=f"{name} to be written once", found="other bytes there", remedy="name a new blob"
            )

    def replace(self, name: str, blob: bytes) -> None:
        """Put `blob` in place of what is there."""
        self._blobs[_checked(name)] = bytes(blob)

    def get(self, name: str) -> bytes:
        """Give the bytes under `name`."""
        if name not in self._blobs:
            raise StoreError(
                expected=f"{name} in the store", found="nothing", remedy="restore it from a copy"
            )
        return self._blobs[name]

    def names(self, prefix: str = "") -> list[str]:
        """Give every name that begins with `prefix`, sorted."""
        return sorted(name for name in self._blobs if name.startswith(prefix))

    def remove(self, name: str) -> None:
        """Remove the blob."""
        self._blobs.pop(_checked(name), None)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer for a while."""
        if not self._lock.acquire(blocking=False):
            raise StoreError(
                expected="one writer", found="another at work", remedy="try again later", retryable=True
            )
        try:
            yield
        finally:
            self._lock.release()


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise StoreError(
            expected="a name of small letters, digits and . _ -", found="another", remedy="rename it"
        )
    return name
