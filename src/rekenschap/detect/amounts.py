# SPDX-License-Identifier: EUPL-1.2
"""Numbers as they are written in Dutch."""

from __future__ import annotations


def in_dutch(number: int) -> str:
    """Write a whole number with dots between thousands, so that nine digits never stand in a row."""
    return f"{number:,}".replace(",", ".")
