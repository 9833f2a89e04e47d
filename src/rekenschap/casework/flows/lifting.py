# SPDX-License-Identifier: EUPL-1.2
"""The flow of lifting a pseudonym: one asks with a reason, another agrees, and it ends by itself."""

from __future__ import annotations

from datetime import timedelta

from rekenschap.casework.flow import Act, Flow, Hour, Said
from rekenschap.casework.roles import Role

_OFFICERS = frozenset({Role.INTEGRITY_OFFICER, Role.SECOND_OFFICER})

LIFTING = Flow(
    name="lifting",
    said=Said(nl="naamopheffing", en="lifting"),
    start="asked",
    states={
        "asked": Said(nl="wacht op een tweede persoon", en="waits for a second person"),
        "live": Said(nl="de naam is te zien", en="the name can be seen"),
        "refused": Said(nl="geweigerd", en="refused"),
        "lapsed": Said(nl="niet op tijd bekeken", en="nobody looked in time"),
        "withdrawn": Said(nl="ingetrokken", en="taken back"),
        "over": Said(nl="voorbij", en="over"),
    },
    moves={
        "asked": {"approve": "live", "refuse": "refused", "withdraw": "withdrawn", "lapse": "lapsed"},
        "live": {"see_name": "live", "end": "over", "expire": "over"},
        "refused": {},
        "lapsed": {},
        "withdrawn": {},
        "over": {},
    },
    acts={
        "approve": Act(
            said=Said(nl="Sta toe", en="Approve"),
            who=_OFFICERS,
            four_eyes=True,
            hour=Hour.BEFORE,
        ),
        "refuse": Act(
            said=Said(nl="Weiger", en="Refuse"),
            who=_OFFICERS,
            four_eyes=True,
            reason=True,
        ),
        "withdraw": Act(said=Said(nl="Trek in", en="Take back"), who=_OFFICERS),
        "lapse": Act(
            said=Said(nl="De termijn is voorbij", en="The time is over"), who=frozenset(), hour=Hour.AFTER
        ),
        "see_name": Act(said=Said(nl="Bekijk de naam", en="See the name"), who=_OFFICERS, hour=Hour.BEFORE),
        "end": Act(said=Said(nl="Verberg de naam weer", en="Hide the name again"), who=_OFFICERS | {Role.FG}),
        "expire": Act(
            said=Said(nl="De tijd is om", en="The time has run out"), who=frozenset(), hour=Hour.AFTER
        ),
    },
    lasts={"asked": timedelta(days=3), "live": timedelta(days=7)},
)
