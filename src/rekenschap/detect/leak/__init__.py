# SPDX-License-Identifier: EUPL-1.2
"""Who is the common factor of a leaked list: staff whose looks without a reason meet it beyond chance.

Knows `look`, `verdict`, `relation`, `authorisation` and `staff` on an engine; no name of anybody. It ranks
and gives odds; it never says who leaked, and never gives one name without the next.
"""

from rekenschap.detect.leak.answer import Candidate, LeakAnswer, Likeness, Standing
from rekenschap.detect.leak.asked import Leaked, LeakParameters, Window
from rekenschap.detect.leak.ranking import rank_sources
from rekenschap.detect.leak.source import find_source, prepare

__all__ = [
    "Candidate",
    "LeakAnswer",
    "LeakParameters",
    "Leaked",
    "Likeness",
    "Standing",
    "Window",
    "find_source",
    "prepare",
    "rank_sources",
]
