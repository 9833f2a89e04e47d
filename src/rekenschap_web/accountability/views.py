# SPDX-License-Identifier: EUPL-1.2
"""The pages of the account: overview, months, sample, coverage, rules."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rekenschap.errors import ConfigurationError
from rekenschap.model.warrant import Because
from rekenschap_web.accountability import actions, listing, queries
from rekenschap_web.accountability.figures import (
    coverage_figure,
    heard_and_not,
    line_figure,
    shares_by_month_figure,
    shares_figure,
    teams_figure,
    weeks_figure,
)
from rekenschap_web.accountability.forms import JudgeForm, ReplayForm, SignForm
from rekenschap_web.accountability.missing import missed_view
from rekenschap_web.design.tables import shape_listing
from rekenschap_web.evidence import desk
from rekenschap_web.evidence.reading.months import Month, months, people_of
from rekenschap_web.evidence.trying.trials import TooManyTrialsError, Trial, begin, trial
from rekenschap_web.evidence.warrants import warrant_for
from rekenschap_web.findings.queries import hit_rates
from rekenschap_web.people.asking import person_of
from rekenschap_web.people.may import Thing, may, require

_TRIAL = "proef"
"""In the address of a rule: which trial of a change is shown."""


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Can we explain who looked and why?"""
    person = person_of(request)
    require(person, "month.read", Thing(kind="month"))
    known = months()
    lines = queries.month_lines(known)
    systems, shares = desk.systems(), desk.shares(by="system")
    context = {
        "whole": next(iter(desk.shares(by="all")), None),
        "shares": shares_figure(shares) if shares else None,
        "teams": teams_figure(teams) if (teams := desk.shares(by="team")) else None,
        "by_month": shares_by_month_figure(each) if (each := desk.shares(by="month")) else None,
        "weeks": weeks_figure(weeks) if (weeks := desk.shares(by="week")) else None,
        "missed": missed_view(),
        "systems": systems,
        **heard_and_not(systems),
        "months": shape_listing(listing.months_shape(), lines, request.GET),
        "to_make": next((each for each in reversed(lines) if not each.state), None),
        "sign": may(person, "month.sign", Thing(kind="month")),
        "coverage": may(person, "coverage.read", Thing(kind="coverage")),
        "page_object": "months",
    }
    return render(request, "accountability/overview.html", context)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make the report of a month."""
    person = person_of(request)
    require(person, "month.sign", Thing(kind="month"))
    warrant = warrant_for(request, because=Because.MONTHLY_REPORT)
    name = actions.make_month(month=_month(request.POST.get("maand", "")), by=person, warrant=warrant)
    messages.success(request, _("Het verslag van %(month)s is gemaakt.") % {"month": Month.named(name).label})
    return redirect("accountability:month", name=name)


@require_GET
def month(request: HttpRequest, name: str) -> HttpResponse:
    """What stands out in this month?"""
    person = person_of(request)
    require(person, "month.read", Thing(kind="month", id=name))
    found = queries.month_view(_month(name).name)
    context = {
        "month": found,
        "listing": shape_listing(listing.lines_shape(), found.lines, request.GET),
        "registers": shape_listing(listing.registers_shape(), found.systems, request.GET),
        "figures": [(each, line_figure(each)) for each in found.lines if len(each.months) > 1],
        "compared": any(len(each.months) > queries.FEW for each in found.lines),
        "apart": [each for each in found.lines if each.apart],
        "form": SignForm(),
        "sign": may(person, "month.sign", Thing(kind="month", id=name, state=found.state)),
        "sample": may(person, "sample.read", Thing(kind="month", id=name)),
        "people": may(person, "month.people", Thing(kind="month", id=name)),
        "page_object": f"month:{name}",
    }
    return render(request, "accountability/month.html", context)


@require_POST
def sign(request: HttpRequest, name: str) -> HttpResponse:
    """Sign the month off."""
    form = SignForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Schrijf eerst in een zin wat uw oordeel is."))
        return redirect("accountability:month", name=name)
    actions.sign_month(month=name, remarks=form.cleaned_data["remarks"], by=person_of(request))
    messages.success(request, _("U hebt %(month)s afgetekend.") % {"month": Month.named(name).label})
    return redirect("accountability:month", name=name)


@require_GET
def sample(request: HttpRequest, name: str) -> HttpResponse:
    """Do these explanations hold?"""
    person = person_of(request)
    require(person, "sample.read", Thing(kind="month", id=name))
    found = queries.month_view(_month(name).name)
    warrant = warrant_for(request, because=Because.SAMPLE)
    entries = [row.entry for row in queries.sample_of(name)]
    rows = listing.sample_rows(name, desk.looks(entries, warrant=warrant, named=f"month:{name}"))
    may_answer = may(person, "month.sign", Thing(kind="month", id=name)).allowed and found.state == "made"
    context = {
        "month": found,
        "listing": shape_listing(listing.sample_shape(name, open_for_answers=may_answer), rows, request.GET),
        "next": next((row.place for row in rows if not row.answer), 0) if may_answer else 0,
        "warrant": warrant,
        "page_object": f"month:{name}",
    }
    return render(request, "accountability/sample.html", context)


@require_http_methods(["GET", "POST"])
def judge(request: HttpRequest, name: str, place: int) -> HttpResponse:
    """Does this explanation hold?"""
    person = person_of(request)
    require(person, "month.sign", Thing(kind="month", id=name))
    warrant = warrant_for(request, because=Because.SAMPLE)
    form = JudgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.judge_look(
            month=name,
            place=place,
            answer=form.cleaned_data["answer"],
            words=form.cleaned_data["words"],
            by=person,
        )
        left = next((row.place for row in queries.sample_of(name) if not row.answer), 0)
        return (
            redirect("accountability:judge", name=name, place=left)
            if left
            else redirect("accountability:sample", name=name)
        )
    rows = listing.sample_rows(
        name,
        desk.looks([row.entry for row in queries.sample_of(name)], warrant=warrant, named=f"month:{name}"),
    )
    row = next((each for each in rows if each.place == place), None)
    if row is None:
        raise Http404
    context = {
        "form": form,
        "row": row,
        "month": queries.month_view(name),
        "warrant": warrant,
        "page_object": f"sample:{name}-{place}",
    }
    return render(request, "accountability/judge.html", context, status=422 if form.errors else 200)


@require_GET
def people(request: HttpRequest, name: str) -> HttpResponse:
    """Who stands at the top of the lists of this month?"""
    require(person_of(request), "month.people", Thing(kind="month", id=name))
    found = queries.month_view(_month(name).name)
    named = f"month_people:{name}"
    warrant = warrant_for(request, because=Because.MONTHLY_REPORT, about=named)
    told = people_of(found.first, warrant=warrant, named=named)
    context = {"month": found, "people": told, "warrant": warrant, "page_object": named}
    return render(request, "accountability/people.html", context)


@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """Do we see all that we think we see?"""
    require(person_of(request), "coverage.read", Thing(kind="coverage"))
    systems = desk.systems()
    context = {
        "listing": shape_listing(listing.systems_shape(), systems, request.GET),
        "figure": coverage_figure(systems) if systems else None,
        **heard_and_not(systems),
        "systems": systems,
        "page_object": "coverage",
    }
    return render(request, "accountability/coverage.html", context)


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Which rule helps and which makes noise?"""
    require(person_of(request), "rule.read", Thing(kind="rule"))
    lines = listing.rule_lines()
    context = {
        "listing": shape_listing(listing.rules_shape(), lines, request.GET),
        "judged": [each for each in lines if each.hits is not None and each.hits.settled],
        "lines": lines,
        "page_object": "rules",
    }
    return render(request, "accountability/rules.html", context)


