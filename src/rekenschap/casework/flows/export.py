# SPDX-License-Identifier: EUPL-1.2
"""The flow of a large export: it leaves only after a second person agreed, and not for ever."""

from __future__ import annotations

from datetime import timedelta

from rekenschap.casework.flow import Act, Flow, Hour, Said
from rekenschap.casework.roles import Role

_ASKING = frozenset(
    {Role.TEAM_MANAGER, Role.INTEGRITY_OFFICER, Role.SECOND_OFFICER, Role.FG, Role.CISO, Role.AUDITOR}
)
_APPROVING = frozenset({Role.INTEGRITY_OFFICER, Role.SECOND_OFFICER, Role.FG})

EXPORT = Flow(
    name="export",
    said=Said(nl="uitvoer van een lijst", en="export of a list"),
    start="asked",
    states={
        "asked": Said(nl="wacht op een tweede persoon", en="waits for a second person"),
        "approved": Said(nl="mag worden opgehaald", en="may be taken"),
        "taken": Said(nl="opgehaald", en="taken"),
        "refused": Said(nl="geweigerd", en="refused"),
        "lapsed": Said(nl="te lang gewacht", en="waited too long"),
    },
    moves={
        "asked": {"approve": "approved", "refuse": "refused", "lapse": "lapsed"},
        "approved": {"take": "taken", "lapse": "lapsed"},
        "taken": {},
        "refused": {},
        "lapsed": {},
    },
    acts={
        "approve": Act(
            said=Said(nl="Sta toe", en="Approve"), who=_APPROVING, four_eyes=True, hour=Hour.BEFORE
        ),
        "refuse": Act(said=Said(nl="Weiger", en="Refuse"), who=_APPROVING, four_eyes=True, reason=True),
        "take": Act(said=Said(nl="Haal op", en="Take"), who=_ASKING, hour=Hour.BEFORE),
        "lapse": Act(
            said=Said(nl="De termijn is voorbij", en="The time is over"), who=frozenset(), hour=Hour.AFTER
        ),
    },
    lasts={"asked": timedelta(days=3), "approved": timedelta(days=1)},
)
