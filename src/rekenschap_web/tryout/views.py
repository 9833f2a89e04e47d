# SPDX-License-Identifier: EUPL-1.2
"""What the try-out does otherwise than a real provider: it forgets who signed in, so that roles change."""

from __future__ import annotations

from pathlib import Path

from allauth.idp.oidc.views import authorization
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from rekenschap_web.people.models import Person
from rekenschap_web.tryout.cast import residents
from rekenschap_web.tryout.founding import CITIZEN_CLIENT


def authorize(request: HttpRequest) -> HttpResponse:
    """Let allauth answer; when the desk has its code, sign out here: the next one may be somebody else."""
    asks_for_citizen = request.GET.get("client_id") == CITIZEN_CLIENT
    citizens = {each.word for each in residents(Path(settings.DESK_ROOM))}
    if isinstance(request.user, Person) and asks_for_citizen != (request.user.sub in citizens):
        logout(request)  # citizens have no place at the desk, and staff none at the citizen page
    response: HttpResponse = authorization(request)
    if response.status_code == 302 and "code=" in response.get("Location", ""):
        logout(request)
    return response


def home(request: HttpRequest) -> HttpResponse:
    """Send who comes here by chance to the desk."""
    return redirect(str(settings.DESK_ADDRESS))
