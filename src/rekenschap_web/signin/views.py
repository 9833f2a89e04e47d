# SPDX-License-Identifier: EUPL-1.2
"""The pages of signing in that are our own; those of a password, a code and a key are allauth's."""

from __future__ import annotations

from allauth.account.views import password_change
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from rekenschap_web.people.asking import SignedInRequest
from rekenschap_web.people.may import Decision, NotAllowedError, Thing, require
from rekenschap_web.people.models import Person
from rekenschap_web.signin import actions, queries
from rekenschap_web.signin.accounts.local import is_local
from rekenschap_web.signin.forms import ReasonForm
from rekenschap_web.signin.home import home_of
from rekenschap_web.signin.staying.sessions import NUMBER


def home(request: SignedInRequest) -> HttpResponse:
    """Send everybody to the page their work begins with."""
    return redirect(home_of(request.person))


def sessions(request: SignedInRequest) -> HttpResponse:
    """Show where this person is signed in."""
    found = queries.sessions_of(request.person, here=request.session.get(NUMBER))
    return render(request, "signin/sessions.html", {"sessions": found})


def end_session(request: SignedInRequest, number: int) -> HttpResponse:
    """End one session, here or elsewhere."""
    row = queries.row_numbered(number)
    if row is None:
        raise Http404
    actions.end_session(row, by=request.person)
    return redirect("signin:sessions" if row.person_id == request.person.pk else "signin:people")


def people(request: SignedInRequest) -> HttpResponse:
    """Show the operator who may sign in."""
    require(request.person, "person.read", Thing(kind="person"))
    return render(request, "signin/people.html", {"people": queries.everybody()})


def person(request: SignedInRequest, number: int) -> HttpResponse:
    """Show the operator one person, and where that person is signed in."""
    found = queries.person_numbered(number)
    if found is None:
        raise Http404
    require(request.person, "person.read", Thing(kind="person", id=str(number)))
    return _person(request, found, ReasonForm())


def lock(request: SignedInRequest, number: int) -> HttpResponse:
    """Lock an account or let it in again, with a reason."""
    found, form = queries.person_numbered(number), ReasonForm(request.POST)
    if found is None:
        raise Http404
    if not form.is_valid():
        return _person(request, found, form)
    change = actions.unlock if found.is_locked else actions.lock
    change(found, by=request.person, because=form.cleaned_data["because"])
    return redirect("signin:person", number)


def _person(request: SignedInRequest, found: Person, form: ReasonForm) -> HttpResponse:
    context = {
        "one": queries.shown(found),
        "sessions": queries.sessions_of(found, here=None),
        "form": form,
        "page_object": found.act_object,
    }
    return render(request, "signin/person.html", context)


def password(request: SignedInRequest) -> HttpResponse:
    """Let somebody with an account of our own change its password; others have none here."""
    if not is_local(request.person):
        sentence = gettext("U logt in bij uw organisatie. Daar verandert u ook uw wachtwoord.")
        raise NotAllowedError(Decision(allowed=False, rule="no_password_here", because=sentence))
    answer: HttpResponse = password_change(request)
    return answer


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was not meant for this browser, or too old; the reason is for developers."""
    return render(request, "signin/stale_form.html", status=403)
