# SPDX-License-Identifier: EUPL-1.2
"""The service as an ASGI application: who calls, what is asked, noted by the clerk, answered; in that order.

Writes no line about a request anywhere: an address may hold who it is about.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from time import monotonic

from rekenschap.errors import ConfigurationError, RekenschapError
from rekenschap_read.contracts.calls import Call, NotAnsweredError
from rekenschap_read.door.answers import ANYONE, SAFE, Answer, given, problem
from rekenschap_read.door.description import description
from rekenschap_read.door.pacing import Pace, Pacing
from rekenschap_read.door.routes import BASES, VERSIONS, VNG, Place, place_at
from rekenschap_read.place.clerk import Asking, note
from rekenschap_read.place.names import Seals
from rekenschap_read.place.settings import FILE_NAME, Client, Interface, Settings, read_settings

Message = Mapping[str, object]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

DESCRIPTION = f"{BASES[Interface.LDV]}/openapi.json"
TOO_OFTEN = "te-veel-vragen"
_MOST_BYTES = 64 * 1024
_PATIENCE = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What came over the line."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class ReadApp:
    """Answers for one place; `fault` hears where our own fault was, never what it was about."""

    def __init__(self, place: Path, citizens: Path, *, fault: Callable[[BaseException], None]) -> None:
        self._place, self._citizens, self._fault = place, citizens, fault
        self._seals, self._pacing = Seals.of(place), Pacing(monotonic)
        self._stamp = self._stamped()
        self._settings = read_settings(place)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["type"] != "http":
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                body = await _body(receive)
        except TimeoutError:
            return
        if body is None:
            return
        request = _request(scope, body)
        answer = await asyncio.to_thread(self.guarded, request)
        headers = [
            (b"content-type", answer.kind.encode()), (b"content-length", b"%d" % len(answer.body)),
            (b"api-version", _version_at(request.path)), *SAFE, *answer.headers,
        ]  # fmt: skip
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        body = b"" if request.method == "HEAD" else answer.body
        await send({"type": "http.response.body", "body": body})

    def guarded(self, request: Request) -> Answer:
        """Answer, whatever happens: the outermost door of this service."""
        place = place_at(request.path)
        is_vng = any(request.path.startswith(f"{BASES[each]}/") for each in VNG)
        try:
            return self._answered(request, place)
        except NotAnsweredError as error:
            return problem(error, is_vng=is_vng)
        except RekenschapError:
            return problem(NotAnsweredError(503, "Nu niet; probeer het later opnieuw."), is_vng=is_vng)
        except Exception as error:
            self._fault(error)
            return problem(NotAnsweredError(500, "Een fout van deze dienst."), is_vng=is_vng)

    def _answered(self, request: Request, place: Place | None) -> Answer:
        settings = self._newest()
        if request.path == DESCRIPTION and Interface.LDV in settings.offers:
            return _described(request)
        offer = None if place is None else settings.offers.get(place.interface)
        host = request.headers.get("host", "").partition(":")[0].lower()
        if place is None or offer is None or (offer.host and offer.host.lower() != host):
            raise NotAnsweredError(HTTPStatus.NOT_FOUND, "Op dit adres is niets.")
        reads = place.methods.get(request.method)
        if reads is None:
            return _not_allowed(request, place)
        client = self._admitted(request, place, settings)
        if (pace := self._pacing.take(client)) is not Pace.FINE:
            return self._too_often(request, place, client, pace)
        if len(request.body) > _MOST_BYTES:
            raise NotAnsweredError(413, f"Stuur hoogstens {_MOST_BYTES} bytes.")
        wanted = reads(
            Call(
                client=client, settings=settings, offer=offer, place=self._place, citizens=self._citizens,
                seals=self._seals, base=f"{settings.public_url}{BASES[place.interface]}", part=place.part,
                query=request.query, headers=request.headers, body=request.body,
            )
        )  # fmt: skip
        known = note(
            self._place,
            Asking(
                client=client.name, interface=place.interface, action=wanted.action,
                identifier=wanted.identifier, token=wanted.token, reference=wanted.reference,
            ),
        )  # fmt: skip
        return given(wanted.answer(known))

    def _admitted(self, request: Request, place: Place, settings: Settings) -> Client:
        """Give who calls; a client that may not read here is noted, and treated as a stranger."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        client = settings.client_of(token.strip()) if kind.lower() == "bearer" and token else None
        if client is not None and place.interface not in client.reads:
            asking = Asking(
                client=client.name, interface=place.interface, action=request.method, is_refused=True
            )
            note(self._place, asking)
            client = None
        if client is None:
            raise NotAnsweredError(HTTPStatus.UNAUTHORIZED, "Toon het token van een bekende afnemer.")
        return client

    def _too_often(self, request: Request, place: Place, client: Client, pace: Pace) -> Answer:
        """Have the client wait; that it asked too much is noted once, and not at every question after it."""
        if pace is Pace.TOO_OFTEN:
            asking = Asking(
                client=client.name, interface=place.interface, action=request.method, is_refused=True
            )
            note(self._place, asking)
        error = NotAnsweredError(429, f"Stel hoogstens {client.a_minute} vragen per minuut.", kind=TOO_OFTEN)
        found = problem(error, is_vng=place.interface in VNG)
        wait = b"%d" % Pacing.wait(client)
        return Answer(status=429, body=found.body, kind=found.kind, headers=((b"retry-after", wait),))

    def _newest(self) -> Settings:
        """Give the settings, read again when the file changed; those before count when it is not good."""
        if (stamp := self._stamped()) != self._stamp:
            self._stamp = stamp
            try:
                self._settings = read_settings(self._place)
            except ConfigurationError as error:
                self._fault(error)
        return self._settings

    def _stamped(self) -> tuple[int, int, int] | None:
        try:
            found = (self._place / FILE_NAME).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


def _described(request: Request) -> Answer:
    if request.method not in ("GET", "HEAD"):
        raise NotAnsweredError(405, "Hier is alleen te lezen.")
    return Answer(status=200, body=description(), headers=(ANYONE,))


def _not_allowed(request: Request, place: Place) -> Answer:
    allowed = ", ".join(sorted(place.methods))
    error = NotAnsweredError(405, f"{request.method[:20]} kan hier niet; wel {allowed}.")
    found = problem(error, is_vng=place.interface in VNG)
    return Answer(status=405, body=found.body, kind=found.kind, headers=((b"allow", allowed.encode()),))


def _version_at(path: str) -> bytes:
    for interface, base in BASES.items():
        if path.startswith(f"{base}/"):
            return VERSIONS[interface].encode()
    return b"1.0.0"


def _request(scope: Message, body: bytes) -> Request:
    headers, query = scope["headers"], scope["query_string"]
    told = headers if isinstance(headers, list) else list[tuple[bytes, bytes]]()
    return Request(
        method=str(scope["method"]),
        path=str(scope["path"]),
        query=query.decode("latin-1") if isinstance(query, bytes) else "",
        headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in told},
        body=body,
    )


async def _body(receive: Receive) -> bytes | None:
    """Read the whole body, or a little more than is allowed; None when the other side went away."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        if isinstance(part, bytes):
            parts.append(part)
            size += len(part)
        if size > _MOST_BYTES or not message.get("more_body"):
            return b"".join(parts)
