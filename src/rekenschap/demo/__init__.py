# SPDX-License-Identifier: EUPL-1.2
"""Veldhaven, a municipality that does not exist: source files for the demo, the tests and the documentation.

Writes what the systems of a town hall would have written, and keeps apart why each look truly happened.
Knows no ledger, ground or finding.
"""

from rekenschap.demo.catalogue import CAST, NOT_CONNECTED, CastMember
from rekenschap.demo.noise import Noise
from rekenschap.demo.stories.catalogue import ALL, SCENARIOS, Story
from rekenschap.demo.town import START, Drawn, Town, draw_town, write_drawn, write_town

__all__ = [
    "ALL",
    "CAST",
    "NOT_CONNECTED",
    "SCENARIOS",
    "START",
    "CastMember",
    "Drawn",
    "Noise",
    "Story",
    "Town",
    "draw_town",
    "write_drawn",
    "write_town",
]
