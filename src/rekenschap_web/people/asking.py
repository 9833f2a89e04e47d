# SPDX-License-Identifier: EUPL-1.2
"""A request of somebody who is signed in, as views behind the matrix get it."""

from __future__ import annotations

from django.http import HttpRequest

from rekenschap_web.people.models import Person


class SignedInRequest(HttpRequest):
    """Only a type: `PersonMiddleware` puts the person there, the matrix sees to it that there is one."""

    person: Person


def person_of(request: HttpRequest) -> Person:
    """Give who asks, of a request behind the matrix."""
    person: Person = request.person  # type: ignore[attr-defined]
    return person
