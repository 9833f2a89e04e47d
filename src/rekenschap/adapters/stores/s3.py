# SPDX-License-Identifier: EUPL-1.2
"""A store under one prefix of an S3 bucket; each blob is an object, written on the condition that it is new.

Needs the extra `s3`. Object storage answers a put only when the bytes are durable; there is nothing to sync.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase

from rekenschap.adapters.buckets.s3 import Bucket, Seen
from rekenschap.adapters.stores.lease import TERM, Lease, leased
from rekenschap.adapters.stores.names import checked, exactly, is_blob_name, not_there, written_twice

_LEASE = ".writing"  # no blob can be called so


class S3Store:
    """Blobs as objects; see `rekenschap.seams.store.Store`.

    `beside` are patterns of first parts of keys (`anchor`) that are neither named nor strangers.
    """

    def __init__(self, bucket: Bucket, *, beside: frozenset[str] = frozenset(), term: float = TERM) -> None:
        self._bucket = bucket
        self._beside = beside
        self._term = term
        self._lease: Lease | None = None

    def put(self, name: str, blob: bytes) -> None:
        """Store `blob` under `name`, once and durably."""
        if self._bucket.put(self._writable(name), blob, new=True) is None and self._bucket.get(name) != blob:
            raise written_twice(name)

    def replace(self, name: str, blob: bytes) -> None:
        """Put `blob` in place of what is there, in one step and durably."""
        self._bucket.put(self._writable(name), blob)

    def get(self, name: str) -> bytes:
        """Give the bytes under `name`."""
        blob = self._bucket.get(checked(name))
        if blob is None:
            raise not_there(name)
        return blob

    def size(self, name: str) -> int:
        """Give how many bytes are under `name`."""
        return self._look(name).size

    def read(self, name: str, *, start: int, length: int) -> bytes:
        """Give exactly `length` bytes from byte `start` on."""
        part: bytes | None = b""
        if start >= 0 and length > 0:
            part = self._bucket.get(checked(name), span=(start, start + length))
        else:
            self._look(name)
        if part is None:
            raise not_there(name)
        return exactly(name, part, start=start, length=length)

    def names(self, prefix: str = "") -> list[str]:
        """Give every name that begins with `prefix`, sorted."""
        return sorted(name for name in self._keys(prefix) if is_blob_name(name))

    def strangers(self) -> list[str]:
        """Give every key no blob of ours can have, sorted."""
        return sorted(name for name in self._keys("") if name != _LEASE and not is_blob_name(name))

    def remove(self, name: str) -> None:
        """Remove the blob; a bucket that keeps versions keeps the old one until its own rules drop it."""
        self._bucket.delete(self._writable(name))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer for a while, by a lease; once it is lost, nothing is written or removed."""
        with leased(self._bucket, _LEASE, term=self._term) as self._lease:
            try:
                yield
            finally:
                self._lease = None

    def _writable(self, name: str) -> str:
        if self._lease is not None:
            self._lease.check()
        return checked(name)

    def _look(self, name: str) -> Seen:
        seen = self._bucket.look(checked(name))
        if seen is None:
            raise not_there(name)
        return seen

    def _keys(self, prefix: str) -> list[str]:
        return [
            key
            for key in self._bucket.listing(prefix)
            if not any(fnmatchcase(key.partition("/")[0], pattern) for pattern in self._beside)
        ]
