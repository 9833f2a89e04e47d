# SPDX-License-Identifier: EUPL-1.2
"""The pages that say no: what was sent cannot be read (400) or is too large (413), a rule says no (403),
there is nothing (404), we did something wrong (500)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from rekenschap.errors import NoWarrantError, RefusedError
from rekenschap_web.people.may import NotAllowedError, rule_named

turned_away = Signal()
"""Sent with `person`, `page` and `rule` when somebody who is signed in is refused."""


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say which rule says no, in its own sentence."""
    sentence, name = _sentence(exception)
    person, match = getattr(request, "person", None), request.resolver_match
    if person is not None and match is not None:
        turned_away.send(sender=None, person=person, page=match.view_name, rule=name)
    context = {"sentence": sentence, "rule": rule_named(name), "rule_name": name}
    response = render(request, "people/refused.html", context, status=403)
    response.headers["X-Refused-By"] = name or "-"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing here; not whether there ever was."""
    return render(request, "people/not_found.html", status=404)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that what was sent is not what a form of ours sends; never what was in it."""
    return render(request, "people/unreadable.html", status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    """Say how much may be sent at once."""
    most = settings.MOST_SENT // (1024 * 1024)
    return render(request, "people/too_large.html", {"most": most}, status=413)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that we did something wrong, with a number by which the operator finds it."""
    return render(request, "people/broken.html", {"number": uuid.uuid4().hex[:8]}, status=500)


def _sentence(error: Exception | None) -> tuple[str, str]:
    if isinstance(error, NotAllowedError):
        return error.decision.because, error.decision.rule
    if isinstance(error, NoWarrantError):
        return gettext("Voor deze pagina is een reden nodig, en die is er niet of is verlopen."), "warrant"
    if isinstance(error, RefusedError):
        because = getattr(error, "because", "")
        return because or gettext("Een regel staat dit nu niet toe."), error.rule
    return gettext("U mag deze pagina niet openen."), ""
