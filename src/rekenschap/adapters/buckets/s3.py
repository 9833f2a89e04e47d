# SPDX-License-Identifier: EUPL-1.2
"""One prefix of one S3 bucket: get, conditional put, list and delete, with errors in our words.

Knows neither blobs nor checkpoints. Amazon's own service and every server that speaks its protocol will do,
as long as it honours `If-None-Match` and `If-Match` on a put; `must_honour_conditions` finds out.
"""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from hashlib import md5
from threading import Lock

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from rekenschap.errors import StoreError

_ATTEMPTS, _CONNECT, _READ = 4, 5, 60  # seconds; boto waits at most 20 s between attempts
_PAGE = 1000  # keys in one answer; servers give no more
_ABSENT = {"NoSuchKey", "404", "NotFound"}
_LOST = {"PreconditionFailed", "412"}
_BUSY = {"ConditionalRequestConflict", "409"}
_WORDS = {
    "NoSuchBucket": ("a bucket", "none of that name", "make it, or correct its name"),
    "AccessDenied": ("permission", "none", "give the account the rights of the how-to"),
    "403": ("permission", "none", "give the account the rights of the how-to"),
    "InvalidAccessKeyId": ("an account the bucket knows", "another", "correct the reference to its key"),
    "SignatureDoesNotMatch": ("an account the bucket knows", "another", "correct the reference to its key"),
    "NotImplemented": ("conditional writes", "none", "use an object storage that has them"),
}
_RETRYABLE = {"SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "503", "500"} | _BUSY
_making = Lock()

PROBE = "~probe-"
"""How the keys begin that `must_honour_conditions` writes for a moment; `~` sorts after all of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who we are to the bucket; without one, boto3 finds it as it always does."""

    key_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a bucket is; `endpoint` is for a server that is not Amazon's."""

    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a look at an object tells: its size, its version tag, and its age by the server's own clock."""

    size: int
    tag: str
    age: float | None


class Bucket:
    """The objects under one prefix; threads may share it. Every method raises StoreError."""

    def __init__(self, place: Place, account: Account | None = None) -> None:
        self._name = place.bucket
        self._prefix = _as_prefix(place.prefix)
        foreign = place.endpoint is not None
        settings = Config(
            retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
            connect_timeout=_CONNECT,
            read_timeout=_READ,
            s3={"addressing_style": "path" if foreign else "auto"},
            # Amazon's newer checksums travel in a trailer that other servers do not know.
            request_checksum_calculation="when_required" if foreign else "when_supported",
            response_checksum_validation="when_required" if foreign else "when_supported",
        )
        with _in_words("open", "the bucket"), _making:
            self._client = _session().client(
                "s3",
                aws_access_key_id=account.key_id if account else None,
                aws_secret_access_key=account.secret if account else None,
                region_name=place.region,
                endpoint_url=place.endpoint,
                config=settings,
            )

    def must_honour_conditions(self) -> None:
        """Raise StoreError when the server takes a condition for nothing: two writers could then both win."""
        key = f"{PROBE}{secrets.token_hex(8)}"
        self.put(key, b"1", new=True)
        second = self.put(key, b"2", new=True)
        with suppress(StoreError):  # an account that may not remove leaves it, and nobody minds
            self.delete(key)
        if second is not None:
            raise StoreError(
                expected="object storage that keeps to the condition of a write",
                found="one that does not",
                remedy="use one that has conditional writes, or another anchor",
            )

    def get(self, key: str, *, span: tuple[int, int] | None = None) -> bytes | None:
        """Give the object, or its bytes from `span[0]` up to `span[1]`; None when there is none.

        Bytes beyond the end are left out.
        """
        part = {} if span is None else {"Range": f"bytes={span[0]}-{span[1] - 1}"}
        with _in_words("read", key):
            try:
                answer = self._client.get_object(**self._at(key), **part)
                body: bytes = answer["Body"].read()
            except ClientError as error:
                if _code(error) == "InvalidRange":
                    return b""
                if _code(error) in _ABSENT:
                    return None
                raise
        return body

    def put(self, key: str, blob: bytes, *, new: bool = False, over: str | None = None) -> str | None:
        """Store the object and give its tag; durable on return.

        With `new` only when there is none, with `over` only when its tag is that: else None, nothing changed.
        None may also mean that our own write did arrive, but its answer got lost: compare before judging.
        """
        condition = {"IfNoneMatch": "*"} if new else {"IfMatch": over} if over is not None else {}
        # What every server checks on arrival, and a bucket with object lock asks for.
        whole = b64encode(md5(blob, usedforsecurity=False).digest()).decode()
        with _in_words("write", key):
            for attempt in range(_ATTEMPTS):
                try:
                    answer = self._client.put_object(
                        **self._at(key), Body=blob, ContentMD5=whole, **condition
                    )
                    return str(answer["ETag"])
                except ClientError as error:
                    if condition and _code(error) in _LOST | _ABSENT:
                        return None
                    if _code(error) not in _BUSY or attempt == _ATTEMPTS - 1:
                        raise
        raise AssertionError("every attempt ends in an answer or an error")

    def look(self, key: str) -> Seen | None:
        """Give the size, tag and age of an object without its bytes; None when there is none."""
        with _in_words("read", key):
            try:
                answer = self._client.head_object(**self._at(key))
            except ClientError as error:
                if _code(error) in _ABSENT:
                    return None
                raise
        said = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
        age = (parsedate_to_datetime(said) - answer["LastModified"]).total_seconds() if said else None
        return Seen(size=int(answer["ContentLength"]), tag=str(answer["ETag"]), age=age)

    def listing(self, prefix: str = "", *, most: int | None = None) -> Iterator[str]:
        """Give the keys that begin with `prefix` in the order of their bytes, at most `most`."""
        with _in_words("list", prefix or "the bucket"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._name,
                Prefix=self._prefix + prefix,
                PaginationConfig={"MaxItems": most, "PageSize": min(most or _PAGE, _PAGE)},
            )
            for page in pages:
                for each in page.get("Contents", []):
                    yield str(each["Key"]).removeprefix(self._prefix)

    def delete(self, key: str) -> None:
        """Remove the object; one that is not there is fine."""
        with _in_words("remove", key):
            self._client.delete_object(**self._at(key))

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self._name, "Key": self._prefix + key}


@cache
def _session() -> boto3.session.Session:
    """Read what boto3 knows of the service once; two threads may not make a client of it at one time."""
    return boto3.session.Session()


def _as_prefix(text: str) -> str:
    return f"{text.strip('/')}/" if text.strip("/") else ""


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def _in_words(verb: str, key: str) -> Iterator[None]:
    """Say in our words what went wrong; boto's own would name endpoint and account, so they are dropped."""
    try:
        yield
    except ClientError as error:
        raise _refused(verb, key, _code(error)) from None
    except (BotoCoreError, ValueError):
        raise StoreError(
            expected=f"object storage that answers, to {verb} {key}",
            found="no answer",
            remedy="look at its address, its certificate and the account",
            retryable=True,
        ) from None


def _refused(verb: str, key: str, code: str) -> StoreError:
    plain = code if code.isalnum() else "an unknown one"
    expected, found, remedy = _WORDS.get(
        code, ("object storage that works", f"the error {plain}", "ask those who run it")
    )
    return StoreError(
        expected=f"{expected} to {verb} {key}", found=found, remedy=remedy, retryable=code in _RETRYABLE
    )
