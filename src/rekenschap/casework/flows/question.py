# SPDX-License-Identifier: EUPL-1.2
"""The flow of a question to a member of staff: *why did you look here?*, answered and checked."""

from __future__ import annotations

from datetime import timedelta

from rekenschap.casework.flow import Act, Flow, Hour, Said, Tie
from rekenschap.casework.roles import Role

_OFFICERS = frozenset({Role.INTEGRITY_OFFICER, Role.SECOND_OFFICER})
_LEADERS = frozenset({Role.TEAM_MANAGER})
_EVERYBODY = frozenset({Role.STAFF})

QUESTION = Flow(
    name="question",
    said=Said(nl="vraag om uitleg", en="question"),
    start="asked",
    states={
        "asked": Said(nl="wacht op antwoord", en="waits for an answer"),
        "helped": Said(nl="hulp gevraagd", en="help was asked"),
        "answered": Said(nl="beantwoord", en="answered"),
        "confirmed": Said(nl="bevestigd door de teammanager", en="confirmed by the team manager"),
        "not_known": Said(nl="niet bekend bij de teammanager", en="not known to the team manager"),
        "lapsed": Said(nl="niet op tijd beantwoord", en="not answered in time"),
        "withdrawn": Said(nl="ingetrokken", en="taken back"),
    },
    moves={
        "asked": {
            "answer": "answered",
            "ask_help": "helped",
            "remind": "asked",
            "lapse": "lapsed",
            "withdraw": "withdrawn",
        },
        "helped": {"answer": "answered", "remind": "helped", "lapse": "lapsed", "withdraw": "withdrawn"},
        "answered": {"confirm": "confirmed", "not_know": "not_known"},
        # Somebody who was away or was afraid may still answer: late is better than never.
        "lapsed": {"answer": "answered", "withdraw": "withdrawn"},
        "not_known": {"answer": "answered"},
        "confirmed": {},
        "withdrawn": {},
    },
    acts={
        "answer": Act(said=Said(nl="Antwoord", en="Answer"), who=_EVERYBODY, tie=Tie.ONLY_ABOUT_SELF),
        "ask_help": Act(
            said=Said(nl="Vraag hulp", en="Ask for help"), who=_EVERYBODY, tie=Tie.ONLY_ABOUT_SELF
        ),
        "remind": Act(said=Said(nl="Stuur een herinnering", en="Send a reminder"), who=frozenset()),
        "lapse": Act(
            said=Said(nl="De termijn is voorbij", en="The time is over"), who=frozenset(), hour=Hour.AFTER
        ),
        "withdraw": Act(said=Said(nl="Trek de vraag in", en="Take the question back"), who=_OFFICERS),
        "confirm": Act(said=Said(nl="Ik ken dit werk", en="I know this work"), who=_LEADERS, four_eyes=True),
        "not_know": Act(
            said=Said(nl="Ik ken dit niet", en="I do not know this"), who=_LEADERS, four_eyes=True
        ),
    },
    lasts={
        "asked": timedelta(days=7),
        "helped": timedelta(days=14),
        "answered": timedelta(days=7),
        "not_known": timedelta(days=7),
    },
)
