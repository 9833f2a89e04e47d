# SPDX-License-Identifier: EUPL-1.2
"""Sessions that are short, bound to one browser, and can be ended from elsewhere.

A cookie that is stolen must not be of use for long. Beside Django's own session cookie a browser holds a key
that changes every few minutes. Whoever shows a key that was already replaced is a second browser with the
same cookies: then the session ends for both, and that is a fact. Of all keys only digests are kept.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from rekenschap_web.people.models import Person
from rekenschap_web.signin.models import SignedIn
from rekenschap_web.signin.staying.browsers import browser_of

NUMBER = "signed_in"
"""Under this name the session says which row of ours it is."""
GRACE = timedelta(seconds=60)
"""Pages that were asked for at the same time may still show the key of just before."""
_SEEN_EACH = timedelta(minutes=1)


class Ended(StrEnum):
    """Why somebody is no longer signed in."""

    SIGNED_OUT = "signed_out"
    IDLE = "idle"
    WHOLE = "whole"
    OTHER_BROWSER = "other_browser"
    OLD_KEY = "old_key"
    BY_PERSON = "by_person"
    BY_OPERATOR = "by_operator"
    LOCKED = "locked"


ALARMING = frozenset({Ended.OTHER_BROWSER, Ended.OLD_KEY})
"""Ends that nobody asked for and no clock explains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a browser shows of itself with one request."""

    browser: str
    key: str
    at: datetime


def listen() -> None:
    """Begin a row for each sign-in and end it with the sign-out."""
    user_logged_in.connect(_begin, dispatch_uid="signin.begin")
    user_logged_out.connect(_end, dispatch_uid="signin.end")


def digest_of(text: str) -> str:
    """Give what is kept of a key."""
    return hashlib.sha256(text.encode()).hexdigest()


def cookie_name() -> str:
    """Name the cookie with the key."""
    return f"{settings.SESSION_COOKIE_NAME}-key"


def shown_by(request: HttpRequest) -> Shown:
    """Read what the browser shows."""
    return Shown(
        browser=digest_of(request.headers.get("User-Agent", "")),
        key=request.COOKIES.get(cookie_name(), ""),
        at=timezone.now(),
    )


def row_of(session: SessionBase) -> SignedIn | None:
    """Find the row of this session that has not ended."""
    number = session.get(NUMBER)
    return None if number is None else SignedIn.objects.filter(pk=number, ended_at=None).first()


def fault_in(row: SignedIn, shown: Shown, session_key: str) -> Ended | None:
    """Say why this session must end now; None when all is well."""
    if shown.at - row.began_at > settings.SESSION_WHOLE:
        return Ended.WHOLE
    if shown.at - row.seen_at > settings.SESSION_IDLE:
        return Ended.IDLE
    if row.person.is_locked:
        return Ended.LOCKED
    if not secrets.compare_digest(row.browser_digest, shown.browser):
        return Ended.OTHER_BROWSER
    if row.session_digest != digest_of(session_key):
        return Ended.OLD_KEY
    return None if _is_key_right(row, shown) else Ended.OLD_KEY


def _is_key_right(row: SignedIn, shown: Shown) -> bool:
    if not row.key_digest:  # nothing was handed out yet: the answer to the sign-in itself does that
        return True
    given = digest_of(shown.key)
    if secrets.compare_digest(row.key_digest, given):
        return True
    in_grace = shown.at - row.key_at <= GRACE
    return in_grace and bool(row.key_before) and secrets.compare_digest(row.key_before, given)


def follow(row: SignedIn, session_key: str) -> None:
    """Follow the session to its new name: Django renames it when somebody changes a password."""
    if row.session_digest != (now := digest_of(session_key)):
        SignedIn.objects.filter(pk=row.pk, ended_at=None).update(session_digest=now)


def keep_alive(row: SignedIn, shown: Shown, response: HttpResponse) -> None:
    """Note that the browser was seen, and hand out another key when it is time; each once a while only."""
    if not row.key_digest or shown.at - row.key_at > settings.SESSION_KEY_CHANGES:
        _change_key(row, shown, response)
    elif shown.at - row.seen_at > _SEEN_EACH:
        SignedIn.objects.filter(pk=row.pk).update(seen_at=shown.at)


def _change_key(row: SignedIn, shown: Shown, response: HttpResponse) -> None:
    key = secrets.token_urlsafe(32)
    changed = SignedIn.objects.filter(pk=row.pk, key_digest=row.key_digest, ended_at=None).update(
        key_digest=digest_of(key), key_before=row.key_digest, key_at=shown.at, seen_at=shown.at
    )
    if changed:  # of two requests at once one changes it; the other lives on the key of just before
        response.set_cookie(
            cookie_name(),
            key,
            max_age=settings.SESSION_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def end(row: SignedIn, because: Ended, *, at: datetime) -> bool:
    """End a session wherever it is; False when it had ended already. Its acts are for `actions`."""
    with transaction.atomic():
        ended = SignedIn.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at, ended_because=because)
    return bool(ended)


def _begin(*, request: HttpRequest, user: Person, **_: object) -> None:
    if request.session.session_key is None:
        request.session.create()
    now = timezone.now()
    agent = request.headers.get("User-Agent", "")
    row = SignedIn.objects.create(
        person=user,
        session_digest=digest_of(str(request.session.session_key)),
        browser_digest=digest_of(agent),
        browser=browser_of(agent),
        key_at=now,
        began_at=now,
        seen_at=now,
    )
    request.session[NUMBER] = row.pk


def _end(*, request: HttpRequest, user: Person | None, **_: object) -> None:
    if (row := row_of(request.session)) is not None:
        end(row, Ended.SIGNED_OUT, at=timezone.now())


def forget(session: SessionBase) -> None:
    """Empty a session that ended."""
    session.flush()


def store() -> SessionStore:
    """Give the store of sessions, for clearing what is over."""
    return SessionStore()
