# SPDX-License-Identifier: EUPL-1.2
"""The one rule of every anchor, and the sentences they share. Knows no place."""

from __future__ import annotations

from rekenschap.errors import ForkError, StoreError


def refuse_unless_next(*, found: int | None, expected: int | None, size: int) -> None:
    """Raise ForkError unless the latest size is the expected one and `size` is larger."""
    if found != expected or (found is not None and size <= found):
        raise not_next(found=found, expected=expected, size=size)


def not_next(*, found: int | None, expected: int | None, size: int) -> ForkError:
    """Say that somebody else swapped the checkpoint, or that this one is no larger."""
    return ForkError(
        expected=f"an anchor at size {expected} and a larger checkpoint",
        found=f"an anchor at size {found} and a checkpoint of {size}",
        remedy="open the ledger again; if nobody else writes to it, raise the alarm",
    )


_REMEDIES = {
    "SQLITE_FULL": "make room on its disk and try again; what was acknowledged is safe",
    "SQLITE_BUSY": "try again when the other program is done with it",
    "SQLITE_READONLY": "run it as the owner of the anchor",
    "SQLITE_CANTOPEN": "see that its directory is there, and run it as the owner of the anchor",
}
"""What helps when nothing is wrong with the anchor itself: then it must not be put back."""


def does_not_answer(found: str) -> StoreError:
    """Say that the anchor cannot be asked, or holds something else than checkpoints."""
    return StoreError(
        expected="an anchor that answers",
        found=found,
        remedy=next(
            (remedy for name, remedy in _REMEDIES.items() if found.startswith(name)),
            "restore the anchor, never an older one",
        ),
        retryable=True,
    )
