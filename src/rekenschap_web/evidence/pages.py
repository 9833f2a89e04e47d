# SPDX-License-Identifier: EUPL-1.2
"""The page that asks why, before anything is shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from rekenschap.model.warrant import Because
from rekenschap_web.evidence.forms import ReasonForm
from rekenschap_web.evidence.warrants import make
from rekenschap_web.people.writing import is_own_number


def why(request: HttpRequest) -> HttpResponse:
    """Ask why; with an answer, make the warrant and go back to where somebody came from."""
    asked = request.POST if request.method == "POST" else request.GET
    back = _way_back(request, asked.get("terug", "/"))
    because = _because(asked.get("om", ""))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        make(
            request, because=because, words=form.cleaned_data["words"],
            investigation=_number(asked.get("onderzoek", "")),
            about=asked.get("over", ""),
        )  # fmt: skip
        return HttpResponseRedirect(back)
    context = {
        "form": form, "back": back, "because": because, "om": asked.get("om", ""),
        "investigation": asked.get("onderzoek", ""), "about": asked.get("over", ""),
    }  # fmt: skip
    return render(request, "evidence/why.html", context, status=200 if request.method == "GET" else 422)


def _number(said: str) -> str | None:
    """Take nothing but a number for that of an investigation: it goes into the ledger with every look."""
    return said if is_own_number(said) else None


def _because(name: str) -> Because:
    return Because.__members__.get(name.upper(), Because.TRIAGE)


def _way_back(request: HttpRequest, path: str) -> str:
    is_ours = url_has_allowed_host_and_scheme(path, {request.get_host()}, require_https=request.is_secure())
    return path if is_ours else "/"
