# SPDX-License-Identifier: EUPL-1.2
"""A lease on a bucket: one writer at a time, as long as it keeps renewing. Ages are by the server's clock.

It keeps two writers from hindering one another. It is not what keeps a ledger whole: a writer that sleeps
through its term finds out only when it next writes, and in between the anchor lets only one of them win.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic

from rekenschap.adapters.buckets.s3 import Bucket
from rekenschap.adapters.stores.names import another_writer
from rekenschap.errors import StoreError

TERM = 60.0
"""Seconds after which a lease that was not renewed may be taken over."""


class Lease:
    """The right to write, held since `take` and renewed by a thread of its own until `give_back`."""

    def __init__(self, bucket: Bucket, key: str, *, term: float) -> None:
        self._bucket, self._key, self._term = bucket, key, term
        self._over = Event()
        self._keeper = Thread(target=self._keep, daemon=True)
        self._tag: str | None = None
        self._until = 0.0

    def take(self) -> None:
        """Begin to hold it; raises StoreError (retryable) when another does."""
        asked = monotonic()
        tag = self._bucket.put(self._key, _mark(), new=True)
        if tag is None:
            seen = self._bucket.look(self._key)
            if seen is not None and seen.age is not None and seen.age > self._term:
                tag = self._bucket.put(self._key, _mark(), over=seen.tag)
        if tag is None:
            raise another_writer()
        self._tag, self._until = tag, asked + self._term
        self._keeper.start()

    def check(self) -> None:
        """Raise StoreError when another may have taken it over: we slept, or could not renew it."""
        if self._tag is None or monotonic() > self._until:
            raise another_writer()

    def give_back(self) -> None:
        """Let go; one that was taken over stays with its new holder."""
        self._over.set()
        self._keeper.join()
        with suppress(StoreError):  # it ends by itself
            seen = self._bucket.look(self._key)
            if seen is not None and seen.tag == self._tag:
                self._bucket.delete(self._key)

    def _keep(self) -> None:
        while self._tag is not None and not self._over.wait(self._term / 3):
            with suppress(StoreError):  # the next round tries again
                asked = monotonic()
                self._tag = self._bucket.put(self._key, _mark(), over=self._tag)
                self._until = asked + self._term


def _mark() -> bytes:
    return secrets.token_hex(16).encode()


@contextmanager
def leased(bucket: Bucket, key: str, *, term: float = TERM) -> Iterator[Lease]:
    """Hold the lease for a while; raises StoreError (retryable) when another holds it."""
    lease = Lease(bucket, key, term=term)
    lease.take()
    try:
        yield lease
    finally:
        lease.give_back()
