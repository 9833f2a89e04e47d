# SPDX-License-Identifier: EUPL-1.2
"""Warrants of one session: made by saying why, good for eight hours, gone when the session ends."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from rekenschap.errors import NoWarrantError
from rekenschap.model.warrant import LASTS, Because, Warrant, check_reason
from rekenschap_web.people.asking import person_of
from rekenschap_web.people.models import Person

_IN_SESSION = "warrants"
_WITHOUT_WORDS = frozenset(
    {Because.TRIAGE, Because.OWN_LOOKS, Because.TEAM, Because.QUESTION, Because.MONTHLY_REPORT}
)
"""What says enough by itself: it is somebody's weekly work, and what is looked at tells the rest."""

_MOST = 40
"""Warrants in one session; the oldest go first."""


class ReasonNeededError(NoWarrantError):
    """Somebody must first say why; `url` is the page that asks."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(
            expected="a reason to look at this",
            found="none that still holds",
            remedy="say why",
            rule="warrant",
        )


def warrant_for(
    request: HttpRequest,
    *,
    because: Because | str = Because.TRIAGE,
    investigation: str | None = None,
    about: str = "",
) -> Warrant:
    """Give the live warrant of this session for this; raises ReasonNeededError when a reason must be given.

    `about` names what needs a warrant of its own, such as `relations:<key>`.
    """
    person = person_of(request)
    because, now = Because(because), timezone.now()
    for held in _held(request, person):
        fits = held.because is because and (held.investigation or None) == (investigation or None)
        if fits and held.until > now and (not about or about in held.covers):
            return held
    if because in _WITHOUT_WORDS and not about:
        return make(request, because=because, words="", investigation=investigation)
    raise ReasonNeededError(reason_url(request, because=because, investigation=investigation, about=about))


def make(
    request: HttpRequest,
    *,
    because: Because,
    words: str,
    investigation: str | None = None,
    about: str = "",
) -> Warrant:
    """Make a warrant and keep it in the session; raises NoWarrantError when the reason says nothing."""
    person = person_of(request)
    said = "" if because in _WITHOUT_WORDS and not about else check_reason(because, words)
    one = Warrant(
        id=secrets.token_urlsafe(12),
        person=person.sub,
        because=because,
        words=said,
        investigation=investigation or None,
        until=timezone.now() + LASTS,
        covers=frozenset({about} - {""}),
    )
    told = request.session.get(_IN_SESSION, [])
    request.session[_IN_SESSION] = [*told, _told(one)][-_MOST:]
    return one


def reason_url(request: HttpRequest, *, because: Because, investigation: str | None, about: str) -> str:
    """Give the address of the page that asks why, with the way back to this one."""
    back = request.get_full_path() if request.method == "GET" else request.META.get("HTTP_REFERER", "/")
    given = {"om": because.name.lower(), "onderzoek": investigation or "", "over": about, "terug": back}
    return f"{reverse('evidence:why')}?{urlencode({name: value for name, value in given.items() if value})}"


def _held(request: HttpRequest, person: Person) -> Iterator[Warrant]:
    for told in request.session.get(_IN_SESSION, []):
        if told["person"] == person.sub:
            yield Warrant(
                id=told["id"], person=told["person"], because=Because(told["because"]), words=told["words"],
                investigation=told["investigation"], until=datetime.fromisoformat(told["until"]),
                covers=frozenset(told["covers"]),
            )  # fmt: skip


def _told(one: Warrant) -> dict[str, object]:
    return {
        "id": one.id, "person": one.person, "because": str(one.because), "words": one.words,
        "investigation": one.investigation, "until": one.until.isoformat(), "covers": sorted(one.covers),
    }  # fmt: skip
