# SPDX-License-Identifier: EUPL-1.2
"""Room in memory for bodies: taken as bytes come in, given back at the end, and never all for one source."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary

from rekenschap.frontdoor.callers.sources import Source
from rekenschap.frontdoor.outcomes import no_room

IN_MEMORY = 256 << 20
"""Bytes of bodies that may be held at once, as they came in and out of their gzip together."""
_SHARE = 4
"""A source with a name has one in so many of these bytes; one request alone is always let in."""


class Memory:
    """Counts what is held, for everybody and for each source."""

    def __init__(self, most: int = IN_MEMORY) -> None:
        self.most, self.held = most, 0
        self.by_source: Counter[str] = Counter()
        self.freed = asyncio.Event()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def turn(self, source: str) -> asyncio.Lock:
        """Give what those of one source hold one after another while they wait for room."""
        return self._turns.setdefault(source, asyncio.Lock())

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
        if not self._fits(length):
            raise no_room()
        self._memory.held += length
        self._memory.by_source[self._source] += length
        self.held += length

    async def hold_soon(self, length: int, *, patience: float) -> None:
        """Hold so many bytes more when others have given them back, in the order of asking.

        Raises NotTakenError after `patience` seconds.
        """
        try:
            async with asyncio.timeout(patience), self._memory.turn(self._source):
                while not self._fits(length):
                    self._memory.freed.clear()
                    await self._memory.freed.wait()
                self.hold(length)
        except TimeoutError:
            raise no_room() from None

    def give_back(self, length: int) -> None:
        """Hold so many bytes less."""
        self._memory.held -= length
        self._memory.by_source[self._source] -= length
        self.held -= length
        self._memory.freed.set()

    def _fits(self, length: int) -> bool:
        memory, source = self._memory, self._source
        return self._is_left(memory.held, memory.most, length) and (
            not source or self._is_left(memory.by_source[source], memory.most // _SHARE, length)
        )

    def _is_left(self, held: int, most: int, length: int) -> bool:
        return held <= self.held or held + length <= most
