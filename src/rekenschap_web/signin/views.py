# SPDX-License-Identifier: EUPL-1.2
"""The pages of signing in that are our own; those of a password, a code and a key are allauth's."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from rekenschap_web.people.may import Thing, require
from rekenschap_web.signin import actions, queries
from rekenschap_web.signin.home import home_of
from rekenschap_web.signin.sessions import NUMBER


def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to the page their work begins with."""
    return redirect(home_of(request.person))


def sessions(request: HttpRequest) -> HttpResponse:
    """Show where this person is signed in."""
    found = queries.sessions_of(request.person, here=request.session.get(NUMBER))
    return render(request, "signin/sessions.html", {"sessions": found})


def end_session(request: HttpRequest, number: int) -> HttpResponse:
    """End one session, here or elsewhere."""
    row = queries.row_numbered(number)
    if row is None:
        raise Http404
    require(request.person, "session.end", Thing(kind="session", id=str(number), opened_by=row.person.sub))
    actions.end_session(row, by=request.person)
    return redirect("signin:sessions")
