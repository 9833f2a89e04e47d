# SPDX-License-Identifier: EUPL-1.2
"""Sends whoever looks at evidence without a reason to the page that asks for one."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from rekenschap_web.evidence.warrants import ReasonNeededError


class ReasonMiddleware:
    """Turns a missing reason into a question instead of a refusal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Leave it to `process_exception`."""
        return self._next(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for what needs a reason; the rest goes on."""
        del request
        return HttpResponseRedirect(error.url) if isinstance(error, ReasonNeededError) else None
