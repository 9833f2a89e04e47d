# SPDX-License-Identifier: EUPL-1.2
"""What roles are called on a page."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from rekenschap.casework.roles import Role

ROLE_NAMES = {
    Role.STAFF: _("medewerker"),
    Role.TEAM_MANAGER: _("teammanager"),
    Role.INTEGRITY_OFFICER: _("integriteitsfunctionaris"),
    Role.SECOND_OFFICER: _("tweede functionaris"),
    Role.FG: _("functionaris gegevensbescherming"),
    Role.CISO: _("CISO"),
    Role.AUDITOR: _("auditor"),
    Role.OPERATOR: _("beheerder"),
}


def role_names(roles: Iterable[Role]) -> tuple[str, ...]:
    """Name roles in the language of the page, in the order of the list of roles."""
    wanted = frozenset(roles)
    return tuple(str(name) for role, name in ROLE_NAMES.items() if role in wanted)
