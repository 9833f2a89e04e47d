# SPDX-License-Identifier: EUPL-1.2
"""Candidates for grounds, found in the work of a house itself. None of them counts until a person says so."""

from rekenschap.explain.mining.drafting import draft
from rekenschap.explain.mining.mining import (
    LEAST_LIFT_FULL,
    Candidate,
    mine,
)

__all__ = ["LEAST_LIFT_FULL", "Candidate", "draft", "mine"]
