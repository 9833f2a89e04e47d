# SPDX-License-Identifier: EUPL-1.2
"""The flow of an investigation: work, hearing the other side, and closing by two people with one reason."""

from __future__ import annotations

from datetime import timedelta

from rekenschap.casework.closing import IN_FAVOUR, OF_INVESTIGATIONS
from rekenschap.casework.flow import Act, Flow, Hour, Said
from rekenschap.casework.roles import Role

_OFFICERS = frozenset({Role.INTEGRITY_OFFICER, Role.SECOND_OFFICER})
_WORK = {"note": "", "attach": "", "add_task": "", "finish_task": "", "draft_hold": "", "make_file": ""}


def _working(state: str) -> dict[str, str]:
    """Give the acts that leave an investigation where it is."""
    return dict.fromkeys(_WORK, state)


INVESTIGATION = Flow(
    name="investigation",
    said=Said(nl="onderzoek", en="investigation"),
    start="open",
    states={
        "open": Said(nl="in onderzoek", en="being investigated"),
        "hearing": Said(nl="wacht op een reactie van de medewerker", en="waits for the reply"),
        "weighing": Said(nl="reactie wordt gewogen", en="the reply is weighed"),
        "closing": Said(nl="wacht op een tweede persoon om af te sluiten", en="waits for a second person"),
        "closed": Said(nl="afgesloten", en="closed"),
    },
    moves={
        "open": {**_working("open"), "ask_reply": "hearing", "propose_early": "closing"},
        "hearing": {**_working("hearing"), "receive_reply": "weighing", "go_on": "weighing"},
        "weighing": {**_working("weighing"), "ask_reply": "hearing", "propose": "closing"},
        "closing": {"close": "closed", "send_back": "weighing", "make_file": "closing"},
        "closed": {"reopen": "open", "make_file": "closed"},
    },
    acts={
        "note": Act(said=Said(nl="Schrijf een notitie", en="Write a note"), who=_OFFICERS),
        "attach": Act(said=Said(nl="Voeg een bijlage toe", en="Add an attachment"), who=_OFFICERS),
        "add_task": Act(said=Said(nl="Voeg een taak toe", en="Add a task"), who=_OFFICERS),
        "finish_task": Act(said=Said(nl="Taak is klaar", en="The task is done"), who=_OFFICERS),
        "draft_hold": Act(
            said=Said(nl="Maak een bewaaropdracht", en="Draft an order to keep"), who=_OFFICERS, reason=True
        ),
        "make_file": Act(said=Said(nl="Maak het bewijsdossier", en="Make the evidence file"), who=_OFFICERS),
        "ask_reply": Act(said=Said(nl="Vraag om een reactie", en="Ask for a reply"), who=_OFFICERS),
        "receive_reply": Act(
            said=Said(nl="De reactie komt binnen", en="The reply comes in"), who=frozenset()
        ),
        "go_on": Act(
            said=Said(nl="Ga verder zonder reactie", en="Go on without a reply"),
            who=_OFFICERS,
            reason=True,
            hour=Hour.AFTER,
        ),
        "propose": Act(
            said=Said(nl="Stel voor om af te sluiten", en="Propose to close"),
            who=_OFFICERS,
            reasons=OF_INVESTIGATIONS,
        ),
        # What lays nothing upon anybody may end before anybody is heard.
        "propose_early": Act(
            said=Said(nl="Stel voor om af te sluiten", en="Propose to close"),
            who=_OFFICERS,
            reasons=IN_FAVOUR,
        ),
        "close": Act(said=Said(nl="Sluit af", en="Close"), who=_OFFICERS, four_eyes=True),
        "send_back": Act(
            said=Said(nl="Stuur terug", en="Send back"), who=_OFFICERS, four_eyes=True, reason=True
        ),
        "reopen": Act(said=Said(nl="Open opnieuw", en="Open again"), who=_OFFICERS, reason=True),
    },
    lasts={
        "open": timedelta(days=42),
        "hearing": timedelta(days=14),
        "weighing": timedelta(days=14),
        "closing": timedelta(days=7),
    },
)