@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, name: str) -> HttpResponse:
    """What does this rule ask, and what would a change do?"""
    person = person_of(request)
    require(person, "rule.read", Thing(kind="rule", id=name))
    found = desk.rule(name)
    if found is None:
        raise Http404
    form = ReplayForm(request.POST or None, rule=found)
    preview, tried = may(person, "rule.preview", Thing(kind="rule", id=name)), None
    if request.method == "POST" and form.is_valid():
        require(person, "rule.preview", Thing(kind="rule", id=name))
        tried = _tried(form, name)
        if tried is not None and not tried.is_done:
            return redirect(f"{request.path}?{urlencode({_TRIAL: tried.key})}")
    elif preview.allowed and _TRIAL in request.GET:
        tried = trial(request.GET[_TRIAL], rule=name)
    outcome = tried.outcome if tried else None
    context = {
        "rule": found,
        "hits": hit_rates().get(name),
        "form": form,
        "preview": preview,
        "outcome": outcome,
        "hidden": queries.known_among(outcome.go) if outcome else (),
        "asked": request.method == "POST" or (preview.allowed and _TRIAL in request.GET),
        "tried": tried,
        "page_object": f"rule:{name}",
    }
    return render(request, "accountability/rule.html", context, status=422 if form.errors else 200)


def _tried(form: ReplayForm, name: str) -> Trial | None:
    told = {key: "" if value is None else str(value) for key, value in form.cleaned_data.items()}
    try:
        return begin(name, told)
    except ConfigurationError as refused:
        form.add_error(None, _("Deze waarde past niet: %(expected)s.") % {"expected": refused.expected})
    except TooManyTrialsError:
        form.add_error(None, _("Er wachten al drie andere proeven. Probeer het over enkele minuten opnieuw."))
    return None


def _month(name: str) -> Month:
    try:
        return Month.named(name)
    except ValueError:
        raise Http404 from None
