# SPDX-License-Identifier: EUPL-1.2
"""Planted looks: invented ones that are in no ledger, to see whether they would stand out."""

from __future__ import annotations

from enum import StrEnum


class Among(StrEnum):
    """Which subjects are planted: with a zaak open then, with one registered before, or with any zaak."""

    OPEN = "open"
    PAST = "past"
    ANY = "any"
