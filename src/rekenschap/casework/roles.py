# SPDX-License-Identifier: EUPL-1.2
"""What a person at the desk is there for; one person can have more than one role."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The roles of the desk; everybody who signs in is a member of staff."""

    STAFF = "staff"
    TEAM_MANAGER = "team_manager"
    INTEGRITY_OFFICER = "integrity_officer"
    SECOND_OFFICER = "second_officer"
    FG = "fg"
    CISO = "ciso"
    AUDITOR = "auditor"
    OPERATOR = "operator"

    @property
    def nl(self) -> str:
        """Give the role as people at the desk say it."""
        return _SAID[self][0]

    @property
    def en(self) -> str:
        """Give the role in English."""
        return _SAID[self][1]


_SAID: dict[Role, tuple[str, str]] = {
    Role.STAFF: ("medewerker", "member of staff"),
    Role.TEAM_MANAGER: ("teammanager", "team manager"),
    Role.INTEGRITY_OFFICER: ("integriteitsfunctionaris", "integrity officer"),
    Role.SECOND_OFFICER: ("tweede functionaris", "second officer"),
    Role.FG: ("functionaris gegevensbescherming", "data protection officer"),
    Role.CISO: ("CISO", "CISO"),
    Role.AUDITOR: ("auditor", "auditor"),
    Role.OPERATOR: ("beheerder", "operator"),
}
