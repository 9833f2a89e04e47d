# SPDX-License-Identifier: EUPL-1.2
"""The pages of investigations: form to action, query to page."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rekenschap.casework.closing import Reason
from rekenschap.model.warrant import Because, Warrant
from rekenschap_web.design.tables import shape_listing
from rekenschap_web.evidence import desk
from rekenschap_web.evidence.giving.dossier import affair
from rekenschap_web.evidence.warrants import make, warrant_for
from rekenschap_web.findings.names import pseudonym_of
from rekenschap_web.findings.queries import finding_case
from rekenschap_web.findings.refusals import SentenceError
from rekenschap_web.investigations import actions, queries
from rekenschap_web.investigations.dossier import make_file
from rekenschap_web.investigations.forms import (
    BreachForm,
    HoldForm,
    NoteForm,
    OpenForm,
    PaperForm,
    ProposeForm,
    ReplyForm,
    TaskForm,
    WordsForm,
)
from rekenschap_web.investigations.listing import shape
from rekenschap_web.investigations.timeline import course_figure, merged
from rekenschap_web.liftings.queries import liftings
from rekenschap_web.people.asking import person_of
from rekenschap_web.people.may import Thing, require
from rekenschap_web.people.models import Person
from rekenschap_web.questions.queries import questions_of

Done = Callable[[Person, forms.Form], object]


@require_GET
def all_investigations(request: HttpRequest) -> HttpResponse:
    """Which investigations are there?"""
    person = person_of(request)
    require(person, "investigation.read", Thing(kind="investigation"))
    shown = queries.investigations(person)
    waiting = [each for each in shown if each.state != "closed"]
    listing = shape_listing(shape(), shown, request.GET)
    return render(request, "investigations/list.html", {"listing": listing, "waiting": waiting})


@require_http_methods(["GET", "POST"])
def open_one(request: HttpRequest, number: str) -> HttpResponse:
    """Do you want to open an investigation of this finding?"""
    person, matter = person_of(request), finding_case(number)
    require(person, "investigation.open", Thing(kind="investigation", about=matter.about, team=matter.team))
    form = OpenForm(request.POST or None)
    if form.is_valid():
        because = form.cleaned_data["because"]
        row = actions.open_investigation(finding=number, by=person, because=because)
        make(request, because=Because.INVESTIGATION, words=because, investigation=row.number)
        messages.success(request, _("Het onderzoek is geopend."))
        return redirect("investigations:detail", row.number)
    return render(request, "investigations/open.html", {"matter": matter, "form": form})


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """What do we know, and what not yet?"""
    person = person_of(request)
    view = queries.investigation(number, person)
    warrant = warrant_for(request, because=Because.INVESTIGATION, investigation=number)
    return _page(request, view, warrant)


@require_POST
def note(request: HttpRequest, number: str) -> HttpResponse:
    """Write a note."""
    return _done(
        request, number, NoteForm(request.POST),
        lambda by, form: actions.write_note(number=number, by=by, text=form.cleaned_data["text"]),
    )  # fmt: skip


@require_POST
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """Add a document."""
    return _done(
        request, number, PaperForm(request.POST, request.FILES),
        lambda by, form: actions.attach(number=number, by=by, upload=form.cleaned_data["paper"]),
    )  # fmt: skip


@require_POST
def add_task(request: HttpRequest, number: str) -> HttpResponse:
    """Add something to be done."""
    return _done(
        request, number, TaskForm(request.POST),
        lambda by, form: actions.add_task(
            number=number, by=by, what=form.cleaned_data["what"], due=form.cleaned_data["due"]
        ),
    )  # fmt: skip


@require_POST
def finish_task(request: HttpRequest, number: str, task: int) -> HttpResponse:
    """Say that something is done."""
    return _done(
        request, number, forms.Form(request.POST),
        lambda by, _form: actions.finish_task(number=number, task=task, by=by),
    )  # fmt: skip


@require_POST
def breach(request: HttpRequest, number: str) -> HttpResponse:
    """Write down which breach this belongs to."""
    return _done(
        request, number, BreachForm(request.POST),
        lambda by, form: actions.refer_to_breach(number=number, by=by, breach=form.cleaned_data["breach"]),
    )  # fmt: skip


@require_POST
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """Draft the order to keep what this rests on."""
    warrant = warrant_for(request, because=Because.INVESTIGATION, investigation=number)
    return _done(
        request, number, HoldForm(request.POST),
        lambda by, form: actions.draft_hold(
            number=number, by=by, because=form.cleaned_data["because"], warrant=warrant
        ),
    )  # fmt: skip


@require_POST
def ask_reply(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the person it is about for a reply."""
    return _done(
        request, number, forms.Form(request.POST),
        lambda by, _form: actions.move(number=number, act="ask_reply", by=by),
    )  # fmt: skip


_MOVES = {"ga-verder": "go_on", "stuur-terug": "send_back", "heropen": "reopen"}


