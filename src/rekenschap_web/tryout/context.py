# SPDX-License-Identifier: EUPL-1.2
"""What the page of the try-out shows: who can sign in. The password is printed where `serve` runs."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext

from rekenschap_web.people.names import role_names
from rekenschap_web.tryout.cast import CAST, residents
from rekenschap_web.tryout.founding import CITIZEN_CLIENT


def tryout(request: HttpRequest) -> dict[str, object]:
    """Give the cast with what each is there for, or the citizens when the citizen page asks."""
    if f"client_id={CITIZEN_CLIENT}" in request.GET.get("next", "") + request.POST.get("next", ""):
        return {"cast": [(each, gettext("inwoner")) for each in residents(Path(settings.DESK_ROOM))]}
    return {"cast": [(player, role_names({player.role})[0]) for player in CAST]}
