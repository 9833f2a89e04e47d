# SPDX-License-Identifier: EUPL-1.2
"""Who the latest facts are, so that one that is offered twice gets one place.

A reader of the ledger sees what is sealed; this remembers what is not, and the run that was sealed last,
which a reader may have missed. About 100 bytes a fact; bounded by what may wait to be sealed.
"""

from __future__ import annotations

from rekenschap.ledger.sequencer.preparing import known


class Recent:
    """The identities of facts by run; not safe for several threads by itself."""

    __slots__ = ("_now", "_runs", "_sealed")

    def __init__(self, survived: frozenset[bytes]) -> None:
        self._now: set[bytes] = set()
        self._runs: dict[int, tuple[set[bytes], set[bytes]]] = {}
        self._sealed: tuple[frozenset[bytes] | set[bytes], ...] = (survived,)

    def begin(self, first: int) -> None:
        """Begin the run from an entry on; what came just before may have its place in it already."""
        before, self._now = self._now, set()
        self._runs[first] = (before, self._now)

    def sealed(self, first: int) -> None:
        """A run is sealed: whoever looks from now on sees it, and who looked just before has this."""
        held = self._runs.pop(first, ())
        if any(held):
            self._sealed = held

    def add(self, offered: frozenset[bytes]) -> None:
        """Take facts in; raises RefusedError, and takes none, when some are there already."""
        for one in (self._now, *self._sealed, *(each for pair in self._runs.values() for each in pair)):
            if not one.isdisjoint(offered):
                raise known(sum(each in self for each in offered), len(offered))
        self._now |= offered

    def __contains__(self, identity: bytes) -> bool:
        held = (self._now, *self._sealed, *(each for pair in self._runs.values() for each in pair))
        return any(identity in each for each in held)
