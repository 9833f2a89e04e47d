# SPDX-License-Identifier: EUPL-1.2
"""Handing a paper to who may read what it belongs to; a browser saves it and never shows it."""

from __future__ import annotations

from urllib.parse import quote

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from rekenschap_web.acts import record
from rekenschap_web.papers import queries
from rekenschap_web.people.asking import person_of
from rekenschap_web.people.may import Thing, require

_READS = {"investigation": "investigation.read", "question": "question.read"}


@require_GET
@transaction.atomic
def open_paper(request: HttpRequest, number: str) -> HttpResponse:
    """Give one paper, and write down who took it."""
    person = person_of(request)
    paper = queries.paper(number)
    kind, _, name = paper.belongs_to.partition(":")
    require(person, _READS[kind], Thing(kind=kind, id=name, about=paper.about))
    raw = queries.opened(number)
    record(by=person, verb="consulted", kind="paper", object=f"paper:{paper.id}", because=paper.belongs_to)
    answer = HttpResponse(raw, content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(paper.name)}"
    return answer
