# SPDX-License-Identifier: EUPL-1.2
"""The door to what citizens are offered and ask; nothing of staff goes through it."""

from __future__ import annotations

from rekenschap.audit.citizens import (
    offer,
    offer_look,
    seen_by,
    take_mandates,
    tell,
    told_before,
    waiting,
    withhold,
)

__all__ = [
    "offer",
    "offer_look",
    "seen_by",
    "take_mandates",
    "tell",
    "told_before",
    "waiting",
    "withhold",
]
