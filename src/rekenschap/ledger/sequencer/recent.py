# SPDX-License-Identifier: EUPL-1.2
"""Who the latest facts are, so that one that is offered twice gets one place.

A reader of the ledger sees what is sealed; this remembers what is not, and the run that was sealed last,
which a reader may have missed. About 100 bytes a fact; bounded by what may wait to be sealed.
"""

from __future__ import annotations

from rekenschap.ledger.sequencer.preparing import known


class Recent:
    """The identities of facts by run. One thread at a time adds; another may say that a run is sealed."""

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
        held = self._runs.get(first, ())
        if any(held):
            self._sealed = held
        # Only now it may go from the runs: whoever adds meanwhile finds it in one of the two.
        self._runs.pop(first, None)

    def add(self, offered: frozenset[bytes]) -> None:
        """Take facts in; raises RefusedError, and takes none, when some are there already."""
        held = self._held()
        if not all(one.isdisjoint(offered) for one in held):
            there = sum(any(each in one for one in held) for each in offered)
            raise known(there, len(offered))
        self._now.update(offered)

    def _held(self) -> list[frozenset[bytes] | set[bytes]]:
        """Give every set there is; the runs first, see `sealed`, and in one step, as they may change."""
        runs = list(self._runs.values())
        return [self._now, *(one for pair in runs for one in pair), *self._sealed]
