# SPDX-License-Identifier: EUPL-1.2
"""The pages of the leak source: ask, and read the answer."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from rekenschap.errors import ConfigurationError
from rekenschap.model.warrant import Because
from rekenschap_web.design.tables import shape_listing
from rekenschap_web.evidence.door import used
from rekenschap_web.evidence.warrants import make, warrant_for
from rekenschap_web.leaks import actions, listing, queries
from rekenschap_web.leaks.figures import met_figure
from rekenschap_web.leaks.forms import LeakForm
from rekenschap_web.people.asking import person_of
from rekenschap_web.people.may import Thing, require
from rekenschap_web.people.models import Person


@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Who has the list in common?"""
    person = person_of(request)
    require(person, "leak.search", Thing(kind="leak"))
    open_ones = _investigations(person)
    form = LeakForm(
        request.POST or None,
        request.FILES or None,
        investigations=open_ones,
        initial={"investigation": request.GET.get("onderzoek", "")},
    )
    if request.method == "POST" and form.is_valid():
        number = _searched(request, form)
        if number:
            return redirect("leaks:detail", number=number)
    shown = shape_listing(listing.searches_shape(), listing.searches_rows(request), request.GET)
    context = {"form": form, "listing": shown, "has_investigations": bool(open_ones), "page_object": "leaks"}
    return render(request, "leaks/search.html", context, status=422 if form.errors else 200)


def _searched(request: HttpRequest, form: LeakForm) -> str:
    """Search under a warrant for this investigation; empty, with a word in the form, without a list."""
    told = form.cleaned_data
    warrant = make(request, because=Because.LEAK, words=told["because"], investigation=told["investigation"])
    wanted = actions.Wanted(text=told["text"], first=told["first"], last=told["last"])
    try:
        return actions.search_source(by=person_of(request), wanted=wanted, warrant=warrant)
    except ConfigurationError:
        form.add_error("listed", _("Wij kunnen deze lijst niet lezen. Zet één persoon op een regel."))
        return ""


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Who has this list in common?"""
    require(person_of(request), "leak.search", Thing(kind="leak", id=number))
    found = queries.search_view(number)
    warrant = warrant_for(request, because=Because.LEAK, investigation=found.investigation)
    used(warrant, f"leak:{number}")
    context = {
        "search": found,
        "listing": shape_listing(listing.ranking_shape(), found.ranking, request.GET),
        "figure": met_figure(found) if found.ranking else None,
        "warrant": warrant,
        "page_object": f"leak:{number}",
    }
    return render(request, "leaks/detail.html", context)


def _investigations(person: Person) -> tuple[tuple[str, str], ...]:
    """Give the open investigations this person works on, from the room that keeps them."""
    room = "rekenschap_web.investigations.queries"
    if find_spec("rekenschap_web.investigations") is None or find_spec(room) is None:
        return ()
    found: tuple[tuple[str, str], ...] = tuple(import_module(room).open_investigations(person))
    return found
