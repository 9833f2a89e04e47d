# SPDX-License-Identifier: EUPL-1.2
"""What stands between an address and its view: who asks, whether the matrix names it, what a refusal says."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils.translation import gettext

from rekenschap.errors import RefusedError
from rekenschap_web.people import matrix
from rekenschap_web.people.may import Decision, NotAllowedError
from rekenschap_web.people.models import Person
from rekenschap_web.people.refusing import not_found, refused, too_large

Answers = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]


class HeadersMiddleware:
    """Tells browsers to keep nothing of a page and to lend it nothing."""

    def __init__(self, get_response: Answers) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add what Django has no setting for."""
        response = self._next(request)
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
            "publickey-credentials-get=(self), publickey-credentials-create=(self)",
        )
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class SizeMiddleware:
    """Turns away what is larger than any form needs before a byte of it is read: no disk or memory fills."""

    def __init__(self, get_response: Answers) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Judge by the length that was announced; without one there is nothing to read."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdigit() or int(length) > settings.MOST_SENT:
            return too_large(request)
        return self._next(request)


class PersonMiddleware:
    """Puts `request.person` there for every view; None for who is not signed in."""

    def __init__(self, get_response: Answers) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Name the person."""
        signed_in = request.user
        request.person = signed_in if isinstance(signed_in, Person) else None  # type: ignore[attr-defined]
        return self._next(request)


class MatrixMiddleware:
    """Lets nobody through to an address that `matrix.toml` does not name for a role of theirs."""

    def __init__(self, get_response: Answers) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Leave it to `process_view`, when the address is known."""
        return self._next(request)

    def process_view(
        self, request: HttpRequest, _view: View, _arguments: object, _named: object
    ) -> HttpResponse | None:
        """Answer for the view when the matrix says no."""
        match, method = request.resolver_match, str(request.method)
        assert match is not None  # noqa: S101 - process_view comes after the address was found
        line = matrix.line_of(match.view_name)
        if line is None:
            return refused(request, NotAllowedError(_unnamed()))
        if not line.has(method):
            return HttpResponseNotAllowed(line.methods)
        if line.is_open(method):
            return None
        person: Person | None = request.person  # type: ignore[attr-defined]
        if person is None:
            return redirect_to_login(_back_to(request), login_url=reverse(settings.LOGIN_URL))
        if not line.roles(method) & person.roles:
            return refused(request, NotAllowedError(_not_yours(match.view_name, line, method)))
        return None


class RefusedMiddleware:
    """Turns a refusal of the library or the desk into a page with its sentence; nothing stays written."""

    def __init__(self, get_response: Answers) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Leave it to `process_exception`."""
        return self._next(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal, and a number under which nothing stands; anything else is trouble and goes on."""
        if isinstance(error, ObjectDoesNotExist):
            return not_found(request, error)
        return refused(request, error) if isinstance(error, RefusedError) else None


def _back_to(request: HttpRequest) -> str:
    """Come back to a page after signing in; never to the middle of something that was sent."""
    return request.get_full_path() if request.method == "GET" else "/"


def _unnamed() -> Decision:
    return Decision(
        allowed=False,
        rule="matrix",
        because=gettext("Dit adres staat niet in de lijst van wat iemand mag openen."),
    )


def _not_yours(name: str, line: matrix.Line, method: str) -> Decision:
    from rekenschap_web.people.names import role_names

    roles = ", ".join(role_names(line.roles(method)))
    return Decision(
        allowed=False,
        rule=f"matrix {name}",
        because=gettext("Deze pagina is voor: %(roles)s.") % {"roles": roles},
    )
