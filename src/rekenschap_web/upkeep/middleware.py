# SPDX-License-Identifier: EUPL-1.2
"""One line and one figure for each request: the name of the page, how long, how it ended; no path, nobody."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import structlog
from django.http import HttpRequest, HttpResponse

from rekenschap_web.upkeep.metrics import counted


class CountingMiddleware:
    """Stands before all others, so that it sees how everything ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response
        self._log = structlog.get_logger("rekenschap.desk")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Count one request."""
        began = perf_counter()
        response = self._next(request)
        seconds = perf_counter() - began
        match = request.resolver_match
        page = match.view_name if match is not None else "none"
        method = request.method if request.method in ("GET", "HEAD", "POST") else "other"
        counted(page=page, method=str(method), status=response.status_code, seconds=seconds)
        self._log.info(
            "answered", page=page, method=method, status=response.status_code,
            milliseconds=round(1000 * seconds, 1),
        )  # fmt: skip
        return response
