# SPDX-License-Identifier: EUPL-1.2
"""What the worker says, one line of JSON each: what happened and how many, never about whom."""

from __future__ import annotations

import structlog


def say(line: str, **told: object) -> None:
    """Write one line."""
    structlog.get_logger("rekenschap.desk.worker").info(line, **told)
