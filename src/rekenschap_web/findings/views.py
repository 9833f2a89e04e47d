# SPDX-License-Identifier: EUPL-1.2
"""The pages of the work list, findings and causes: ask a warrant, read, show; a change is an action."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rekenschap.casework.closing import Reason
from rekenschap.casework.together import MOST_TOGETHER, may_settle_together
from rekenschap.model.warrant import Because
from rekenschap_web.design.funnel import funnel
from rekenschap_web.design.tables import address, shape_listing
from rekenschap_web.evidence import desk
from rekenschap_web.evidence.door import used
from rekenschap_web.evidence.warrants import warrant_for
from rekenschap_web.findings import actions, queries
from rekenschap_web.findings.forms import AgainForm, CloseForm, ExplainForm, ReopenForm
from rekenschap_web.findings.refusals import SentenceError
from rekenschap_web.findings.showing.causes import cause_page
from rekenschap_web.findings.showing.figures import trend_figure
from rekenschap_web.findings.showing.listing import LIST, waiting_for
from rekenschap_web.findings.showing.nothing import next_steps
from rekenschap_web.findings.showing.page import finding_page, relations_graph
from rekenschap_web.findings.showing.worklist import FORM, shape
from rekenschap_web.people.asking import person_of
from rekenschap_web.people.may import Thing, may, require

_LIST = "findings:all"
"""what acts call the work list of findings"""
Filled = TypeVar("Filled", bound=forms.Form)


@require_GET
def work_list(request: HttpRequest) -> HttpResponse:
    """What must I do this week?"""
    person, now = person_of(request), timezone.localtime()
    reads = may(person, "finding.read", Thing(kind="finding", team=person.team)).allowed
    waiting = waiting_for(request, now)
    context: dict[str, object] = {
        "waiting": waiting,
        "later_url": address(request.GET, wanneer="alles"),
        "listing": shape_listing(shape(now, boxes=waiting.settles), waiting.items, request.GET),
        "is_filtered": bool(waiting.filter.changed_data),
        "form_id": FORM,
        "page_object": _LIST if waiting.settles else "",
        "list_name": LIST if reads else "",
        "next_steps": () if waiting.items else next_steps(person),
    }
    if waiting.settles:
        context["warrant"] = warrant = warrant_for(request, because=Because.TRIAGE)
        used(warrant, _LIST)
    return render(request, "findings/list.html", context | (_funnel() if reads else {}))


def _funnel() -> dict[str, object]:
    """Tell how many looks there were, how many nothing explains, and how many findings rest on those."""
    weeks, (findings, waiting) = desk.shares(by="week"), queries.counted()
    looks, unexplained = sum(week.looks for week in weeks), sum(week.unexplained for week in weeks)
    steps = (
        (looks, _("raadplegingen door medewerkers"), "is-explained"),
        (unexplained, _("niet verklaard door werk"), "is-unexplained"),
        (findings, _("bevindingen voor een mens"), "is-finding"),
        (waiting, _("daarvan wachten nog"), "is-finding"),
    )
    return {"funnel": funnel(steps), "trend": trend_figure(weeks, queries.found_by_week())}


@require_POST
def take_many(request: HttpRequest) -> HttpResponse:
    """Take the chosen findings upon oneself."""
    chosen = request.POST.getlist("kies")[:MOST_TOGETHER]
    for number in chosen:
        actions.take(number=number, by=person_of(request))
    if chosen:
        messages.success(request, _("U werkt nu aan %(many)s bevindingen.") % {"many": len(chosen)})
    else:
        messages.warning(request, _("Kies eerst een of meer bevindingen."))
    return redirect("findings:list")


@require_http_methods(["GET", "POST"])
def close_many(request: HttpRequest) -> HttpResponse:
    """Close the chosen findings of low severity with one reason."""
    person = person_of(request)
    require(person, "finding.settle", Thing(kind="finding"))
    if "vraag" in request.POST:
        return redirect(f"{request.path}?{urlencode({'kies': request.POST.getlist('kies')}, doseq=True)}")
    asked = request.POST if request.method == "POST" else request.GET
    chosen = [queries.finding_case(number, person) for number in asked.getlist("kies")[: MOST_TOGETHER + 1]]
    form = CloseForm(request.POST or None, together=True)
    decision = may_settle_together([matter.severity for matter in chosen], "")
    if request.method == "POST" and decision.allowed and form.is_valid():
        again = actions.settle_together(
            numbers=[matter.number for matter in chosen],
            by=person,
            reason=Reason(form.cleaned_data["reason"]),
            words=form.cleaned_data["words"],
            seed=desk.checkpoint().root,
        )
        _say_closed(request, len(chosen), again)
        return redirect("findings:list")
    context = {"chosen": chosen, "form": form, "decision": decision}
    return render(request, "findings/close_many.html", context)


def _say_closed(request: HttpRequest, many: int, again: tuple[str, ...]) -> None:
    said = _("U sloot %(many)s bevindingen af. Een ander kijkt er %(again)s opnieuw na: %(numbers)s.")
    messages.success(request, said % {"many": many, "again": len(again), "numbers": ", ".join(again) or "–"})


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Why are these looks not explained?"""
    person = person_of(request)
    matter = queries.finding_case(number, person)
    require(person, "finding.read", _thing(matter))
    warrant = warrant_for(request, because=Because.TRIAGE)
    page = finding_page(matter, person, warrant=warrant)
    return render(
        request, "findings/detail.html", {"page": page, "warrant": warrant, "page_object": page.object}
    )


