# SPDX-License-Identifier: EUPL-1.2
"""Detect: unexplained looks that are more than chance, beside what peers do, as findings with their terms.

Knows `look` and `verdict` on an engine. Decides nothing about people: a human does.
"""

from rekenschap.detect.findings import Parameters, detect, queries
from rekenschap.detect.words import Searched

__all__ = ["Parameters", "Searched", "detect", "queries"]