@require_POST
def move(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Go on without a reply, send back, or open again; each says why."""
    if act not in _MOVES:
        raise Http404
    return _done(
        request, number, WordsForm(request.POST),
        lambda by, form: actions.move(
            number=number, act=_MOVES[act], by=by, words=form.cleaned_data["words"]
        ),
    )  # fmt: skip


@require_POST
def propose(request: HttpRequest, number: str) -> HttpResponse:
    """Propose to close."""
    view = queries.investigation(number, person_of(request))
    return _done(
        request, number, ProposeForm(request.POST, early=view.state == "open"),
        lambda by, form: actions.propose(
            number=number, by=by, reason=Reason(form.cleaned_data["reason"]), words=form.cleaned_data["words"]
        ),
    )  # fmt: skip


@require_POST
def close(request: HttpRequest, number: str) -> HttpResponse:
    """Close what another proposed to close."""
    return _done(
        request, number, forms.Form(request.POST), lambda by, _form: actions.close(number=number, by=by)
    )


@require_POST
def evidence_file(request: HttpRequest, number: str) -> HttpResponse:
    """Give the evidence file to take along."""
    person = person_of(request)
    view = queries.investigation(number, person)
    decision = view.decisions["make_file"]
    if not decision.allowed:
        raise SentenceError(decision)
    warrant = warrant_for(request, because=Because.INVESTIGATION, investigation=number)
    pdf = make_file(view, questions_of(view.finding, person), by=person, warrant=warrant, now=timezone.now())
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="bewijsdossier-{number}.pdf"'
    return answer


@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, number: str) -> HttpResponse:
    """Do you want to reply?"""
    person = person_of(request)
    view = queries.reply_view(number, person)
    form = ReplyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.reply(number=number, by=person, words=told["words"], upload=told["paper"])
        messages.success(request, _("Dank u. Uw reactie staat in het onderzoek, zoals u haar schreef."))
        return redirect("investigations:reply", number)
    warrant = warrant_for(request, because=Because.QUESTION)
    looks = desk.looks(view.looks, warrant=warrant, named=f"investigation:{number}")
    return render(request, "investigations/reply.html", {"reply": view, "looks": looks, "form": form})


def _done(request: HttpRequest, number: str, form: forms.Form, act: Done) -> HttpResponse:
    """Do one act of the page; what is wrong, or refused, stands on the page with what was typed."""
    person = person_of(request)
    if form.is_valid():
        try:
            act(person, form)
        except SentenceError as refusal:
            messages.error(request, refusal.decision.because)
            view = queries.investigation(number, person)
            warrant = warrant_for(request, because=Because.INVESTIGATION, investigation=number)
            return _page(request, view, warrant, status=403)
        messages.success(request, _("Dit is vastgelegd."))
        return redirect("investigations:detail", number)
    view = queries.investigation(number, person)
    warrant = warrant_for(request, because=Because.INVESTIGATION, investigation=number)
    return _page(request, view, warrant, wrong=form, status=400)


def _page(
    request: HttpRequest,
    view: queries.InvestigationView,
    warrant: Warrant,
    *,
    wrong: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    person = person_of(request)
    questions = questions_of(view.finding, person)
    timeline = affair(view.looks, about=pseudonym_of(view.about), warrant=warrant, named=view.object)
    course = merged(view, timeline, questions)
    fresh: dict[str, forms.Form] = {
        "note_form": NoteForm(),
        "paper_form": PaperForm(),
        "task_form": TaskForm(),
        "breach_form": BreachForm(),
        "hold_form": HoldForm(),
        "words_form": WordsForm(),
        "propose_form": ProposeForm(early=view.state == "open"),
    }
    shown = {
        name: wrong if wrong is not None and type(wrong) is type(form) else form
        for name, form in fresh.items()
    }
    context = {
        "view": view,
        "figure": course_figure(view, timeline, course),
        "said": [line for line in course if line.kind not in ("look", "work")],
        "questions": questions,
        "liftings": liftings(person, belongs_to=f"finding:{view.finding}"),
        "known": sum(each.answered_at is not None for each in questions) + bool(view.replied_at),
        "unknown": _unknown(view, questions),
        "warrant": warrant,
        "page_object": view.object,
        **shown,
    }
    return render(request, "investigations/detail.html", context, status=status)


def _unknown(view: queries.InvestigationView, questions: tuple[object, ...]) -> tuple[str, ...]:
    """Say what is not known yet, in sentences."""
    told = []
    if not questions:
        told.append(_("Er is nog geen vraag aan de medewerker gesteld."))
    if view.reply_asked_at is None:
        told.append(_("De medewerker is nog niet om een reactie gevraagd."))
    elif view.replied_at is None:
        told.append(_("De medewerker heeft nog niet gereageerd."))
    open_tasks = sum(task.done_at is None for task in view.tasks)
    if open_tasks:
        told.append(_("Er staan nog %(many)s taken open.") % {"many": open_tasks})
    return tuple(told)
