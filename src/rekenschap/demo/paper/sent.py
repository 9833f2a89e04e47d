# SPDX-License-Identifier: EUPL-1.2
"""What left the town hall, as mail server, output log, device control and gateway recorded it."""

from __future__ import annotations

from rekenschap.demo.arrays import taken
from rekenschap.demo.catalogue import ACTIVITIES
from rekenschap.demo.life.shapes import COUNTRIES, WAYS_OUT, WHERE, Outgoing, Setting
from rekenschap.demo.paper.sources import Names, in_period
from rekenschap.demo.paper.writing import Facts, counted, moments, numbered, words


def sent_facts(s: Setting, names: Names, outgoing: Outgoing) -> Facts:
    """Give everything that left in the period."""
    sent = taken(outgoing, in_period(s.calendar, outgoing.at))
    return Facts(
        relation="disclosure",
        source="uitvoer",
        moment=sent.at,
        columns={
            "disclosed_at": moments(sent.at),
            "staff": names.staff(sent.staff),
            "kind": words(WAYS_OUT, sent.kind),
            "subject": names.citizen(sent.subject),
            "subjects": counted(sent.subjects),
            "size": counted(sent.size),
            "destination_kind": words(WHERE, sent.where),
            "destination": numbered("adres-", sent.destination, width=5),
            "jurisdiction": words(COUNTRIES, sent.abroad),
            "processing_activity": words([each.key for each in ACTIVITIES], sent.activity),
        },
    )
