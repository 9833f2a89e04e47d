# SPDX-License-Identifier: EUPL-1.2
"""The pages on which citizens get their answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from rekenschap_web.citizens import actions, queries
from rekenschap_web.citizens.forms import AnswerForm
from rekenschap_web.findings.refusals import SentenceError
from rekenschap_web.people.asking import person_of
from rekenschap_web.people.may import Thing, require


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
            form.add_error(None, refusal.decision.because)
        else:
            messages.success(request, _("Uw antwoord staat klaar voor de inwoner."))
            return redirect("citizens:detail", number)
    context = {"question": view, "form": form, "page_object": f"citizen_question:{number}"}
    return render(request, "citizens/detail.html", context)
