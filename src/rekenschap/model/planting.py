# SPDX-License-Identifier: EUPL-1.2
"""Planted looks: invented ones that are in no ledger, to see whether they would stand out."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class Among(StrEnum):
    """Which subjects are planted: with a zaak open then, with one registered before, or with any zaak.

    And harder or otherwise: whose open zaak is at work that this person does too (`own_phase`), whose zaken
    were all closed over sixty days before (`closed`), and thirty with an open zaak on one day (`bulk`).
    """

    OPEN = "open"
    PAST = "past"
    ANY = "any"
    OWN_PHASE = "own_phase"
    CLOSED = "closed"
    BULK = "bulk"


KINDS = MappingProxyType({"A1": Among.OPEN, "A2": Among.OWN_PHASE, "A3": Among.CLOSED, "A4": Among.BULK})
"""The four kinds that evaluations are made with, as reports call them."""

DAYS_CLOSED = 60
"""From so many days after its end a zaak is closed work: six weeks to object, and time to write."""

BULK = 30
"""How many looks a planted day has."""
