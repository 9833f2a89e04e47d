# SPDX-License-Identifier: EUPL-1.2
"""The pages of the register of processing activities, and of what was erased."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rekenschap_web.findings.refusals import SentenceError
from rekenschap_web.people.asking import person_of
from rekenschap_web.people.may import Thing, may, require
from rekenschap_web.register import actions, queries
from rekenschap_web.register.forms import DecisionForm, EntryForm
from rekenschap_web.register.wanting import FIELDS, wanted_of

_REGISTER = Thing(kind="register")


@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """On what ground do we look at data?"""
    person = person_of(request)
    require(person, "register.read", _REGISTER)
    found = queries.entries()
    return render(request, "register/list.html", {
        "entries": found, "lacking": [each for each in found if each.lacks],
        "proposals": queries.proposals(only_open=True), "usage": queries.looks_usage(),
        "propose": may(person, "register.propose", _REGISTER),
        "report": may(person, "register.usage", _REGISTER),
        "erased": may(person, "erasure.read", Thing(kind="erasure")),
    })  # fmt: skip


@require_GET
def activity(request: HttpRequest, key: str, edition: int | None = None) -> HttpResponse:
    """Why may we do this?"""
    person = person_of(request)
    require(person, "register.read", _REGISTER)
    return render(request, "register/activity.html", {
        "activity": queries.activity(key, edition), "edition": edition,
        "propose": may(person, "register.propose", _REGISTER),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """What should change in the register?"""
    person = person_of(request)
    require(person, "register.propose", _REGISTER)
    key = request.GET.get("verwerking", "")
    known = queries.activity(key) if key else None
    start = {"key": key, **wanted_of(known.version)} if known and known.version else None
    form = EntryForm(_with_key(request, key), initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.propose(
                key=form.cleaned_data["key"], wanted=_wanted(form), because=form.cleaned_data["because"],
                by=person,
            )  # fmt: skip
            messages.success(request, _("Uw voorstel wacht op een tweede persoon."))
            return redirect("register:proposal", row.number)
        except SentenceError as refusal:
            form.add_error(None, refusal.decision.because)
    return render(request, "register/propose.html", {"form": form, "known": known})


@require_http_methods(["GET", "POST"])
def proposal(request: HttpRequest, number: str) -> HttpResponse:
    """Should the register say this?"""
    person = person_of(request)
    require(person, "register.read", _REGISTER)
    view = queries.proposal(number, person)
    return render(request, "register/proposal.html", {"proposal": view, "form": DecisionForm()})


@require_POST
def decide(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Approve, refuse or withdraw a proposal."""
    person, form = person_of(request), DecisionForm(request.POST)
    queries.proposal(number, person)
    if act not in ("keur-goed", "wijs-af", "trek-in"):
        raise Http404
    if not form.is_valid():
        messages.error(request, " ".join(str(one) for some in form.errors.values() for one in some))
        return redirect("register:proposal", number)
    try:
        _decide(act, number, remark=form.cleaned_data["remark"], request=request)
        messages.success(request, _("Dit is vastgelegd."))
    except SentenceError as refusal:
        messages.error(request, refusal.decision.because)
    return redirect("register:proposal", number)


@require_GET
def usage(request: HttpRequest) -> HttpResponse:
    """What did we do without a basis in law?"""
    require(person_of(request), "register.usage", _REGISTER)
    return render(request, "register/usage.html", {
        "looks": queries.looks_usage(), "sets": queries.sets_usage(), "idle": queries.idle(),
    })  # fmt: skip


@require_GET
def erasures(request: HttpRequest) -> HttpResponse:
    """What was erased, and who decided that?"""
    require(person_of(request), "erasure.read", Thing(kind="erasure"))
    found = queries.erasures()
    return render(request, "register/erasures.html", {
        "erasures": found, "open": [each for each in found if not each.is_done],
    })  # fmt: skip


def _decide(act: str, number: str, *, remark: str, request: HttpRequest) -> None:
    person = person_of(request)
    if act == "keur-goed":
        actions.approve(number=number, by=person, remark=remark)
    elif act == "wijs-af":
        actions.refuse(number=number, by=person, remark=remark)
    else:
        actions.withdraw(number=number, by=person)


def _with_key(request: HttpRequest, key: str) -> dict[str, object] | None:
    """Give what was filled in; the number of an entry that is there cannot be changed."""
    if request.method != "POST":
        return None
    told = request.POST.copy()
    if key:
        told["key"] = key
    return told  # type: ignore[return-value]


def _wanted(form: EntryForm) -> dict[str, object]:
    told = {name: form.cleaned_data[name] for name in FIELDS}
    return told | {name: told[name] and told[name].isoformat() for name in ("since", "ends")}
