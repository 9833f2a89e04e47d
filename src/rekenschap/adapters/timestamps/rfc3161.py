# SPDX-License-Identifier: EUPL-1.2
"""Asks a timestamp authority over HTTP, and checks a reply against roots (RFC 3161, strict DER).

Needs rekenschap[timestamps]; without it this module loads and its functions raise ConfigurationError.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ssl import create_default_context
from time import monotonic
from types import ModuleType
from urllib.parse import urlsplit

from cryptography import x509

from rekenschap.errors import ConfigurationError, KeysError, TimestampError, WrongSignatureError

TIMEOUT = 10.0
"""Seconds an authority may take for its whole answer."""
MAX_REPLY = 100_000
"""Bytes of a reply we read at most; one with a chain of certificates takes some 5,000."""

_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"
_ASK = "ask its owner"
_SORTED = "ask its owner to send its certificate alone, or the set of them sorted as DER asks"
_SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")


class Rfc3161Authority:
    """The authority at a web address. See `rekenschap.seams.timestamp.TimestampAuthority`."""

    def __init__(self, url: str, *, timeout: float = TIMEOUT) -> None:
        self._url, self._timeout = urlsplit(_checked(url)), timeout

    @property
    def name(self) -> str:
        """Its address."""
        return self._url.geturl()

    def stamp(self, message: bytes) -> bytes:
        """Ask for a timestamp over SHA-256 of `message` and check that the reply is about it."""
        client = _client()
        builder = client.TimestampRequestBuilder().data(message)
        request = builder.hash_algorithm(client.HashAlgorithm.SHA256).build()
        raw = self._posted(request.as_bytes())
        try:
            reply = client.decode_timestamp_response(raw)
            if reply.status != client.PKIStatus.GRANTED:
                raise self._trouble(f"that it refuses, with status {reply.status}")
            imprint = reply.tst_info.message_imprint
            answers = (reply.tst_info.nonce, imprint.hash_algorithm, imprint.message)
        except ValueError as error:
            raise self._trouble("a reply that is no strict DER", _SORTED) from error
        if answers != (request.nonce, _SHA256, sha256(message).digest()):
            raise self._trouble("a reply to another question")
        return raw

    def _posted(self, body: bytes) -> bytes:
        until = monotonic() + self._timeout
        secure = self._url.scheme == "https"
        connection = (
            HTTPSConnection(self._url.netloc, timeout=self._timeout, context=create_default_context())
            if secure
            else HTTPConnection(self._url.netloc, timeout=self._timeout)
        )
        try:
            with closing(connection):
                connection.request("POST", self._url.path or "/", body, {"Content-Type": _QUERY})
                with closing(connection.getresponse()) as answer:
                    reply = b""
                    while len(reply) <= MAX_REPLY and monotonic() < until and (part := answer.read1(1 << 16)):
                        reply += part
                    status, kind = answer.status, answer.getheader("Content-Type", "")
        except (OSError, HTTPException) as error:
            found = "no answer in time" if isinstance(error, TimeoutError) else "nobody who answers"
            raise self._trouble(found, retryable=True) from error
        if monotonic() >= until:
            raise self._trouble("no answer in time", retryable=True)
        if status != 200 or kind.partition(";")[0].strip().lower() != _REPLY or len(reply) > MAX_REPLY:
            raise self._trouble(f"answer {status} that is no reply", retryable=status >= 500)
        return reply

    def _trouble(self, found: str, remedy: str = _ASK, *, retryable: bool = False) -> TimestampError:
        return TimestampError(
            expected=f"a timestamp of {self.name}", found=found, remedy=remedy, retryable=retryable
        )


def timestamped_at(tsr: bytes, text: str, roots: Sequence[x509.Certificate]) -> datetime:
    """Give the time in a time-stamp reply over the text of a checkpoint, signed under one of the roots.

    Raises WrongSignatureError when the reply is over something else or leads to no root. The certificates
    must have been valid at that time, not now.
    """
    client = _client()
    if not roots:
        raise _no_roots("none")
    builder = client.VerifierBuilder()
    for root in dict.fromkeys(roots):
        builder = builder.add_root_certificate(root)
    try:
        reply = client.decode_timestamp_response(tsr)
        builder.build().verify_message(reply, text.encode())
        found: datetime = reply.tst_info.gen_time
    except (ValueError, client.VerificationError) as error:
        raise WrongSignatureError(
            expected="a timestamp over this checkpoint under a trusted root",
            found="one over something else, by somebody else, or none",
            remedy="keep the reply as evidence; check which roots are trusted",
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def roots_in(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Read the certificates of trusted roots (PEM); raises KeysError when there are none."""
    try:
        return tuple(x509.load_pem_x509_certificates(pem))
    except ValueError as error:
        raise _no_roots("another file") from error


def _no_roots(found: str) -> KeysError:
    return KeysError(
        expected="at least one root certificate of a timestamp authority",
        found=found,
        remedy="ask the authority for its root in PEM form, by another road",
    )


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in url or not url.isascii():
        raise ConfigurationError(
            expected="the web address of an authority",
            found="another text",
            remedy="correct the address",
        )
    return url


def _client() -> ModuleType:
    try:
        import rfc3161_client
    except ImportError as error:
        raise ConfigurationError(
            expected="what comes with rekenschap[timestamps]",
            found="none",
            remedy="install it with: pip install 'rekenschap[timestamps]'",
        ) from error
    return rfc3161_client
