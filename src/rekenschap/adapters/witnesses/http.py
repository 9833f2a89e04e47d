# SPDX-License-Identifier: EUPL-1.2
"""A witness somewhere else, asked over HTTP (C2SP tlog-witness).

Follows no redirect and reads a bounded answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from socket import gaierror
from ssl import SSLError, create_default_context
from threading import Lock
from time import monotonic
from urllib.parse import urlsplit
from weakref import finalize

from rekenschap.adapters.witnesses.memory import forked, size_in, unknown
from rekenschap.errors import ConfigurationError, MalformedCheckpointError, WitnessError, WitnessSizeError
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.note import NoteSignature
from rekenschap.tlog.policy import Policy
from rekenschap.tlog.text import from_decimal
from rekenschap.tlog.witnessing import SIZE_TYPE, AddCheckpoint, cosignatures_in

TIMEOUT = 5.0
"""Seconds a witness may take for its whole answer."""
MAX_ANSWER = 400_000
"""Bytes of an answer we read at most: 100 ML-DSA-44 signatures."""


class HttpWitness:
    """The witness behind a submission prefix. See `rekenschap.seams.witness.Witness`.

    Keeps one connection open between questions; of several threads one asks at a time.
    """

    def __init__(self, url: str, *, timeout: float = TIMEOUT) -> None:
        self._name, self._prefix, self._timeout = checked_url(url), urlsplit(url).path.rstrip("/"), timeout
        parts = urlsplit(url)
        self._connection: HTTPConnection = (
            HTTPSConnection(parts.netloc, timeout=timeout, context=create_default_context())
            if parts.scheme == "https"
            else HTTPConnection(parts.netloc, timeout=timeout)
        )
        self._lock = Lock()
        # A ledger is opened and let go of, never closed; its connections go with it.
        finalize(self, self._connection.close)

    @property
    def name(self) -> str:
        """Its submission prefix."""
        return self._name

    def cosign(self, *, old_size: int, proof: Sequence[Hash], note: bytes) -> tuple[NoteSignature, ...]:
        """Post the checkpoint and read the cosignatures."""
        body = AddCheckpoint(old_size=old_size, proof=tuple(proof), note=note).to_bytes()
        with self._lock:
            status, kind, answer = self._post(body)
        match status:
            case 200:
                return self._cosignatures(answer)
            case 409 if kind.partition(";")[0].strip().lower() == SIZE_TYPE:
                raise self._behind(answer, old_size)
            case 409 | 422:
                # The two statuses for another root at the same size, in the versions of the protocol.
                raise forked(self._name, size_in(note), old_size)
            case 403:
                raise unknown(self._name, "a checkpoint without a signature it accepts (403)")
            case 404:
                raise unknown(self._name, "a log it does not watch, or no witness at this address (404)")
            case _:
                raise self._trouble(f"answer {status}", retryable=status >= 500 or status == 429)

    def close(self) -> None:
        """Let go of the connection; asking again opens a new one."""
        self._connection.close()

    def _cosignatures(self, answer: bytes) -> tuple[NoteSignature, ...]:
        try:
            return cosignatures_in(answer)
        except MalformedCheckpointError as error:
            raise self._trouble("an answer that is no cosignature") from error

    def _behind(self, answer: bytes, old_size: int) -> WitnessError:
        size = from_decimal(answer.decode("ascii", "replace").removesuffix("\n"))
        if size is None or size == old_size:
            return self._trouble("a conflict without another size")
        return WitnessSizeError(
            expected=f"witness {self._name} to know the checkpoint of size {old_size}",
            found=f"that it knows one of size {size}",
            remedy=f"send the proof from size {size}",
            size=size,
        )

    def _post(self, body: bytes) -> tuple[int, str, bytes]:
        """Ask; once more over a new connection when the one that was open turns out to be closed."""
        was_open = self._connection.sock is not None
        try:
            return self._answer(body)
        except (ConnectionError, HTTPException) as error:
            self._connection.close()
            if not was_open:
                raise self._trouble(_why(error), retryable=True) from error
        except OSError as error:
            self._connection.close()
            raise self._trouble(_why(error), retryable=True) from error
        return self._post(body)

    def _answer(self, body: bytes) -> tuple[int, str, bytes]:
        until = monotonic() + self._timeout
        self._connection.request(
            "POST", f"{self._prefix}/add-checkpoint", body, {"Content-Type": "application/octet-stream"}
        )
        with closing(self._connection.getresponse()) as response:
            answer = self._whole(response, until)
            if response.will_close:
                self._connection.close()
            return response.status, response.getheader("Content-Type", ""), answer

    def _whole(self, response: HTTPResponse, until: float) -> bytes:
        """Read an answer; one that drips or never ends is cut off, and the connection with it."""
        answer = b""
        while part := response.read1(1 << 16):
            answer += part
            if len(answer) > MAX_ANSWER:
                self._connection.close()
                raise self._trouble(f"an answer of more than {MAX_ANSWER} bytes")
            if monotonic() > until:
                raise TimeoutError
        return answer

    def _trouble(self, found: str, *, retryable: bool = False) -> WitnessError:
        return WitnessError(
            expected=f"cosignatures of witness {self._name}",
            found=found,
            remedy="ask its owner; until it signs, the ledger grows unwitnessed",
            retryable=retryable,
        )


def witnesses_of(policy: Policy, *, timeout: float = TIMEOUT) -> tuple[HttpWitness, ...]:
    """Give the witnesses of a policy that have an address, each address once; raises ConfigurationError."""
    return tuple(
        HttpWitness(url, timeout=timeout) for url in dict.fromkeys(x.url for x in policy.witnesses if x.url)
    )


def checked_url(url: str) -> str:
    """Give an address that may be asked, without what may be secret in it; raises ConfigurationError."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        fits = False
    if not fits or "@" in url or "?" in url or "#" in url or not url.isascii() or not url.isprintable():
        raise ConfigurationError(
            expected="an address that begins with http:// or https://, without a name, question or fragment",
            found="another address",
            remedy="correct the address of the witness",
        )
    return url.rstrip("/")


def _why(error: Exception) -> str:
    match error:
        case TimeoutError():
            return "no answer in time"
        case SSLError():
            return "a certificate or connection that is not trusted"
        case ConnectionRefusedError() | gaierror():
            return "nobody at its address"
        case HTTPException() if not isinstance(error, ConnectionError):
            return "an answer that is no HTTP"
        case _:
            return "a connection that breaks off"
