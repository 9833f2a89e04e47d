# SPDX-License-Identifier: EUPL-1.2
"""The screens of the work list, findings and causes."""

from __future__ import annotations

from rekenschap.casework.roles import Role
from rekenschap_web.evidence.desk import candidates_by_cause
from tests.web.browser import Screen, Town


def _finding(end: str = "") -> object:
    return lambda town: f"/bevindingen/{town.numbers[0]}/{end}"


def _cause(town: Town) -> str:
    return f"/oorzaken/{candidates_by_cause()[0].id}/"


SCREENS = [
    *(
        Screen(name=f"werklijst-{role.value.replace('_', '-')}", role=role, path="/werklijst/")
        for role in Role
    ),
    Screen(name="bevinding", role=Role.INTEGRITY_OFFICER, path=_finding()),
    Screen(name="bevinding-fg", role=Role.FG, path=_finding()),
    Screen(name="bevinding-auditor", role=Role.AUDITOR, path=_finding()),
    Screen(name="bevinding-tweede", role=Role.SECOND_OFFICER, path=_finding()),
    Screen(name="bevinding-afsluiten", role=Role.INTEGRITY_OFFICER, path=_finding("afsluiten/")),
    Screen(name="bevinding-uitleggen", role=Role.INTEGRITY_OFFICER, path=_finding("uitleggen/")),
    Screen(name="bevinding-relaties-reden", role=Role.INTEGRITY_OFFICER, path=_finding("relaties/")),
    Screen(name="oorzaak", role=Role.INTEGRITY_OFFICER, path=_cause),
    Screen(
        name="samen-afsluiten",
        role=Role.INTEGRITY_OFFICER,
        path=lambda town: f"/werklijst/samen-afsluiten/?kies={town.numbers[-1]}",
    ),
]
