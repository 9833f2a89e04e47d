# SPDX-License-Identifier: EUPL-1.2
"""The pages of questions: ask, answer, check; and what somebody looked at themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rekenschap.model.warrant import Because
from rekenschap_web.design.columns import text_column
from rekenschap_web.design.tables import Cell, Column, Shape, shape_listing
from rekenschap_web.design.templatetags.desk import moment
from rekenschap_web.design.words import words_here
from rekenschap_web.evidence import desk
from rekenschap_web.evidence.reading.addressing import spoken_to
from rekenschap_web.evidence.views import LooksPage, LookView, Page
from rekenschap_web.evidence.warrants import warrant_for
from rekenschap_web.findings.queries import finding_case
from rekenschap_web.findings.refusals import SentenceError
from rekenschap_web.people.asking import person_of
from rekenschap_web.people.may import Thing, may, require
from rekenschap_web.people.models import Person
from rekenschap_web.people.pseudonyms import own_pseudonym
from rekenschap_web.questions import actions, queries
from rekenschap_web.questions.figures import bars_by_day, mini_timeline, state_names, state_of
from rekenschap_web.questions.forms import AnswerForm, AskForm, SpanForm

AROUND = timedelta(days=1)
EARLIEST, LATEST = date(1970, 1, 1), date(2200, 1, 1)
"""Days outside of these are asked by mistake; no calendar counts on from the last one there is."""
MOST = 1000
"""Own looks on one page of bars; the newest."""
MOST_OFFERED = 500
"""Looks to choose from when asking, the most telling ones."""


@require_GET
def own_questions(request: HttpRequest) -> HttpResponse:
    """Which questions wait for me?"""
    person = person_of(request)
    return render(
        request,
        "questions/list.html",
        {"mine": queries.mine(person), "to_weigh": queries.to_weigh(person)},
    )


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Do you want to ask this member of staff to explain?"""
    person, matter = person_of(request), finding_case(number)
    require(person, "question.ask", Thing(kind="question", about=matter.about, team=matter.team))
    warrant, named = warrant_for(request, because=Because.QUESTION), f"finding:{number}"
    known = desk.looks(matter.looks[:MOST_OFFERED], warrant=warrant, named=named)
    form = AskForm(
        request.POST if request.method == "POST" else None,
        looks=[(look.entry, _in_short(look)) for look in known],
        chosen=matter.looks[: actions.MOST_ASKED],
    )
    if request.method == "POST" and form.is_valid():
        question = actions.ask(finding=number, by=person, looks=form.cleaned_data["kies"])
        messages.success(request, _("De vraag is gesteld. De medewerker krijgt een mail zonder inhoud."))
        return redirect("questions:detail", question.number)
    context = {"matter": matter, "form": form, "warrant": warrant, "page_object": named}
    return render(request, "questions/ask.html", context, status=422 if form.errors else 200)


def _in_short(look: LookView) -> str:
    return f"{moment(look.at)} · {look.subject.short} · {look.register}"


@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Why did you look here?"""
    person = person_of(request)
    view = queries.question(number, person)
    form = AnswerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.answer(
                number=number, by=person, code=told["answer"], words=told["words"], upload=told["paper"]
            )
        except SentenceError as refusal:
            form.add_error(None, refusal.decision.because)
        else:
            messages.success(request, _("Dank u. Uw antwoord is vastgelegd."))
            return redirect("questions:detail", number)
    return _page(request, view, form)


@require_POST
def ask_help(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for help with this question."""
    actions.move(number=number, act="ask_help", by=person_of(request))
    messages.success(request, _("Uw vraag om hulp is doorgegeven. U hebt nu meer tijd."))
    return redirect("questions:detail", number)


