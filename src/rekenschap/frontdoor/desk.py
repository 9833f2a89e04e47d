# SPDX-License-Identifier: EUPL-1.2
"""Where both doors bring what is offered: the caller is known, the body is one, the inbox holds it; then yes.

Does nothing that takes long: no record is looked into here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from rekenschap.errors import RekenschapError
from rekenschap.frontdoor.callers.gate import Credentials, Gate
from rekenschap.frontdoor.callers.sources import Source
from rekenschap.frontdoor.inbox import Frame, Inbox, Kind
from rekenschap.frontdoor.outcomes import unavailable
from rekenschap.frontdoor.room import Memory, Room
from rekenschap.frontdoor.wire.bodies import MOST_TIMES, has_records, inflated, too_large

_GROUP = 16 << 20
_LONG = 1 << 12
"""A longer gzip is taken out beside the loop, so that others need not wait for it."""
_AT_ONCE = 2
"""So many of those at once: each holds room for the most there can be in it until it is known."""


class GroupCommit:
    """Brings frames to the inbox: whoever comes while others are written is written after them, together."""

    def __init__(self, inbox: Inbox, thread: Executor, *, told: Callable[[int], None]) -> None:
        self.inbox = inbox
        self._thread, self._told = thread, told
        self._waiting: list[tuple[Frame, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None
        self.turn = asyncio.Lock()
        """held while the inbox is used"""

    async def put(self, frame: Frame) -> None:
        """Return when the frame is durable; raises StoreError."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((frame, done))
        if self._task is None:
            self._task = asyncio.create_task(self._work())
        try:
            await done
        except asyncio.CancelledError:  # nobody waits for it any more, so it takes no memory any more
            self._waiting = [each for each in self._waiting if each[1] is not done]
            raise

    async def _work(self) -> None:
        try:
            while self._waiting:
                async with self.turn:
                    await self._commit(self._group())
        finally:
            self._task = None

    def _group(self) -> list[tuple[Frame, asyncio.Future[None]]]:
        size = taken = 0
        for frame, _ in self._waiting:
            if taken and size + len(frame.body) > _GROUP:
                break
            size, taken = size + len(frame.body), taken + 1
        group, self._waiting = self._waiting[:taken], self._waiting[taken:]
        return group

    async def _commit(self, group: list[tuple[Frame, asyncio.Future[None]]]) -> None:
        error: RekenschapError | None = unavailable("an inbox that takes frames", "one that does not")
        try:
            error = await self._trouble([frame for frame, _ in group])
        finally:
            for _, done in group:
                if done.done():
                    continue
                if error is None:
                    done.set_result(None)
                else:
                    done.set_exception(copy(error))  # each is raised in a place of its own
        if error is None:
            self._told(self.inbox.end)

    async def _trouble(self, frames: list[Frame]) -> RekenschapError | None:
        """Write frames; gives what went wrong, without the way it came: that would keep them in memory."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self.inbox.put, frames)
        except RekenschapError as trouble:
            return copy(trouble)
        return None


@dataclass(slots=True)
class Clocks:
    """What time it is, and a count of seconds that never goes back."""

    now: Callable[[], datetime]
    ticks: Callable[[], float]


class Desk:
    """Takes requests in, one after another and many at once."""

    def __init__(
        self, gate: Gate, commit: GroupCommit, clocks: Clocks, *, is_working: Callable[[], bool]
    ) -> None:
        self.gate = gate
        self._commit, self._clocks, self._is_working = commit, clocks, is_working
        self._memory = Memory()
        self._inflating = asyncio.Semaphore(_AT_ONCE)

    @property
    def is_ready(self) -> bool:
        """Whether requests are taken at this moment."""
        return self._is_working() and not self._commit.inbox.is_full

    async def admit(self, shown: Credentials) -> Source:
        """Give who sends; raises NotTakenError when nobody knows them, or when nothing is taken now."""
        self._check_open()
        source = await self.gate.admit(shown, now=self._clocks.now().timestamp(), ticks=self._clocks.ticks())
        return source

    def room(self, source: Source) -> AbstractContextManager[Room]:
        """Have room in memory for a request, until it is durable."""
        return self._memory.room(source)

    async def take(
        self, kind: Kind, body: bytes, *, source: Source, room: Room, is_gzip: bool = False
    ) -> None:
        """Return when everything in a body is durable; raises NotTakenError or StoreError.

        `room` holds the body as it came in; here it comes to hold what was in its gzip too.
        """
        if is_gzip:
            body = await self._inflated(body, source.largest_request, room)
        if len(body) > source.largest_request:
            raise too_large(source.largest_request)
        if not has_records(kind, body):
            return
        self._check_open()
        await self._commit.put(
            Frame(
                kind=kind,
                source=source.name,
                systems=source.systems,
                received_at=round(self._clocks.now().timestamp() * 1_000_000),
                body=body,
            )
        )

    async def _inflated(self, body: bytes, most: int, room: Room) -> bytes:
        if len(body) < _LONG:
            found = inflated(body, most)
            room.hold(len(found))
            return found
        async with self._inflating:
            reserved = min(most, len(body) * MOST_TIMES)
            room.hold(reserved)
            found = await asyncio.to_thread(inflated, body, most)
            room.give_back(reserved - len(found))
        return found

    def _check_open(self) -> None:
        if not self._is_working():
            raise unavailable("somebody at work behind this door", "nobody for a moment")
        if self._commit.inbox.is_full:
            raise unavailable("room in the inbox", "as much as may wait")
