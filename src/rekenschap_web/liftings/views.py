# SPDX-License-Identifier: EUPL-1.2
"""The pages of liftings: ask, decide, see a name, and the list that the FG reads."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rekenschap.model.warrant import Because
from rekenschap_web.design.tables import shape_listing
from rekenschap_web.evidence import desk
from rekenschap_web.evidence.warrants import make
from rekenschap_web.findings.queries import finding_case
from rekenschap_web.findings.refusals import SentenceError
from rekenschap_web.liftings import actions, queries
from rekenschap_web.liftings.forms import AskForm, DecideForm
from rekenschap_web.liftings.listing import shape
from rekenschap_web.people.asking import person_of
from rekenschap_web.people.may import Thing, require

ACTS = {"sta-toe": "approve", "weiger": "refuse", "trek-in": "withdraw", "verberg": "end"}


@require_GET
def all_liftings(request: HttpRequest) -> HttpResponse:
    """Who asked for a name, and why?"""
    person = person_of(request)
    require(person, "lifting.read", Thing(kind="lifting"))
    listing = shape_listing(shape(), queries.liftings(person), request.GET)
    return render(request, "liftings/list.html", {"listing": listing})


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the name of who a finding is about."""
    person, matter = person_of(request), finding_case(number)
    require(person, "lifting.ask", Thing(kind="lifting", id=number, about=matter.about))
    form = AskForm(request.POST or None)
    if form.is_valid():
        row = actions.ask(
            about=matter.about,
            belongs_to=f"finding:{number}",
            because=form.cleaned_data["because"],
            by=person,
        )
        messages.success(request, _("Uw verzoek is vastgelegd. Een tweede persoon kijkt mee."))
        return redirect("liftings:detail", row.number)
    return render(request, "liftings/ask.html", {"matter": matter, "form": form})


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """May this name be shown?"""
    view = queries.lifting(number, person_of(request))
    return _page(request, view, DecideForm(), name="")


@require_POST
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Approve, refuse, take back or hide again."""
    if act not in ACTS:
        raise Http404
    person, form = person_of(request), DecideForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    try:
        actions.move(number=number, act=ACTS[act], by=person, words=words)
    except SentenceError as refusal:
        form.add_error(None, refusal.decision.because)
        return _page(request, queries.lifting(number, person), form, name="", status=403)
    messages.success(request, _("Dit is vastgelegd."))
    return redirect("liftings:detail", number)


@require_POST
def see(request: HttpRequest, number: str) -> HttpResponse:
    """Show the name once on this page; every time it is shown is written down."""
    person = person_of(request)
    view = queries.lifting(number, person)
    warrant = make(request, because=Because.LIFTING, words=view.because)
    name = desk.name_of(view.pseudonym, warrant=warrant, lifting_id=number)
    return _page(request, view, DecideForm(), name=name)


def _page(
    request: HttpRequest, view: queries.LiftingView, form: DecideForm, *, name: str, status: int = 200
) -> HttpResponse:
    context = {"lifting": view, "form": form, "name": name, "page_object": f"lifting:{view.number}"}
    return render(request, "liftings/detail.html", context, status=status)
