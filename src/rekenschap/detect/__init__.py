# SPDX-License-Identifier: EUPL-1.2
"""Detect: unexplained looks that are more than chance, beside what peers do, as findings with their terms.

And what was not received from a source. Knows `look`, `verdict` and `delivery` on an engine. Decides
nothing about people: a human does.
"""

from rekenschap.detect.channels import alerts, p_values, within
from rekenschap.detect.fastpath import urgent, urgent_rules
from rekenschap.detect.findings import Parameters, detect, queries
from rekenschap.detect.queueing import Learnt, Lot, Missed, Queue, missed, queue
from rekenschap.detect.received import not_received
from rekenschap.detect.telling import Told, told_of
from rekenschap.detect.words import Searched

__all__ = [
    "Learnt",
    "Lot",
    "Missed",
    "Parameters",
    "Queue",
    "Searched",
    "Told",
    "alerts",
    "detect",
    "missed",
    "not_received",
    "p_values",
    "queries",
    "queue",
    "told_of",
    "urgent",
    "urgent_rules",
    "within",
]
