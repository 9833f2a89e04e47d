# SPDX-License-Identifier: EUPL-1.2
"""The flow of a finding: it is asked about, explained, closed with a reason, or goes on as investigation."""

from __future__ import annotations

from datetime import timedelta

from rekenschap.casework.closing import Reason
from rekenschap.casework.flow import Act, Flow, Said
from rekenschap.casework.roles import Role

_OFFICERS = frozenset({Role.INTEGRITY_OFFICER, Role.SECOND_OFFICER})

FINDING = Flow(
    name="finding",
    said=Said(nl="bevinding", en="finding"),
    start="open",
    states={
        "open": Said(nl="open", en="open"),
        "asked": Said(nl="uitleg gevraagd", en="asked to explain"),
        "answered": Said(nl="uitleg gekregen", en="explanation given"),
        "investigated": Said(nl="in onderzoek", en="in an investigation"),
        "closed": Said(nl="afgesloten", en="closed"),
    },
    moves={
        "open": {"ask": "asked", "investigate": "investigated", "close": "closed"},
        "asked": {
            "receive_answer": "answered",
            "withdraw_question": "open",
            "investigate": "investigated",
            "close": "closed",
        },
        "answered": {"ask": "asked", "investigate": "investigated", "close": "closed"},
        "investigated": {"end_investigation": "closed"},
        "closed": {"reopen": "open"},
    },
    acts={
        "ask": Act(said=Said(nl="Vraag de medewerker om uitleg", en="Ask to explain"), who=_OFFICERS),
        "receive_answer": Act(
            said=Said(nl="Uitleg komt binnen", en="An explanation comes in"), who=frozenset()
        ),
        "withdraw_question": Act(
            said=Said(nl="De vraag vervalt", en="The question is taken back"), who=frozenset()
        ),
        "investigate": Act(
            said=Said(nl="Start een onderzoek", en="Open an investigation"), who=_OFFICERS, reason=True
        ),
        "close": Act(
            said=Said(nl="Sluit af met een reden", en="Close with a reason"),
            who=_OFFICERS,
            reasons=frozenset(Reason) - {Reason.INVESTIGATED},
        ),
        "end_investigation": Act(
            said=Said(nl="Het onderzoek is afgesloten", en="The investigation was closed"), who=frozenset()
        ),
        "reopen": Act(said=Said(nl="Open opnieuw", en="Open again"), who=_OFFICERS, reason=True),
    },
    lasts={"open": timedelta(days=14), "answered": timedelta(days=7)},
)
