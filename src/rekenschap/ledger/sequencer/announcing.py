# SPDX-License-Identifier: EUPL-1.2
"""Publishes beside the work: a witness that keeps silent holds up neither the next checkpoint nor anybody who
appends. Knows no witness and no policy; publishes what the anchor has, the newest only, one at a time.
"""

from __future__ import annotations

from threading import Lock

from rekenschap.ledger.manifest import CHECKPOINT_NAME
from rekenschap.ledger.publishing import is_anchored
from rekenschap.ledger.sequencer.growing import Publish
from rekenschap.ledger.state import is_same_checkpoint, published_note
from rekenschap.ledger.writer import House
from rekenschap.tlog.note import Note


class Announcer:
    """Remembers the newest note the anchor has; `announce` publishes it.

    What was published never goes back: whoever publishes has the newest there is then.
    """

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._publishing = Lock()
        self._newest: tuple[int, bytes] | None = None
        self._done: tuple[int, bytes] | None = None

    def take(self, size: int, note: bytes) -> None:
        """Take a note that the anchor has, to be published when `announce` is called."""
        if self._newest is None or size >= self._newest[0]:
            self._newest = size, note

    def announce(self) -> None:
        """Publish the newest note unless that was done; raises what publishing raises, and keeps it due."""
        with self._publishing:
            newest = self._newest
            if newest is not None and newest is not self._done:
                self._publish(newest[1])
                self._done = newest  # if there is a newer one meanwhile, that one is due


class Published:
    """Publishes at once, without asking anybody."""

    __slots__ = ("_house",)

    def __init__(self, house: House) -> None:
        self._house = house

    def __call__(self, note: bytes) -> None:
        """Publish a note that the anchor has; raises ForkError when it has not."""
        store, published = self._house.store, published_note(self._house.store)
        if published is not None and is_same_checkpoint(published, note):
            return
        if is_anchored(self._house.anchor, Note.from_bytes(note)):
            store.replace(CHECKPOINT_NAME, note)
