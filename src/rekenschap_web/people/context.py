# SPDX-License-Identifier: EUPL-1.2
"""What every page knows: the organisation, its theme, and who is signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from rekenschap.casework.roles import Role
from rekenschap_web.people.models import Person
from rekenschap_web.people.names import role_names


def desk(request: HttpRequest) -> dict[str, object]:
    """Give templates `organisation`, `theme_css`, `theme_class`, `person` and `person_roles`."""
    person = getattr(request, "person", None)
    roles = person.roles if isinstance(person, Person) else frozenset[Role]()
    return {
        "organisation": settings.DESK.organisation,
        "theme_css": settings.DESK.theme_css,
        "theme_class": settings.DESK.theme_class,
        "person": person,
        "person_roles": role_names(roles - {Role.STAFF}) or role_names(roles),
        "role_keys": roles,
        "provider_name": settings.DESK.oidc.name if settings.DESK.oidc else "",
        "local_accounts": settings.DESK.local_accounts,
    }
