# SPDX-License-Identifier: EUPL-1.2
"""Whether there is a ledger at all: nothing is trouble of whoever asked, but a part of one is an alarm.

Whoever takes away the one file that says what the others are must not get the answer "there is no ledger".
"""

from __future__ import annotations

import re

from rekenschap.errors import InconsistentError
from rekenschap.ledger.manifest import CHECKPOINT_NAME, TOP_NAME
from rekenschap.seams.anchor import Anchor
from rekenschap.seams.store import Store

FOLDERS = ("segments/", "secrets/", "tail/", "tile/", "timestamps/")
_TOP = re.compile(rb'\{"format": "rekenschap-ledger", "origin": ".*", "version": [0-9]+\}\n')
_RESTORE = "keep all of it as evidence, restore the file from a copy, and create nothing here"


def check_present(store: Store, anchor: Anchor | None) -> None:
    """Raise InconsistentError when a file at the top is gone or another, and the rest is there.

    Of an empty place, or one where the making of a ledger was broken off, it says nothing.
    """
    for name in store.strangers():
        if name in (TOP_NAME, CHECKPOINT_NAME):
            raise InconsistentError(
                expected=f"{name} itself, under that name alone",
                found="a link, a second name for it, or something else in its place",
                remedy="see where it leads and who put it there; " + _RESTORE,
            )
    names = set(store.names())
    rest = sum(name.startswith(FOLDERS) for name in names)
    latest = anchor.latest() if anchor is not None else None
    anchored = latest[0] if latest else 0
    if TOP_NAME in names and (rest or anchored) and not _TOP.fullmatch(store.get(TOP_NAME)):
        raise _missing(TOP_NAME, "other bytes in it", rest, anchored)
    if TOP_NAME not in names and (rest or latest or CHECKPOINT_NAME in names):
        raise _missing(TOP_NAME, "none", rest, anchored)
    if CHECKPOINT_NAME not in names and (rest or anchored):
        raise _missing(CHECKPOINT_NAME, "none", rest, anchored)


def _missing(name: str, found: str, rest: int, anchored: int) -> InconsistentError:
    return InconsistentError(
        expected=f"{name} of the ledger that is here",
        found=f"{found}, with {rest} other files of a ledger and {anchored} entries in its anchor",
        remedy=_RESTORE,
    )
