# SPDX-License-Identifier: EUPL-1.2
"""How sources stand: heard or silent by their rhythm, how late, how complete. Says nothing of why.

Reads every relation on an engine through the queries in `coverage`. Has no clock: the moment is given.
"""

from rekenschap.detect.sources.declared import Expected, parse_expected
from rekenschap.detect.sources.hearing import Hearing
from rekenschap.detect.sources.learned import WEEKS
from rekenschap.detect.sources.standing import ARRIVAL, Known, arrivals, hearing_of, standing_of

__all__ = [
    "ARRIVAL",
    "WEEKS",
    "Expected",
    "Hearing",
    "Known",
    "arrivals",
    "hearing_of",
    "parse_expected",
    "standing_of",
]
