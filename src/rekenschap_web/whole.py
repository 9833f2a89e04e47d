# SPDX-License-Identifier: EUPL-1.2
"""What changes something is one transaction from its first line to its last; a page that is read is none.

Django's ATOMIC_REQUESTS knows no method: with it every page that is only read holds SQLite's one place to
write for as long as it takes to make, and fifty people wait in one row. What a page that is read does write
(the act of a look) is whole by itself, and there before anything is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver

View = Callable[..., HttpResponse]
_READ = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = "rekenschap_web."
"""Views of others, such as the way back from a provider of identities, write when they are read."""


def whole(patterns: Iterable[URLPattern | URLResolver]) -> None:
    """Make every view behind these addresses whole, where they stand."""
    for each in patterns:
        if isinstance(each, URLResolver):
            whole(each.url_patterns)
        else:
            each.callback = _whole(each.callback)


def _whole(view: View) -> View:
    if getattr(view, "_non_atomic_requests", None):
        return view
    in_one = transaction.atomic(view)
    only_read = _READ if view.__module__.startswith(_OURS) else frozenset()

    @wraps(view)
    def made_whole(request: HttpRequest, *given: object, **named: object) -> HttpResponse:
        return (view if request.method in only_read else in_one)(request, *given, **named)

    return made_whole
