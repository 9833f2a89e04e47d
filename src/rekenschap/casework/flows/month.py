# SPDX-License-Identifier: EUPL-1.2
"""The flow of a monthly account: made, sample looked through, signed by the FG."""

from __future__ import annotations

from rekenschap.casework.flow import Act, Flow, Said
from rekenschap.casework.roles import Role

_FG = frozenset({Role.FG})

MONTH = Flow(
    name="month",
    said=Said(nl="maandverslag", en="monthly report"),
    start="made",
    states={
        "made": Said(nl="klaar om na te kijken", en="ready to be looked through"),
        "signed": Said(nl="afgetekend", en="signed off"),
    },
    moves={"made": {"judge": "made", "sign": "signed"}, "signed": {}},
    acts={
        "judge": Act(said=Said(nl="Beoordeel uit de steekproef", en="Judge one of the sample"), who=_FG),
        "sign": Act(said=Said(nl="Teken af", en="Sign off"), who=_FG, reason=True),
    },
)