@require_GET
def relations(request: HttpRequest, number: str) -> HttpResponse:
    """How do they know each other? Behind a gate of its own."""
    person = person_of(request)
    matter = queries.finding_case(number, person)
    require(person, "relation.read", _thing(matter))
    warrant = warrant_for(request, because=Because.TRIAGE, about=f"relations:{number}")
    found = desk.relations(matter.key, warrant=warrant, named=f"finding:{number}")
    context = {
        "matter": matter,
        "graph": relations_graph(matter, found),
        "relations": found,
        "warrant": warrant,
    }
    return render(request, "findings/relations.html", context | {"page_object": f"finding:{number}"})


@require_GET
def proof(request: HttpRequest, number: str, entry: int) -> HttpResponse:
    """Give the proof of one look to take along."""
    person = person_of(request)
    matter = queries.finding_case(number, person)
    require(person, "finding.read", _thing(matter))
    if entry not in matter.looks:
        raise Http404
    warrant = warrant_for(request, because=Because.TRIAGE)
    answer = HttpResponse(
        desk.proof(entry, warrant=warrant, named=f"finding:{number}"),
        content_type="application/octet-stream",
    )
    answer["Content-Disposition"] = f'attachment; filename="bewijs-{entry}.tlog-proof"'
    return answer


@require_POST
def take(request: HttpRequest, number: str) -> HttpResponse:
    """Take this finding upon oneself."""
    actions.take(number=number, by=person_of(request))
    messages.success(request, _("U werkt nu aan deze bevinding."))
    return redirect("findings:detail", number)


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, number: str) -> HttpResponse:
    """Close with one of the reasons."""

    def done(form: CloseForm) -> None:
        reason = Reason(form.cleaned_data["reason"])
        actions.close(number=number, by=person_of(request), reason=reason, words=form.cleaned_data["words"])
        messages.success(request, _("De bevinding is afgesloten."))

    return _asked(request, number, "close", CloseForm(request.POST or None), done)


@require_http_methods(["GET", "POST"])
def explain(request: HttpRequest, number: str) -> HttpResponse:
    """Say why this was right."""

    def done(form: ExplainForm) -> None:
        actions.explain(number=number, by=person_of(request), words=form.cleaned_data["words"])
        messages.success(request, _("Uw uitleg is vastgelegd. De bevinding is afgesloten."))

    return _asked(request, number, "close", ExplainForm(request.POST or None), done, page="explain")


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """Open a closed finding again."""

    def done(form: ReopenForm) -> None:
        actions.reopen(number=number, by=person_of(request), words=form.cleaned_data["words"])
        messages.success(request, _("De bevinding staat weer open."))

    return _asked(request, number, "reopen", ReopenForm(request.POST or None), done)


@require_http_methods(["GET", "POST"])
def look_again(request: HttpRequest, number: str) -> HttpResponse:
    """Say whether a finding that was drawn was rightly closed."""
    matter = queries.finding_case(number, person_of(request))
    require(person_of(request), "finding.look_again", _thing(matter))
    form = AgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.look_again(number=number, by=person_of(request), agrees=said["agrees"], words=said["words"])
        messages.success(request, _("Dank u. Uw oordeel is vastgelegd."))
        return redirect("findings:detail", number)
    return render(request, "findings/look_again.html", {"matter": matter, "form": form})


@require_http_methods(["GET", "POST"])
def cause(request: HttpRequest, cause: str) -> HttpResponse:
    """Have these looks one cause?"""
    person = person_of(request)
    require(person, "cause.read", Thing(kind="cause", id=cause))
    warrant = warrant_for(request, because=Because.TRIAGE)
    page = cause_page(cause, person, warrant=warrant)
    form = CloseForm(request.POST or None, together=True)
    if request.method == "POST" and form.is_valid():
        again = actions.settle_cause(
            cause=page.view,
            preview=page.preview,
            entries=desk.entries_of_cause(cause),
            by=person,
            reason=Reason(form.cleaned_data["reason"]),
            words=form.cleaned_data["words"],
            seed=desk.checkpoint().root,
        )
        _say_closed(request, len(page.together), again)
        return redirect("findings:cause", cause)
    context = {
        "page": page,
        "form": form,
        "again": AgainForm(),
        "warrant": warrant,
        "page_object": f"cause:{cause}",
    }
    return render(request, "findings/cause.html", context)


@require_POST
def look_at_cause_again(request: HttpRequest, cause: str) -> HttpResponse:
    """Say whether the looks that were drawn have this cause."""
    form = AgainForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        actions.look_at_cause_again(
            cause=cause, by=person_of(request), agrees=said["agrees"], words=said["words"]
        )
        messages.success(request, _("Dank u. Uw oordeel is vastgelegd."))
    else:
        messages.warning(request, _("Kies ja of nee, en schrijf op waarom."))
    return redirect("findings:cause", cause)


def _asked(
    request: HttpRequest,
    number: str,
    act: str,
    form: Filled,
    done: Callable[[Filled], None],
    *,
    page: str = "",
) -> HttpResponse:
    """Show a form for one act of a finding, and do it when it is filled in; a refusal stands on the page."""
    person = person_of(request)
    matter = queries.finding_case(number, person)
    require(person, "finding.settle", _thing(matter))
    decision = queries.decisions(number, person, [act])[act]
    if request.method == "POST" and decision.allowed and form.is_valid():
        try:
            done(form)
        except SentenceError as refusal:
            form.add_error(None, refusal.decision.because)
        else:
            return redirect("findings:detail", number)
    return render(
        request, f"findings/{page or act}.html", {"matter": matter, "form": form, "decision": decision}
    )


def _thing(matter: queries.FindingCase) -> Thing:
    return Thing(kind="finding", id=matter.number, about=matter.about, team=matter.team, state=matter.state)
