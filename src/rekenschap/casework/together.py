# SPDX-License-Identifier: EUPL-1.2
"""What may be settled together, and who draws the part that is looked at again: rules only, no storage.

Many at once is quick and dangerous: so low severity only, one reason, a limit, nothing that would have hidden
what was not permitted, and a part drawn by lot that a second person looks at again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from hashlib import sha256
from math import ceil

from rekenschap.casework.closing import IN_FAVOUR, Reason
from rekenschap.casework.flow import Decision

MOST_TOGETHER = 100
"""findings that are settled at once at most: more than people can have looked over"""
LOOKED_AT_AGAIN = 0.05
LOW = "low"
REASONS_TOGETHER = IN_FAVOUR
"""reasons that lay nothing upon anybody; whatever does is settled one by one"""


def may_settle_together(severities: Collection[str], reason: str, *, would_hide: int = 0) -> Decision:
    """Answer whether findings of these severities may be closed at once; no reason: not chosen yet."""
    if not severities:
        return _no("nothing", "Kies eerst een of meer bevindingen.", "Choose one or more findings first.")
    if len(severities) > MOST_TOGETHER:
        return _no(
            "many",
            f"Hooguit {MOST_TOGETHER} bevindingen tegelijk. Kies er minder.",
            f"At most {MOST_TOGETHER} findings at once. Choose fewer.",
        )
    if set(severities) != {LOW}:
        return _no(
            "severity",
            "Alleen bevindingen met lage ernst mogen samen. Handel de andere een voor een af.",
            "Only findings of low severity may go together. Settle the others one by one.",
        )
    return _hides(would_hide) or _not_a_reason(reason) or _yes()


def drawn(numbers: Iterable[str], *, seed: str) -> frozenset[str]:
    """Draw one in twenty, and at least one, by a lot that anybody can draw again from the same seed."""
    ranked = sorted(numbers, key=lambda number: sha256(f"{seed}\n{number}".encode()).digest())
    return frozenset(ranked[: ceil(len(ranked) * LOOKED_AT_AGAIN)])


def _hides(would_hide: int) -> Decision | None:
    if not would_hide:
        return None
    return _no(
        "hides",
        "Dit zou ook raadplegingen verklaren die niet mochten. Handel de bevindingen een voor een af.",
        "This would also explain consultations that were not permitted. Settle the findings one by one.",
    )


def _not_a_reason(reason: str) -> Decision | None:
    if not reason or (reason in set(Reason) and Reason(reason) in REASONS_TOGETHER):
        return None
    return _no(
        "reason",
        "Met deze reden sluit u bevindingen een voor een af.",
        "With this reason findings are closed one by one.",
    )


def _yes() -> Decision:
    return Decision(
        allowed=True, rule="together.settle", nl="Dit mag u nu doen.", en="You may do this now.", to="closed"
    )


def _no(why: str, nl: str, en: str) -> Decision:
    return Decision(allowed=False, rule=f"together.settle.{why}", nl=nl, en=en)
