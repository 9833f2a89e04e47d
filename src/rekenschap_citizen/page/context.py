# SPDX-License-Identifier: EUPL-1.2
"""What every page knows: the organisation, the language, and whether somebody is signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from rekenschap.citizen.telling import LANGUAGES, Telling


def telling_for(request: HttpRequest) -> Telling:
    """Give the language that was chosen, else that of the browser where we speak it, else Dutch."""
    session = getattr(request, "session", {})
    chosen = session.get("language") or request.headers.get("Accept-Language", "nl")[:2].lower()
    return Telling.in_language(chosen)


def citizen(request: HttpRequest) -> dict[str, object]:
    """Give templates what stands around a page."""
    say, config, match = telling_for(request), settings.CITIZEN, request.resolver_match
    return {
        "say": say,
        "language": say.language,
        "other": [(code, words["language"]) for code, words in LANGUAGES.items() if code != say.language],
        "organisation": config.organisation,
        "phone": config.phone,
        "provider": config.provider,
        "theme_css": config.theme_css,
        "theme_class": config.theme_class,
        "acting": say(f"acting_{acting}") if (acting := getattr(request, "acting", "")) else "",
        "is_in": bool(getattr(request, "drawer", "")),
        "here": match.view_name if match else "",
    }
