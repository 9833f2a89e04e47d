# SPDX-License-Identifier: EUPL-1.2
"""A lease on a bucket: one writer at a time, as long as it keeps renewing. Ages are by the server's clock.

It keeps two writers from clearing away what the other made. It is not what keeps a history single: the
anchor is. A writer that slept, or was cut off, finds out before it writes or removes anything more.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread

from rekenschap.adapters.buckets.s3 import Bucket
from rekenschap.adapters.stores.names import another_writer
from rekenschap.errors import StoreError

TERM = 60.0
"""Seconds after which a lease that was not renewed may be taken over."""
SURE = 1.0
"""Seconds for which an answer of the server is believed; after that it is asked again before a write."""


class Lease:
    """The right to write, held since `take` and renewed by a thread of its own until `give_back`."""

    def __init__(self, bucket: Bucket, key: str, *, term: float) -> None:
        self._bucket, self._key, self._term = bucket, key, term
        self._over = Event()
        self._keeper = Thread(target=self._keep, daemon=True)
        self._asking = Lock()
        self._tag: str | None = None
        self._asked = 0.0

    def take(self) -> None:
        """Begin to hold it; raises StoreError (retryable) when another does."""
        asked = _clock()
        tag = self._bucket.put(self._key, _mark(), new=True)
        if tag is None:
            seen = self._bucket.look(self._key)
            if seen is not None and seen.age is not None and seen.age > self._term:
                tag = self._bucket.put(self._key, _mark(), over=seen.tag)
        if tag is None:
            raise another_writer()
        self._tag, self._asked = tag, asked
        self._keeper.start()

    def check(self) -> None:
        """Raise StoreError when another may have taken it over: we slept, or were cut off."""
        with self._asking:
            if _clock() > self._asked + SURE:
                self._ask()
            if self._tag is None:
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
            with suppress(StoreError), self._asking:  # the next round tries again
                self._renew()

    def _ask(self) -> None:
        """Find out whether it is ours still; one that runs out soon is renewed before anything is written."""
        asked, seen = _clock(), self._bucket.look(self._key)
        if seen is None or seen.tag != self._tag:
            self._tag = None
        elif seen.age is None or seen.age > self._term / 2:
            self._renew()
        self._asked = asked

    def _renew(self) -> None:
        asked = _clock()
        if self._tag is not None:
            self._tag = self._bucket.put(self._key, _mark(), over=self._tag)
        self._asked = asked


def _clock() -> float:
    """Give seconds that go on while the machine sleeps, where it has such a clock."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


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
