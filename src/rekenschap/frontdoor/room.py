# SPDX-License-Identifier: EUPL-1.2
"""Room in memory for bodies: taken as bytes come in, given back at the end, and never all for one source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from rekenschap.frontdoor.callers.sources import Source
from rekenschap.frontdoor.outcomes import unavailable

IN_MEMORY = 256 << 20
"""Bytes of bodies that may be held at once, as they came in and out of their gzip together."""
_SHARE = 4
"""A source with a name has one in so many of these bytes; one request alone is always let in."""


class Memory:
    """Counts what is held, for everybody and for each source."""

    def __init__(self, most: int = IN_MEMORY) -> None:
        self.most, self.held = most, 0
        self.by_source: Counter[str] = Counter()

    @contextmanager
    def room(self, source: Source) -> Iterator[Room]:
        """Have room for one request, empty at first; all of it is given back at the end."""
        room = Room(self, source.name)
        try:
            yield room
        finally:
            room.give_back(room.held)
            self.by_source += Counter()  # forgets who holds nothing


class Room:
    """What one request holds."""

    def __init__(self, memory: Memory, source: str) -> None:
        self._memory, self._source = memory, source
        self.held = 0

    def hold(self, length: int) -> None:
        """Hold so many bytes more; raises NotTakenError when others hold what is left."""
        memory, source = self._memory, self._source
        self._check(memory.held, memory.most, length)
        if source:
            self._check(memory.by_source[source], memory.most // _SHARE, length)
        memory.held += length
        memory.by_source[source] += length
        self.held += length

    def give_back(self, length: int) -> None:
        """Hold so many bytes less."""
        self._memory.held -= length
        self._memory.by_source[self._source] -= length
        self.held -= length

    def _check(self, held: int, most: int, length: int) -> None:
        if held > self.held and held + length > most:
            raise unavailable("room for one more request", "as many as can be held")
