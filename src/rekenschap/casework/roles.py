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
