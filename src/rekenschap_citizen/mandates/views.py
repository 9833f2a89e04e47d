# SPDX-License-Identifier: EUPL-1.2
"""The pages of mandates: give one, accept one, look for somebody, change and withdraw."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from rekenschap.citizen.mandating import Bond
from rekenschap.errors import RefusedError
from rekenschap.model.bsn import bsns_in
from rekenschap_citizen.mandates import actions, queries
from rekenschap_citizen.page.context import telling_for


@require_safe
def mandates(request: HttpRequest) -> HttpResponse:
    """Show who may see for me, and for whom I may see."""
    return _page(request)


@require_POST
def give(request: HttpRequest) -> HttpResponse:
    """Give a mandate; the code is shown once."""
    say, term = telling_for(request), request.POST.get("term", "")
    names = [" ".join(request.POST.get(key, "").split())[:60] for key in ("taker_name", "giver_name")]
    bond = request.POST.get("bond", "")
    known = term in actions.TERMS and bond in set(Bond)
    if not all(names) or not known or any(bsns_in(name) for name in names):
        return _page(request, wrong=say("mandate_wrong"), status=422)
    try:
        called = actions.Called(taker=names[0], giver=names[1], bond=Bond(bond))
        code = actions.give(giver=_own(request), called=called, term=term, now=timezone.now())
    except RefusedError as refusal:
        return _page(request, wrong=say(refusal.rule.replace(".", "_")), status=422)
    return _page(request, code=code)


@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """Accept a mandate by its code."""
    say = telling_for(request)
    try:
        actions.accept(taker=_own(request), code=request.POST.get("code", ""), now=timezone.now())
    except RefusedError as refusal:
        return _page(request, wrong=say(refusal.rule.replace(".", "_")), status=422)
    messages.success(request, say("mandate_accepted"))
    return redirect("mandates:list")


@require_POST
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Let a mandate end at another moment."""
    term = request.POST.get("term", "")
    if term in actions.TERMS:
        actions.change(giver=_own(request), number=number, term=term, now=timezone.now())
        messages.success(request, telling_for(request)("mandate_changed"))
    return redirect("mandates:list")


@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw a mandate; it is over at once."""
    actions.end(drawer=_own(request), number=number, now=timezone.now())
    messages.success(request, telling_for(request)("mandate_ended"))
    return redirect("mandates:list")


@require_POST
def look_for(request: HttpRequest, number: int) -> HttpResponse:
    """Look at the page of somebody, or at one's own again with number 0."""
    request.session[queries.FOR] = number
    if queries.viewed(request).number:
        actions.seen(number=number, now=timezone.now())
    else:
        request.session.pop(queries.FOR)
    return redirect("page:looks")


def _page(request: HttpRequest, *, wrong: str = "", code: str = "", status: int = 200) -> HttpResponse:
    own = _own(request)
    context = {
        "given": queries.given_by(own), "had": queries.given_to(own), "terms": list(actions.TERMS),
        "bonds": [(each, telling_for(request)(f"bond_{each}")) for each in Bond],
        "wrong": wrong, "code": code,
    }  # fmt: skip
    return render(request, "mandates/list.html", context, status=status)


def _own(request: HttpRequest) -> str:
    return str(getattr(request, "drawer", ""))
