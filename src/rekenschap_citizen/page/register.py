# SPDX-License-Identifier: EUPL-1.2
"""The register of processing activities, for anybody: each activity has an address that stays."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from rekenschap.citizen import Activity, Item, Published
from rekenschap.citizen.telling import ZONE
from rekenschap.errors import StoreError
from rekenschap_citizen.page.context import telling_for
from rekenschap_citizen.place import shelf

_LAST = time(23, 59, 59)


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """Show for which work we look at personal data."""
    found = _register().holding(timezone.now())
    say = telling_for(request)
    listed = [(each, _address(each.key), say.law(each.law, each.legal_basis)) for each in found]
    return render(request, "citizen/register.html", {"entries": listed})


@require_safe
def activity(request: HttpRequest, key: str, edition: int | None = None) -> HttpResponse:
    """Show one activity: as it is now, one version of it, or as it was on a day (`?op=2026-03-01`)."""
    register, now = _register(), timezone.now()
    history = register.history.get(key, ())
    day = _day_in(request.GET.get("op", ""))
    shown = _version(register, key, edition, day)
    if shown is None and not (history and edition is None and day is None):
        raise Http404
    last = shown or history[-1]
    say, holds = telling_for(request), register.as_of(key, now)
    context = {
        "activity": last, "rows": say.activity(last, settings.CITIZEN.organisation),
        "is_over": holds is None, "is_earlier": holds is not None and last.edition != holds.edition,
        "now": _address(key), "versions": [(each, _address(key, each.edition)) for each in reversed(history)],
    }  # fmt: skip
    return render(request, "citizen/activity.html", context)


def links_for(items: tuple[Item, ...]) -> dict[str, str]:
    """Give by reference the address of the activity of a look, as it was then; of those that are public."""
    try:
        register = _register()
    except StoreError:
        return {}
    days = {each.reference: each.at.astimezone(ZONE).date() for each in items}
    return {
        each.reference: f"{_address(each.activity)}?op={days[each.reference].isoformat()}"
        for each in items
        if register.as_of(each.activity, _end_of(days[each.reference])) is not None
    }


def _version(register: Published, key: str, edition: int | None, day: date | None) -> Activity | None:
    if edition is not None:
        return register.edition(key, edition)
    return register.as_of(key, timezone.now() if day is None else _end_of(day))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, _LAST, tzinfo=ZONE)


def _day_in(text: str) -> date | None:
    """Read a day; raises Http404 for a text that is none."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


def _address(key: str, edition: int | None = None) -> str:
    if edition is None:
        return reverse("page:activity", args=[key])
    return reverse("page:version", args=[key, edition])


def _register() -> Published:
    return shelf.register_in(Path(settings.CITIZEN_PLACE))
