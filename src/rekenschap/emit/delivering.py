# SPDX-License-Identifier: EUPL-1.2
"""Brings what waits in a spool to the front door, in the background, for as long as it takes.

Only an answer that the front door has it moves the mark. What is offered twice is one fact there.
"""

from __future__ import annotations

import gzip
import http.client
import os
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from random import Random
from threading import Event, Lock, Thread
from urllib.parse import urlsplit

from rekenschap.emit.spool import Spool, SpoolFile
from rekenschap.errors import ConfigurationError

Requests = Callable[[Sequence[bytes]], Sequence[tuple[str, bytes]]]
"""Gives the requests, path and JSON, that deliver some frames."""

_AT_ONCE = 500
_LONGEST_PAUSE = 60.0
_IDLE = 10.0
"""seconds after which delivered looks are removed, and looks of processes that are gone are searched for"""
_FIRST_PAUSE = 0.2
_LINGER = 0.05
"""seconds a look may wait for others before it is synced and sent"""
_PATIENCE = 30.0
_BAD_REQUESTS = (400, 413, 415, 422)
_LATER = (429, 503)
_TAKEN = (200, 202)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the front door is, and how to be known there."""

    url: str
    tls: ssl.SSLContext | None = None
    """own certificates for mutual TLS, or the roots of the house"""
    authorisation: Callable[[], str] | None = None
    """gives the value of the Authorization header, newly for each request"""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
            raise ConfigurationError(
                expected="the address of a front door, such as https://door.example:4318",
                found="something else",
                remedy="correct the address the emitter was given",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How delivery goes: looks delivered and refused by this process, bytes that wait, files that were
    damaged on disk and need a human, what went wrong last."""

    delivered: int
    refused: int
    waiting_bytes: int
    damaged: int
    trouble: str | None


class Delivery:
    """The thread that delivers; begun at the first look of a process."""

    def __init__(self, spool: Spool, address: Address, *, requests: Requests) -> None:
        self._spool, self._address, self._requests = spool, address, requests
        self._renew()
        self._jitter = Random()  # noqa: S311 — spreads retries; guards nothing
        self.delivered = self.refused = 0
        self.trouble: str | None = None

    def _renew(self) -> None:
        self._of = os.getpid()
        self._line: http.client.HTTPConnection | None = None
        self._thread: Thread | None = None
        self._begin, self._wake, self._stop, self._idle = Lock(), Event(), Event(), Event()

    def wake(self) -> None:
        """Say that there is something to deliver."""
        if self._of != os.getpid():  # a fork has no threads, and its line is that of its parent
            self._renew()
        self._idle.clear()
        self._wake.set()
        if self._thread is None:
            with self._begin:
                if self._thread is None:
                    self._thread = Thread(target=self._run, name="rekenschap-emit", daemon=True)
                    self._thread.start()

    def drain(self, seconds: float) -> bool:
        """Wait until all is delivered; says whether it is, which what was damaged is not."""
        if (self._thread is None or self._of != os.getpid()) and not self._spool.waiting_bytes():
            return not self._spool.damaged()
        self.wake()
        return self._idle.wait(seconds) and not self._spool.damaged()

    def health(self) -> Health:
        """Say how delivery goes."""
        return Health(
            delivered=self.delivered,
            refused=self.refused,
            waiting_bytes=self._spool.waiting_bytes(),
            damaged=self._spool.damaged(),
            trouble=self.trouble,
        )

    def stop(self) -> None:
        """End the thread; what waits stays in the spool."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None and self._of == os.getpid():
            self._thread.join(_PATIENCE + 1)

    def _run(self) -> None:
        pause = _FIRST_PAUSE
        while not self._stop.is_set():
            tidy = not self._wake.wait(_IDLE)
            self._wake.clear()
            self._stop.wait(_LINGER)
            asked = self._guarded(tidy=tidy)
            if asked is None:
                pause = _FIRST_PAUSE
                if not self._wake.is_set():
                    self._idle.set()
                continue
            self._stop.wait(max(asked, pause * (0.5 + self._jitter.random())))
            pause = min(_LONGEST_PAUSE, pause * 2)
            self._wake.set()
        self._hang_up()

    def _guarded(self, *, tidy: bool) -> float | None:
        """Deliver what there is, whatever happens: the outermost door of this thread, which must not end."""
        try:
            return self._deliver_all(tidy=tidy)
        except Exception as error:
            self.trouble = f"the delivery: {type(error).__name__}"
            return 1.0

    def _deliver_all(self, *, tidy: bool) -> float | None:
        """Deliver what there is; gives the seconds to wait when it could not be taken, else None."""
        try:
            for file in self._spool.files():
                if file.durable < file.written and not file.broken:
                    file.sync(file.written)
                while not self._stop.is_set() and (some := list(islice(file.frames(file.sent), _AT_ONCE))):
                    asked = self._deliver(file, some)
                    if asked is not None:
                        return asked
                self._spool.done(file, tidy=tidy)
        except OSError as error:
            self.trouble = f"the spool: {type(error).__name__}"
            return 1.0
        return None

    def _deliver(self, file: SpoolFile, some: list[tuple[bytes, int]]) -> float | None:
        status, asked = self._offer([payload for payload, _ in some])
        if status in _BAD_REQUESTS and len(some) > 1:
            half = len(some) // 2
            return self._deliver(file, some[:half]) or self._deliver(file, some[half:])
        if status in _BAD_REQUESTS:
            self._spool.refuse(some[0][0])
            self.refused += 1
        elif status not in _TAKEN:
            self.trouble = f"the front door answered {status}" if status else "the front door did not answer"
            return asked
        else:
            self.delivered += len(some)
            self.trouble = None
        file.mark_sent(some[-1][1])
        return None

    def _offer(self, frames: list[bytes]) -> tuple[int, float]:
        """Offer frames; gives the status of the first answer that is no yes, and the pause it asks for."""
        try:
            requests = self._requests(frames)
        except ValueError:
            return _BAD_REQUESTS[0], 0.0
        try:
            for path, body in requests:
                status, asked = self._post(path, body)
                if status not in _TAKEN:
                    return status, asked
        except (OSError, http.client.HTTPException):
            self._hang_up()
            return 0, 0.0
        return http.client.OK, 0.0

    def _post(self, path: str, body: bytes) -> tuple[int, float]:
        line = self._line = self._line or self._connect()
        line.request(
            "POST",
            urlsplit(self._address.url).path.rstrip("/") + path,
            gzip.compress(body, 1),
            self._headers(),
        )
        answer = line.getresponse()
        answer.read()
        if answer.will_close:
            self._hang_up()
        asked = answer.getheader("Retry-After", "")
        return answer.status, float(asked) if answer.status in _LATER and asked.isdecimal() else 0.0

    def _headers(self) -> Mapping[str, str]:
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        if self._address.authorisation is not None:
            headers["Authorization"] = self._address.authorisation()
        return headers

    def _connect(self) -> http.client.HTTPConnection:
        parts = urlsplit(self._address.url)
        host = parts.hostname or ""
        if parts.scheme == "http":
            return http.client.HTTPConnection(host, parts.port or 80, timeout=_PATIENCE)
        return http.client.HTTPSConnection(
            host, parts.port or 443, timeout=_PATIENCE, context=self._address.tls
        )

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with suppress(OSError):
                line.close()
