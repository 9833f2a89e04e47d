# SPDX-License-Identifier: EUPL-1.2
"""Ends a session that is over, or that is shown by another browser, before anything else is done with it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from rekenschap_web.people.models import Person
from rekenschap_web.signin import sessions
from rekenschap_web.signin.actions import end_unasked

Answers = Callable[[HttpRequest], HttpResponse]


class SessionMiddleware:
    """Stands behind Django's own: there the session is found, here it is judged."""

    def __init__(self, get_response: Answers) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Judge the session, go on, and hand out a fresh key when it is time."""
        shown = sessions.shown_by(request)
        self._judge(request, shown)
        response = self._next(request)
        row = sessions.row_of(request.session) if isinstance(request.user, Person) else None
        if row is not None:
            sessions.keep_alive(row, shown, response)
        return response

    @staticmethod
    def _judge(request: HttpRequest, shown: sessions.Shown) -> None:
        if not isinstance(request.user, Person):
            return
        row = sessions.row_of(request.session)
        fault = None if row is None else sessions.fault_in(row, shown, str(request.session.session_key))
        if row is not None and fault is None:
            return
        if row is not None and fault is not None:
            end_unasked(row, fault, at=shown.at)
        request.session.flush()
        request.user = AnonymousUser()
