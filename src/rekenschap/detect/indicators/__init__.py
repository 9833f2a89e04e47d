# SPDX-License-Identifier: EUPL-1.2
"""The fixed figures of a month, in the manner of the Suwinet reports: counts first, people only for who may.

Knows `look` and `verdict` on an engine. What is found here is no finding: it says where to look closer.
"""

from rekenschap.detect.indicators.month import (
    Figures,
    MostSeen,
    SystemFigures,
    figures_of,
    most_looked_at,
    most_looking,
)
from rekenschap.detect.indicators.told import INDICATORS, Indicator

__all__ = [
    "INDICATORS",
    "Figures",
    "Indicator",
    "MostSeen",
    "SystemFigures",
    "figures_of",
    "most_looked_at",
    "most_looking",
]