@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take a question back."""
    actions.move(number=number, act="withdraw", by=person_of(request))
    messages.success(request, _("De vraag is ingetrokken."))
    return redirect("questions:detail", number)


@require_POST
def weigh(request: HttpRequest, number: str) -> HttpResponse:
    """Say whether this work is known."""
    actions.weigh(number=number, by=person_of(request), known=request.POST.get("bekend") == "ja")
    messages.success(request, _("Dank u. Uw oordeel is vastgelegd."))
    return redirect("questions:detail", number)


@require_GET
def own_looks(request: HttpRequest) -> HttpResponse:
    """What did I look at, and is it explained?"""
    person, form = person_of(request), SpanForm(request.GET or None)
    found = _found(request)
    shown = _shown(request, found)
    context = {
        "found": found,
        "unexplained": found.total - found.explained - found.weak,
        "left_out": found.total - len(found.looks),
        "figure": bars_by_day(found.looks),
        "listing": shape_listing(own_shape(request), shown, request.GET),
        "shown": shown,
        "filter": form,
        "is_filtered": bool(form.is_bound and form.changed_data),
        "page_object": f"person:{person.pk}",
    }
    return render(request, "questions/own_looks.html", context)


def own_shape(request: HttpRequest) -> Shape[LookView]:
    """How the list of own looks is made, on the page and in what leaves."""
    return _shape(queries.stated(person_of(request)))


def own_rows(request: HttpRequest) -> list[LookView]:
    """Give the own looks that the address asks for."""
    return _shown(request, _found(request))


def _found(request: HttpRequest) -> LooksPage:
    person, span = person_of(request), _span(SpanForm(request.GET or None))
    require(person, "own_looks.read", Thing(kind="own_looks", about=own_pseudonym(person)))
    warrant = warrant_for(request, because=Because.OWN_LOOKS)
    return desk.own_looks(person, warrant=warrant, first=span.first, last=span.last, page=Page(size=MOST))


def _shown(request: HttpRequest, found: LooksPage) -> list[LookView]:
    state = _span(SpanForm(request.GET or None)).state
    return [x for x in found.looks if not state or state_of(x) == state]


@require_http_methods(["GET", "POST"])
def explain_own(request: HttpRequest, entry: int) -> HttpResponse:
    """Why did I look here?, without being asked."""
    person = person_of(request)
    warrant = warrant_for(request, because=Because.OWN_LOOKS)
    looks = desk.looks([entry], warrant=warrant, named=f"person:{person.pk}")
    mine = [x for x in looks if f"staff:{x.staff.hi}" == own_pseudonym(person)]
    if not mine:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        question = actions.explain_own(entry=entry, by=person, code=told["answer"], words=told["words"])
        messages.success(request, _("Dank u. Uw uitleg is vastgelegd."))
        return redirect("questions:detail", question.number)
    return render(request, "questions/explain_own.html", {"look": mine[0], "form": form})


def _page(request: HttpRequest, view: queries.QuestionView, form: AnswerForm) -> HttpResponse:
    person = person_of(request)
    may_ask = may(person, "question.ask", Thing(kind="question", about=view.about, team=view.team))
    leads = _leads(person, view) and not may_ask.allowed
    because = Because.QUESTION if view.is_mine else Because.TEAM if leads else Because.TRIAGE
    warrant = warrant_for(request, because=because)
    looks = desk.looks(view.looks, warrant=warrant, named=f"question:{view.number}")
    around = _around(request, looks) if view.is_mine else looks
    context = {
        "question": view,
        "looks": looks,
        "figure": mini_timeline(around, set(view.looks), own=view.is_mine),
        "form": form,
        "states": state_names(),
        "warrant": warrant,
        "may_ask": may_ask,
        "page_object": f"question:{view.number}",
    }
    return render(request, "questions/detail.html", context, status=400 if form.errors else 200)


def _around(request: HttpRequest, looks: tuple[LookView, ...]) -> tuple[LookView, ...]:
    """Give the own looks of the day before and after each of these."""
    own = warrant_for(request, because=Because.OWN_LOOKS)
    found = {look.entry: look for look in looks}
    for look in looks:
        page = desk.own_looks(
            person_of(request), warrant=own, first=look.at - AROUND, last=look.at + AROUND, page=Page(size=60)
        )
        found |= {each.entry: each for each in page.looks}
    return tuple(sorted(found.values(), key=lambda each: each.at))


def _leads(person: Person, view: queries.QuestionView) -> bool:
    return may(person, "answer.weigh", Thing(kind="question", about=view.about, team=view.team)).allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    first: datetime | None = None
    last: datetime | None = None
    state: str = ""


def _span(form: SpanForm) -> _Span:
    if not form.is_bound or not form.is_valid():
        return _Span()
    told, zone = form.cleaned_data, timezone.get_current_timezone()
    first, last = told["van"], told["tot"]
    return _Span(
        first=datetime.combine(max(first, EARLIEST), time.min, zone) if first else None,
        last=datetime.combine(min(last, LATEST) + timedelta(days=1), time.min, zone) if last else None,
        state=told["stand"],
    )


def _shape(said: Mapping[int, str]) -> Shape[LookView]:
    names, words = state_names(), words_here()
    language = words.language
    return Shape(
        name=_("Mijn raadplegingen"),
        columns=(
            Column(
                key="tijd",
                label=_("Tijdstip"),
                cell=lambda x: Cell(text=words.moment(x.at), url=f"/mijn-raadplegingen/{x.entry}/"),
                sort=lambda x: x.at,
            ),
            text_column("register", _("Register"), lambda x: x.register),
            Column(key="over", label=_("Over"), cell=lambda x: x.subject.short),
            Column(
                key="stand",
                label=_("Stand"),
                cell=lambda x: Cell(
                    text=names[state_of(x)],
                    beneath=said.get(x.entry, "") or spoken_to(x.sentence).said(language),
                    look="desk-what",
                ),
                sort=state_of,
            ),
        ),
    )
