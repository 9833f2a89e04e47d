# SPDX-License-Identifier: EUPL-1.2
"""What the page of the try-out shows: who can sign in. The password is printed where `serve` runs."""

from __future__ import annotations

from django.http import HttpRequest

from rekenschap_web.people.names import role_names
from rekenschap_web.tryout.cast import CAST


def tryout(request: HttpRequest) -> dict[str, object]:
    """Give the cast, with what each is there for."""
    return {"cast": [(player, role_names({player.role})[0]) for player in CAST]}
