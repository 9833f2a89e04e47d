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
        self._runs: dict[int, set[bytes]] = {}
        self._sealed: frozenset[bytes] | set[bytes] = survived

    def begin(self, first: int) -> None:
        """Begin the run from an entry on."""
        self._now = self._runs[first] = set()

    def sealed(self, first: int) -> None:
        """A run is sealed: whoever looks from now on sees it, and who looked just before has this."""
        self._sealed = self._runs.pop(first, None) or self._sealed

    def add(self, offered: frozenset[bytes]) -> None:
        """Take facts in; raises RefusedError, and takes none, when some are there already."""
        for one in (self._now, self._sealed, *self._runs.values()):
            if not one.isdisjoint(offered):
                raise known(len(offered & one), len(offered))
        self._now |= offered
