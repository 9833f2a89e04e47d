# SPDX-License-Identifier: EUPL-1.2
"""Who the latest facts are, so that one that is offered twice gets one place.

A reader of the ledger sees what is sealed; this remembers what is not, and the run that was sealed last,
which a reader may have missed. About 100 bytes a fact; bounded by what may wait to be sealed.
"""

from __future__ import annotations

from collections.abc import Collection

from rekenschap.ledger.sequencer.preparing import known

_PIECE = 4_096
"""Identities that are forgotten at once: others append meanwhile."""
_Names = list[bytes]


class Recent:
    """The identities of facts by run. One thread at a time adds; another may say that a run is sealed."""

    __slots__ = ("_all", "_now", "_runs", "_sealed")

    def __init__(self, survived: Collection[bytes]) -> None:
        self._all = set(survived)
        self._now: _Names = []
        self._runs: dict[int, tuple[_Names, _Names]] = {}
        self._sealed: tuple[_Names, ...] = (list(survived),)

    def begin(self, first: int) -> None:
        """Begin the run from an entry on; what came just before may have its place in it already."""
        fresh: _Names = []
        self._runs[first] = (self._now, fresh)
        self._now = fresh

    def sealed(self, first: int) -> None:
        """A run is sealed: whoever looks from now on sees it, and who looked just before has this."""
        held = self._runs.pop(first, ())
        before: tuple[_Names, ...] = ()
        if any(held):
            before, self._sealed = self._sealed, held
        kept = {id(self._now), *(id(one) for one in self._sealed)}
        kept |= {id(one) for pair in list(self._runs.values()) for one in pair}
        for names in before:
            if id(names) not in kept:
                for at in range(0, len(names), _PIECE):
                    self._all.difference_update(names[at : at + _PIECE])

    def add(self, offered: Collection[bytes]) -> None:
        """Take facts in; raises RefusedError, and takes none, when some are there already."""
        if not self.takes(offered):
            once = set(offered)
            there = len(offered) - len(once) + len(once & self._all)
            raise known(there, len(offered))

    def takes(self, offered: Collection[bytes]) -> bool:
        """Take facts in, or none when one is there already or comes twice; says which."""
        if not self._all.isdisjoint(offered):
            return False
        before = len(self._all)
        self._all.update(offered)
        if len(self._all) - before < len(offered):  # none was there, so all that came in go out again
            self._all.difference_update(offered)
            return False
        self._now.extend(offered)
        return True
