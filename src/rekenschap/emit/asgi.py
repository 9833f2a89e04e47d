# SPDX-License-Identifier: EUPL-1.2
"""For Starlette, FastAPI and any other ASGI program: no answer leaves before its looks are on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from rekenschap.emit.emitter import Emitter, Waiting
from rekenschap.emit.requests import NOT_SHOWN, RETRY_AFTER, request
from rekenschap.errors import StoreError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class LooksMiddleware:
    """Wraps an ASGI program: `app = LooksMiddleware(app, emitter=looks)`."""

    def __init__(self, app: App, *, emitter: Emitter) -> None:
        self._app, self._emitter = app, emitter

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one connection; `http` and `websocket` have looks, the rest passes."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        parents = _headers(scope, b"traceparent")
        with request(parents, ",".join(_headers(scope, b"tracestate"))) as waiting:
            await self._app(scope, receive, _Gate(send, self._emitter, waiting).send)


class _Gate:
    """Lets a message out when the looks made before it are durable; closes for good when they cannot be."""

    def __init__(self, send: Send, emitter: Emitter, waiting: Waiting) -> None:
        self._send, self._emitter, self._waiting = send, emitter, waiting
        self._closed = False

    async def send(self, message: Message) -> None:
        if self._closed:
            return
        if self._waiting:
            try:
                await asyncio.to_thread(self._emitter.durable, self._waiting)
            except StoreError:
                if message["type"] != "http.response.start":
                    raise
                self._closed = True
                await self._refuse()
                return
        await self._send(message)

    async def _refuse(self) -> None:
        body = NOT_SHOWN.encode()
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"retry-after", RETRY_AFTER.encode()),
        ]
        await self._send({"type": "http.response.start", "status": 503, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def _headers(scope: Message, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]
