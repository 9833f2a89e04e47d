# SPDX-License-Identifier: EUPL-1.2
"""The pages on which citizens get their answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rekenschap_web.citizens import actions, queries
from rekenschap_web.citizens import withholding as withheld
from rekenschap_web.citizens.forms import AnswerForm, WithholdingForm
from rekenschap_web.findings.refusals import SentenceError
from rekenschap_web.people.asking import person_of
from rekenschap_web.people.may import Thing, may, require


@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """What do citizens ask about their data?"""
    require(person_of(request), "citizen_question.read", Thing(kind="citizen_question"))
    actions.take_in()
    found = queries.citizen_questions()
    return render(request, "citizens/list.html", {"questions": found, "waiting": queries.waiting()})


@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """What do we answer?"""
    person = person_of(request)
    require(person, "citizen_question.read", Thing(kind="citizen_question", id=number))
    view, form = queries.citizen_question(number), AnswerForm(request.POST or None)
    if form.is_valid():
        try:
            actions.answer(number=number, by=person, words=form.cleaned_data["words"])
        except SentenceError as refusal:
            messages.error(request, refusal.decision.because)
        else:
            messages.success(request, _("Uw antwoord staat klaar voor de inwoner."))
        return redirect("citizens:detail", number)
    context = {"question": view, "form": form, "page_object": f"citizen_question:{number}"}
    return render(request, "citizens/detail.html", context)


@require_http_methods(["GET", "POST"])
def withholdings(request: HttpRequest) -> HttpResponse:
    """What do citizens not see yet, and why?"""
    person = person_of(request)
    require(person, "withholding.read", Thing(kind="withholding"))
    first = {"look": request.GET.get("regel", "")}
    form = WithholdingForm(request.POST or None, initial=first)
    if form.is_valid():
        told = form.cleaned_data
        withheld.ask(
            look=told["look"], ground=told["ground"], because=told["because"], until=told["until"], by=person
        )
        messages.success(request, _("Uw verzoek is vastgelegd. Een tweede persoon beslist."))
        return redirect("citizens:withholdings")
    context = {
        "withholdings": withheld.withholdings(person), "form": form,
        "may_ask": may(person, "withholding.ask", Thing(kind="withholding")),
    }  # fmt: skip
    return render(request, "citizens/withholdings.html", context)


@require_POST
def withholding(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Approve or end a decision."""
    acts = {"sta-toe": withheld.approve, "toon": withheld.end}
    if act not in acts:
        raise Http404
    try:
        acts[act](number=number, by=person_of(request))
        messages.success(request, _("Dit is vastgelegd."))
    except SentenceError as refusal:
        messages.error(request, refusal.decision.because)
    return redirect("citizens:withholdings")
