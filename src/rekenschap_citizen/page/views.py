# SPDX-License-Identifier: EUPL-1.2
"""The pages: what we looked at, questions about it, and everything to take along."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from rekenschap.citizen import Answer, page_of
from rekenschap.citizen.letters import MOST_A_DAY, MOST_WORDS, REFERENCE
from rekenschap.citizen.telling import LANGUAGES
from rekenschap.errors import RefusedError
from rekenschap.model.bsn import bsns_in
from rekenschap_citizen.formats import offered
from rekenschap_citizen.mandates.queries import viewed
from rekenschap_citizen.page.chart import chart_of
from rekenschap_citizen.page.context import telling_for
from rekenschap_citizen.page.register import links_for
from rekenschap_citizen.place import box, shelf


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the overview, or to the sign-in."""
    if _drawer(request):
        return redirect("page:looks")
    return render(request, "citizen/home.html")


@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """Show who looked at my data."""
    answer, say = _answer(request), telling_for(request)
    number = request.GET.get("pagina", "1")
    page = page_of(answer, int(number) if number.isdecimal() and len(number) < 6 else 1)
    asked = {each.reference for each in box.questions_in(_place(), _drawer(request))}
    links = links_for(page.items)
    shown = [
        (told := say.item(each, answer), told.rows(say), each.reference in asked, links.get(each.reference))
        for each in page.items
    ]
    context = {
        "answer": answer, "summary": say.summary(answer), "page": page, "items": shown,
        "chart": chart_of(answer.months(), say), "hidden": say.hidden(), "formats": offered(),
        "looking_for": viewed(request).name,
    }  # fmt: skip
    return render(request, "citizen/looks.html", context)


@require_safe
def letter(request: HttpRequest) -> HttpResponse:
    """Show the overview as a letter to print."""
    answer, say = _answer(request), telling_for(request)
    told = [say.item(each, answer) for each in answer.items]
    context = {
        "answer": answer, "summary": say.summary(answer), "items": [(each, each.rows(say)) for each in told],
        "hidden": say.hidden(),
    }  # fmt: skip
    return render(request, "citizen/letter.html", context)


@require_safe
def take(request: HttpRequest, name: str) -> HttpResponse:
    """Give everything as a file."""
    chosen = offered().get(name)
    if chosen is None:
        raise Http404
    response = HttpResponse(
        chosen.write(_answer(request), telling_for(request)), content_type=chosen.media_type
    )
    response.headers["Content-Disposition"] = (
        f'attachment; filename="wie-bekeek-mijn-gegevens.{chosen.ending}"'
    )
    return response


def ask(request: HttpRequest, reference: str = "") -> HttpResponse:
    """Ask a question, about one look or in general."""
    say, item = telling_for(request), None
    if reference:
        answer = _own_answer(request)
        item = answer.item(reference) if REFERENCE.fullmatch(reference) else None
        if item is None:
            raise Http404
    words, wrong = "", ""
    if request.method == "POST":
        words = request.POST.get("words", "").strip()
        wrong = _wrong(words)
        if not wrong:
            try:
                question = box.ask(
                    _place(), _drawer(request), reference=reference, words=words, now=timezone.now()
                )
            except RefusedError:
                wrong = "question_full"
            else:
                messages.success(
                    request, say("question_sent", day=say.moment(question.due).partition(",")[0])
                )
                return redirect("page:questions")
    context = {
        "told": say.item(item, answer) if item else None, "words": words,
        "wrong": say(wrong, most=MOST_WORDS if wrong == "question_long" else MOST_A_DAY) if wrong else "",
    }  # fmt: skip
    return render(request, "citizen/ask.html", context, status=422 if wrong else 200)


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Show my questions, and the answers."""
    say, answer = telling_for(request), _own_answer(request)
    asked = box.questions_in(_place(), _drawer(request))
    items = [(each, answer.item(each.reference) if each.reference else None) for each in asked]
    shown = [(each, say.item(item, answer) if item else None) for each, item in items]
    return render(request, "citizen/questions.html", {"questions": shown})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Explain how this page works."""
    return render(request, "citizen/about.html", {"hidden": telling_for(request).hidden()})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose a language."""
    chosen = request.POST.get("language", "")
    if chosen in LANGUAGES:
        request.session["language"] = chosen
    back = request.POST.get("next", "/")
    return redirect(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/")


@require_POST
def out(request: HttpRequest) -> HttpResponse:
    """Sign out: nothing of the session is left."""
    say = telling_for(request)
    request.session.flush()
    messages.success(request, say("signed_out"))
    response = redirect("page:home")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Say that the page is there; for who watches over the machine."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def not_in(request: HttpRequest) -> HttpResponse:
    """Say that signing in did not work."""
    return render(request, "citizen/refused.html", {"because": "refused"}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing here; not whether there ever was."""
    return render(request, "citizen/not_found.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that the page does not work now."""
    return render(request, "citizen/silent.html", status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was not meant for this browser, or too old; the reason is for developers."""
    return render(request, "citizen/stale.html", status=403)


def _wrong(words: str) -> str:
    if not words:
        return "question_empty"
    if len(words) > MOST_WORDS:
        return "question_long"
    return "question_bsn" if bsns_in(" ".join(words.split())) else ""


def _answer(request: HttpRequest) -> Answer:
    """Give what the one whose page is shown may see."""
    return _answer_in(viewed(request).drawer)


def _own_answer(request: HttpRequest) -> Answer:
    return _answer_in(_drawer(request))


def _answer_in(drawer: str) -> Answer:
    return shelf.answer_in(_place(), drawer, organisation=settings.CITIZEN.organisation)


def _place() -> Path:
    return Path(settings.CITIZEN_PLACE)


def _drawer(request: HttpRequest) -> str:
    return str(getattr(request, "drawer", ""))
