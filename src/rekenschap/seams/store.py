# SPDX-License-Identifier: EUPL-1.2
"""Where immutable blobs live. Knows names and bytes, not what they mean."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol


class Store(Protocol):
    """Blobs that are written once and never changed.

    A name is one or more parts of `[a-z0-9._-]+` joined by `/`; no part begins with a dot.
    Every method raises StoreError when the world misbehaves (disk full, no permission, unreachable).
    """

    def put(self, name: str, blob: bytes) -> None:
        """Store `blob` under `name`; on return it is durable (survives a power cut), whole or not at all.

        The same bytes again are fine; other bytes under an existing name raise StoreError and change nothing.
        """

    def replace(self, name: str, blob: bytes) -> None:
        """Put `blob` in place of what is under `name`; a reader sees the old or the new, never a mix."""

    def get(self, name: str) -> bytes:
        """Give the bytes under `name`; raises StoreError when there are none."""

    def size(self, name: str) -> int:
        """Give how many bytes are under `name`; raises StoreError when there is no such blob."""

    def read(self, name: str, *, start: int, length: int) -> bytes:
        """Give exactly `length` bytes from byte `start` on; raises StoreError when there are fewer."""

    def names(self, prefix: str = "") -> list[str]:
        """Give every name that begins with `prefix`, sorted; half-written blobs never appear."""

    def strangers(self) -> list[str]:
        """Give what lies in the place of the store and is no plain blob of its own, sorted.

        Links, devices, names no blob may have: what `get` refuses, and what somebody else put there.
        """

    def remove(self, name: str) -> None:
        """Remove the blob; on return it is gone for good. A name that is not there is fine."""

    def writing(self) -> AbstractContextManager[None]:
        """Be the only writer for a while; raises StoreError (retryable) when another writer is at work.

        A store that cannot lock may let everybody in: the anchor still lets only one of them win.
        """
