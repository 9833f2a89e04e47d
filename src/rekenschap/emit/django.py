# SPDX-License-Identifier: EUPL-1.2
"""For Django: a middleware, and the emitter of the settings. No answer leaves before its looks are on disk.

MIDDLEWARE = [..., "rekenschap.emit.django.LooksMiddleware"]
REKENSCHAP = {"address": "https://door.example:4318", "spool": "/var/lib/balie/looks", "system": "balie"}
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from inspect import iscoroutinefunction
from typing import TypedDict, cast

from asgiref.sync import markcoroutinefunction, sync_to_async
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from rekenschap.emit.emitter import Emitter, Waiting
from rekenschap.emit.requests import NOT_SHOWN, RETRY_AFTER, request
from rekenschap.errors import StoreError

Respond = Callable[[HttpRequest], HttpResponseBase]
RespondLater = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@cache
def emitter() -> Emitter:
    """Give the emitter of this process; the setting REKENSCHAP has the arguments of `Emitter`."""
    try:
        return Emitter(**settings.REKENSCHAP)
    except (AttributeError, TypeError) as error:
        raise ImproperlyConfigured(
            "expected a setting REKENSCHAP with address, spool and system, found less; add it"
        ) from error


class _Trace(TypedDict):
    traceparents: list[str]
    tracestate: str


class LooksMiddleware:
    """Surrounds each request, in a sync and in an async Django."""

    sync_capable = async_capable = True

    def __init__(self, get_response: Respond | RespondLater) -> None:
        self._respond = get_response
        self._emitter = emitter()
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, asked: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Answer a request, or say with 503 that its looks cannot be written down."""
        if iscoroutinefunction(self._respond):
            return self._later(asked, self._respond)
        with request(**_trace_of(asked)) as waiting:
            answer = cast(HttpResponseBase, self._respond(asked))  # no coroutine function, so no coroutine
            return self._gated(answer, waiting)

    async def _later(self, asked: HttpRequest, respond: RespondLater) -> HttpResponseBase:
        with request(**_trace_of(asked)) as waiting:
            answer = await respond(asked)
            return await sync_to_async(self._gated, thread_sensitive=False)(answer, waiting)

    def _gated(self, answer: HttpResponseBase, waiting: Waiting) -> HttpResponseBase:
        try:
            self._emitter.durable(waiting)
        except StoreError:
            answer.close()
            kept = {"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"}
            return HttpResponse(NOT_SHOWN, status=503, content_type="text/plain; charset=utf-8", headers=kept)
        return answer


def _trace_of(asked: HttpRequest) -> _Trace:
    # Django joins headers that come twice with a comma: no trace parent then, as the standard wants.
    parent = asked.headers.get("traceparent")
    state = asked.headers.get("tracestate", "")
    return {"traceparents": [parent] if parent else [], "tracestate": state}
