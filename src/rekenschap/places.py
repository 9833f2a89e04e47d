# SPDX-License-Identifier: EUPL-1.2
"""Open the store, the anchor and the keys a configuration names. Only the house calls this.

What a place needs beyond the plain installation (boto3, psycopg, python-pkcs11) is loaded when it is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rekenschap.adapters.anchors.sqlite import SqliteAnchor
from rekenschap.adapters.keys.file import FileKeys
from rekenschap.adapters.stores.directory import DirectoryStore
from rekenschap.config import BucketAt, Config, DatabaseAt, DirectoryAt
from rekenschap.errors import ConfigurationError
from rekenschap.seams.anchor import Anchor
from rekenschap.seams.keys import Keys
from rekenschap.seams.store import Store

if TYPE_CHECKING:
    from rekenschap.adapters.buckets.s3 import Bucket

BESIDE = frozenset({"anchor.db*", "journal", "*.lock"})
"""What may lie in the directory of a store and is no blob."""


def open_store(at: DirectoryAt | BucketAt) -> Store:
    """Give the store; nothing is made and nobody is asked yet."""
    if isinstance(at, DirectoryAt):
        return DirectoryStore(at.path, beside=BESIDE)
    with _needs("s3"):
        from rekenschap.adapters.stores.s3 import S3Store
    return S3Store(_bucket(at))


def open_anchor(config: Config) -> Anchor:
    """Give the anchor; nothing is made and nobody is asked yet."""
    at = config.anchor
    if isinstance(at, DirectoryAt):
        return SqliteAnchor(at.path)
    if isinstance(at, DatabaseAt):
        with _needs("postgres"):
            from rekenschap.adapters.anchors.postgres import PostgresAnchor
        return PostgresAnchor(at.address, name=at.ledger)
    with _needs("s3"):
        from rekenschap.adapters.anchors.s3 import S3Anchor
    return S3Anchor(_bucket(at))


def open_keys(config: Config, *, wrapped: Path, may_make: bool) -> Keys:
    """Give the keys; with a token, the directory `wrapped` holds what it wrapped."""
    if isinstance(config.keys, DirectoryAt):
        return FileKeys(config.keys.path, may_make=may_make)
    with _needs("pkcs11"):
        from rekenschap.adapters.keys.pkcs11 import Pkcs11Keys
        from rekenschap.adapters.keys.token import TokenPlace
    at = config.keys
    place = TokenPlace(module=str(at.module), token=at.token, pin=at.pin.value())
    return Pkcs11Keys(wrapped, place, label=at.label, may_make=may_make)


def _bucket(at: BucketAt) -> Bucket:
    with _needs("s3"):
        from rekenschap.adapters.buckets.s3 import Account, Bucket, Place
    account = None
    if at.key_id is not None and at.secret is not None:
        account = Account(key_id=at.key_id.value(), secret=at.secret.value())
    place = Place(bucket=at.bucket, prefix=at.prefix, endpoint=at.endpoint, region=at.region)
    return Bucket(place, account)


@contextmanager
def _needs(extra: str) -> Iterator[None]:
    try:
        yield
    except ImportError:
        raise ConfigurationError(
            expected=f"rekenschap with the extra {extra}",
            found="one without",
            remedy=f"install rekenschap[{extra}]",
        ) from None
