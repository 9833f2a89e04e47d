# SPDX-License-Identifier: EUPL-1.2
"""Sessions of citizens: short, bound to one browser, and holding no more than the name of a drawer."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from rekenschap.errors import StoreError

IDLE, WHOLE = timedelta(minutes=15), timedelta(hours=1)
"""DigiD asks for a session of no more than fifteen idle minutes."""
_DRAWER, _BEGAN, _SEEN, _BROWSER, _ACTING = "drawer", "began", "seen", "browser", "acting"

Answers = Callable[[HttpRequest], HttpResponse]
OPEN = frozenset({
    "page:home", "page:about", "page:register", "page:activity", "page:version", "page:language", "page:out",
    "openid_connect_login", "openid_connect_callback",
    "account_login", "account_signup", "account_inactive", "socialaccount_login_error",
    "socialaccount_login_cancelled", "socialaccount_signup", "alive", "saml_back", "saml_metadata",
})  # fmt: skip
"""Addresses for who is not signed in; every other one asks for a session."""


def begin(request: HttpRequest, drawer: str, *, acting: str = "") -> None:
    """Begin a session under a new key, with nothing in it of what was before.

    `acting` says as what somebody looks for who is of this drawer; empty when it is their own.
    """
    language = request.session.get("language")
    request.session.flush()
    now = timezone.now().isoformat()
    request.session.update(
        {_DRAWER: drawer, _BEGAN: now, _SEEN: now, _BROWSER: _browser(request), _ACTING: acting}
    )
    if language:
        request.session["language"] = language


class CitizenMiddleware:
    """Puts `request.drawer` there; sends who has none to the sign-in."""

    def __init__(self, get_response: Answers) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Judge the session and go on."""
        request.drawer = self._judged(request)  # type: ignore[attr-defined]
        request.acting = str(request.session.get(_ACTING, "")) if request.drawer else ""  # type: ignore[attr-defined]
        response = self._next(request)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        return response

    def process_view(
        self, request: HttpRequest, _view: object, _arguments: object, _named: object
    ) -> HttpResponse | None:
        """Answer for the view when nobody is signed in."""
        match = request.resolver_match
        if match is None or match.view_name in OPEN:
            return None
        if not request.drawer:  # type: ignore[attr-defined]
            return redirect("page:home")
        # who looks for another lets nobody look along in turn
        is_closed = request.acting and match.app_name == "mandates"  # type: ignore[attr-defined]
        return render(request, "citizen/not_found.html", status=404) if is_closed else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Say that the page does not work now, when the desk offers nothing; anything else goes on."""
        return render(request, "citizen/silent.html", status=503) if isinstance(error, StoreError) else None

    @staticmethod
    def _judged(request: HttpRequest) -> str:
        session, now = request.session, timezone.now()
        drawer = session.get(_DRAWER)
        if not isinstance(drawer, str):
            return ""
        began, seen = (datetime.fromisoformat(session[name]) for name in (_BEGAN, _SEEN))
        same = hmac.compare_digest(str(session[_BROWSER]), _browser(request))
        if now - began > WHOLE or now - seen > IDLE or not same:
            session.flush()
            return ""
        if now - seen > timedelta(minutes=1):
            session[_SEEN] = now.isoformat()
        return drawer


def _browser(request: HttpRequest) -> str:
    return hashlib.sha256(request.headers.get("User-Agent", "").encode()).hexdigest()
