# SPDX-License-Identifier: EUPL-1.2
"""The pages of exports: ask for a list, fetch it, judge what another asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rekenschap_web.design.tables import shape_listing
from rekenschap_web.exports import actions, listing, queries
from rekenschap_web.exports.formats import KINDS, Format
from rekenschap_web.exports.forms import ExportForm, JudgeForm
from rekenschap_web.exports.lists import check_may_export, list_named, sheet_of
from rekenschap_web.people.asking import person_of


@require_GET
def all_exports(request: HttpRequest) -> HttpResponse:
    """Which lists left the desk?"""
    shown = shape_listing(listing.shape(request), listing.rows(request), request.GET)
    return render(request, "exports/list.html", {"listing": shown, "page_object": "exports"})


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, name: str) -> HttpResponse:
    """Do you want to take this list along?"""
    person, found = person_of(request), list_named(name)
    check_may_export(person, found, request)
    sheet = sheet_of(found, request)
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = actions.Asked(
            list_name=name,
            query=request.GET.urlencode(),
            form=Format(form.cleaned_data["form"]),
            because=form.cleaned_data["because"],
        )
        if len(sheet.rows) <= actions.alone():
            return _sent(actions.take_alone(by=person, asked=asked, sheet=sheet), asked.form)
        return redirect("exports:detail", number=actions.ask(by=person, asked=asked, sheet=sheet))
    context = {
        "form": form,
        "title": sheet.title,
        "rows": len(sheet.rows),
        "alone": actions.alone(),
        "needs_second": len(sheet.rows) > actions.alone(),
        "filters": request.GET.urlencode(),
    }
    return render(request, "exports/ask.html", context)


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """May this list leave?"""
    person = person_of(request)
    shown = queries.export_view(number, person)
    context = {
        "export": shown,
        "decisions": queries.decisions(number, person),
        "form": JudgeForm(),
        "page_object": f"export:{number}",
    }
    return render(request, "exports/detail.html", context)


@require_POST
def judge(request: HttpRequest, number: str) -> HttpResponse:
    """Approve or refuse."""
    person, form = person_of(request), JudgeForm(request.POST)
    shown = queries.export_view(number, person)
    if not form.is_valid():
        context = {"export": shown, "decisions": queries.decisions(number, person), "form": form}
        return render(request, "exports/detail.html", context, status=422)
    act = "approve" if request.POST.get("besluit") == "toestaan" else "refuse"
    actions.judge(number=number, act=act, by=person, because=form.cleaned_data["because"])
    return redirect("exports:detail", number=number)


@require_POST
def take(request: HttpRequest, number: str) -> HttpResponse:
    """Fetch a list that was approved, as it is now."""
    person = person_of(request)
    shown = queries.export_view(number, person)
    found = list_named(shown.list_name)
    request.GET = QueryDict(shown.query)
    check_may_export(person, found, request)
    return _sent(actions.take(number=number, by=person, sheet=sheet_of(found, request)), Format(shown.form))


def _sent(taken: actions.Taken, form: Format) -> HttpResponse:
    response = HttpResponse(taken.content, content_type=KINDS[form].media_type)
    response["Content-Disposition"] = f'attachment; filename="{taken.name}"'
    response["Cache-Control"] = "no-store"
    return response
