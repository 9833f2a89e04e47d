# SPDX-License-Identifier: EUPL-1.2
"""A lease on a bucket: one writer at a time, as long as it keeps renewing. Time is the server's alone.

It keeps two writers from hindering one another by mistake. It is not what keeps a ledger whole: a writer that
sleeps through its term does not know that it lost, and then the anchor lets only one of them win.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from rekenschap.adapters.buckets.s3 import Bucket
from rekenschap.adapters.stores.names import another_writer
from rekenschap.errors import StoreError

TERM = 60.0
"""Seconds after which a lease that was not renewed may be taken over."""


@contextmanager
def leased(bucket: Bucket, key: str, *, term: float = TERM) -> Iterator[None]:
    """Hold the lease for a while; raises StoreError (retryable) when another holds it."""
    tag = _take(bucket, key, term)
    over, held = Event(), [tag]
    keeper = Thread(target=_keep, args=(bucket, key), kwargs={"term": term, "over": over, "held": held})
    keeper.daemon = True
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()
        with suppress(StoreError):  # it ends by itself
            _give_back(bucket, key, held[0])


def _mark() -> bytes:
    return secrets.token_hex(16).encode()


def _take(bucket: Bucket, key: str, term: float) -> str:
    tag = bucket.put(key, _mark(), new=True)
    if tag is None:
        seen = bucket.look(key)
        if seen is not None and seen.age is not None and seen.age > term:
            tag = bucket.put(key, _mark(), over=seen.tag)
    if tag is None:
        raise another_writer()
    return tag


def _keep(bucket: Bucket, key: str, *, term: float, over: Event, held: list[str]) -> None:
    while not over.wait(term / 3):
        with suppress(StoreError):  # the next round tries again
            tag = bucket.put(key, _mark(), over=held[0])
            if tag is None:
                return
            held[0] = tag


def _give_back(bucket: Bucket, key: str, tag: str) -> None:
    seen = bucket.look(key)
    if seen is not None and seen.tag == tag:
        bucket.delete(key)
