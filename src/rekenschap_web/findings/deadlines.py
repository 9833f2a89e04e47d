# SPDX-License-Identifier: EUPL-1.2
"""Until when a finding should be picked up: the flow says how long at most, severity makes it sooner."""

from __future__ import annotations

from datetime import datetime, timedelta

from rekenschap.casework.flows.finding import FINDING

SOONER = {"high": timedelta(days=4), "middle": timedelta(days=7)}
MINUTES = {"high": 20, "middle": 10, "low": 5}
"""what one finding takes about, to tell how long a list is"""


def deadline_of(state: str, severity: str, since: datetime) -> datetime | None:
    """Give the end of the time a state may last; None for a state that waits for somebody else."""
    due = FINDING.due(state, since)
    sooner = SOONER.get(severity)
    return due if due is None or sooner is None else min(due, since + sooner)
