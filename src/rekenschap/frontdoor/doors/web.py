# SPDX-License-Identifier: EUPL-1.2
"""The door over HTTP, as a bare ASGI application: OTLP, our own /v1/facts, /livez and /readyz."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from rekenschap.errors import RekenschapError
from rekenschap.frontdoor.callers.gate import Credentials
from rekenschap.frontdoor.desk import Desk
from rekenschap.frontdoor.inbox import Kind
from rekenschap.frontdoor.outcomes import NotTakenError, Outcome, unavailable
from rekenschap.frontdoor.room import Room
from rekenschap.frontdoor.wire import native
from rekenschap.frontdoor.wire.answers import JSON, PLAIN, PROTOBUF, TAKEN, Answer, answer_for
from rekenschap.frontdoor.wire.bodies import too_large
from rekenschap.frontdoor.wire.description import ARROW, DESCRIPTION
from rekenschap.frontdoor.wire.description import PATH as FACTS
from rekenschap.frontdoor.wire.native import problem_for

Message = Mapping[str, object]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

CERTIFICATE = "rekenschap.certificate"
"""Where in the scope the SHA-256 of the certificate of the line stands, in hex."""

KINDS: Mapping[str, Mapping[str, Kind]] = MappingProxyType(
    {
        "/v1/traces": {PROTOBUF: Kind.TRACES_PROTOBUF, JSON: Kind.TRACES_JSON},
        "/v1/logs": {PROTOBUF: Kind.LOGS_PROTOBUF, JSON: Kind.LOGS_JSON},
        FACTS: {JSON: Kind.FACTS_JSON, ARROW: Kind.FACTS_ARROW},
    }
)

_PATIENCE = 60.0
"""Seconds in which a body must have come in: it takes room until it has."""
_START = 5.0
_SLOWEST = 1 << 10
"""Bytes a second, after the first seconds: a body that comes in slower is given up."""


class GoneAwayError(Exception):
    """Whoever asked has hung up: there is nobody to answer."""


@dataclass(frozen=True, slots=True)
class _Head:
    """What the head of a request says."""

    kind: str
    encoding: bytes
    length: int | None
    token: str | None

    @classmethod
    def of(cls, headers: Headers) -> _Head:
        kind, encoding, length, token = "", b"", None, None
        for name, value in headers:
            if name == b"content-type":
                kind = value.partition(b";")[0].strip().lower().decode("latin-1")
            elif name == b"content-encoding":
                encoding = value.strip().lower()
            elif name == b"content-length" and value.isdigit():
                length = int(value)
            elif name == b"authorization" and value[:7].lower() == b"bearer ":
                token = value[7:].strip().decode("latin-1")
        return cls(kind, encoding, length, token)


class WebDoor:
    """Answers requests; `fault` hears where our own fault was when there is one, never what it was about."""

    def __init__(self, desk: Desk, *, fault: Callable[[BaseException], None]) -> None:
        self._desk, self._fault = desk, fault

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["type"] != "http":
            return
        try:
            answer = await self._guarded(scope, receive)
        except GoneAwayError:
            return
        headers = [
            (b"content-type", answer.kind.encode()),
            (b"content-length", b"%d" % len(answer.body)),
            *answer.headers,
        ]
        if answer.status != 200:
            headers.append((b"cache-control", b"no-store"))
        body = b"" if scope["method"] == "HEAD" else answer.body
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _guarded(self, scope: Message, receive: Receive) -> Answer:
        """Answer, whatever happens: the outermost door of this service."""
        headers = scope["headers"]
        head = _Head.of(headers if isinstance(headers, list) else list[tuple[bytes, bytes]]())
        said = problem_for if scope["path"] == FACTS else partial(answer_for, kind=head.kind)
        try:
            return await self._answer(scope, head, receive)
        except NotTakenError as error:
            return said(error)
        except RekenschapError:
            return said(unavailable("room on the disk of the inbox", "none for a moment"))
        except GoneAwayError:
            raise
        except Exception as error:
            self._fault(error)
            return said(_our_fault())

    async def _answer(self, scope: Message, head: _Head, receive: Receive) -> Answer:
        path, method = scope["path"], scope["method"]
        kinds = KINDS.get(path) if isinstance(path, str) else None
        if kinds is None:
            return self._health(path, method)
        if method != "POST":
            return _said(405, "post records here", allow=b"POST")
        certificate = scope.get(CERTIFICATE)
        source = await self._desk.admit(
            Credentials(certificate=certificate if isinstance(certificate, str) else None, token=head.token)
        )
        kind = kinds.get(head.kind)
        if kind is None or head.encoding not in (b"", b"identity", b"gzip"):
            raise _unsupported(kinds)
        most = source.largest_request
        if head.length is not None and head.length > most:
            raise too_large(most)
        with self._desk.room(source) as room:
            try:
                body = await _body(receive, most, room)
            except TimeoutError:
                raise GoneAwayError from None
            await self._desk.take(kind, body, source=source, room=room, is_gzip=head.encoding == b"gzip")
        return native.TAKEN if path == FACTS else TAKEN[head.kind]

    def _health(self, path: object, method: object) -> Answer:
        if path == DESCRIPTION and method in ("GET", "HEAD"):
            return native.described()
        if path not in ("/livez", "/readyz"):
            return _said(404, "no such address")
        if method not in ("GET", "HEAD"):
            return _said(405, "only to read", allow=b"GET, HEAD")
        if path == "/readyz" and not self._desk.is_ready:
            return _said(503, "not ready")
        return _said(200, "ready" if path == "/readyz" else "alive")


async def _body(receive: Receive, most: int, room: Room) -> bytes:
    """Read a body, which takes room as it comes in; raises TimeoutError when it is too slow."""
    parts: list[bytes] = []
    begun = asyncio.get_running_loop().time()
    async with asyncio.timeout(_START) as patience:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise GoneAwayError
            part = message.get("body", b"")
            if isinstance(part, bytes) and part:
                if room.held + len(part) > most:
                    raise too_large(most)
                room.hold(len(part))
                parts.append(part)
                patience.reschedule(begun + min(_PATIENCE, _START + room.held / _SLOWEST))
            if not message.get("more_body"):
                return parts[0] if len(parts) == 1 else b"".join(parts)


def _unsupported(kinds: Iterable[str]) -> NotTakenError:
    return NotTakenError(
        Outcome.UNSUPPORTED,
        expected=f"{' or '.join(kinds)}, as it is or in gzip",
        found="another kind of content",
        remedy="set the protocol of the exporter, or the type of the content, to one of these",
    )


def _our_fault() -> NotTakenError:
    return NotTakenError(
        Outcome.FAULT,
        expected="no fault of our own",
        found="one",
        remedy="send it again, and tell who runs this service",
    )


def _said(status: int, text: str, *, allow: bytes = b"") -> Answer:
    headers = ((b"allow", allow),) if allow else ()
    return Answer(status=status, body=f"{text}\n".encode(), kind=PLAIN, headers=headers)
