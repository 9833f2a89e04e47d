# SPDX-License-Identifier: EUPL-1.2
"""Ends a session that is over, or that is shown by another browser, before anything else is done with it."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from rekenschap_web.people.models import Person
from rekenschap_web.signin.accounts.local import needs_second_factor
from rekenschap_web.signin.actions import end_unasked
from rekenschap_web.signin.staying import sessions

_REAL = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
Answers = Callable[[HttpRequest], HttpResponse]


_WITHOUT_SECOND = ("mfa_", "account_", "design:", "signin:sessions", "signin:end_session")
"""What somebody may open who must still set up a second factor."""


class SecondFactorMiddleware:
    """Sends who has an account here and a role at the desk to set up a second factor before anything else."""

    def __init__(self, get_response: Answers) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Leave it to `process_view`."""
        return self._next(request)

    def process_view(
        self, request: HttpRequest, _view: object, _arguments: object, _named: object
    ) -> HttpResponse | None:
        """Answer for the view when a second factor is missing."""
        match, person = request.resolver_match, request.user
        assert match is not None  # noqa: S101 - process_view comes after the address was found
        if not isinstance(person, Person) or match.view_name.startswith(_WITHOUT_SECOND):
            return None
        if not needs_second_factor(person) or is_mfa_enabled(person, _REAL):
            return None
        return redirect("mfa_index")


class SessionMiddleware:
    """Stands behind Django's own: there the session is found, here it is judged."""

    def __init__(self, get_response: Answers) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Judge the session, go on, and hand out a fresh key when it is time."""
        shown = sessions.shown_by(request)
        was_in = isinstance(request.user, Person)
        self._judge(request, shown)
        response = self._next(request)
        row = sessions.row_of(request.session) if isinstance(request.user, Person) else None
        if row is not None:
            sessions.follow(row, str(request.session.session_key))
            sessions.keep_alive(row, shown, response)
        elif was_in:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
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
