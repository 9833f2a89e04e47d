# SPDX-License-Identifier: EUPL-1.2
"""The page of one trail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rekenschap_web.acts.queries import trail_of
from rekenschap_web.people.asking import person_of


def trail(request: HttpRequest, object_name: str) -> HttpResponse:
    """Show everything that was done to one thing."""
    lines = trail_of(object_name, person_of(request))
    waiting = sum(not line.in_ledger for line in lines)
    context = {"lines": lines, "total": len(lines), "waiting": waiting, "object": object_name}
    return render(request, "acts/trail_page.html", context)
