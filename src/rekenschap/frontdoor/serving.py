# SPDX-License-Identifier: EUPL-1.2
"""The process that takes in: recovers the inbox, keeps a worker, opens both doors, closes them in order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

import uvloop

from rekenschap.errors import ConfigurationError, ExitCode, StoreError
from rekenschap.frontdoor.callers.gate import Gate
from rekenschap.frontdoor.callers.sources import LARGEST
from rekenschap.frontdoor.callers.tokens import Fetch
from rekenschap.frontdoor.desk import Clocks, Desk, GroupCommit
from rekenschap.frontdoor.doors.listening import Certificates, WebServer, is_loopback, open_grpc
from rekenschap.frontdoor.doors.rpc import RpcDoor
from rekenschap.frontdoor.doors.web import WebDoor
from rekenschap.frontdoor.inbox import FrameSeal, Inbox, Limits, recover
from rekenschap.frontdoor.link import Heard, WorkerProcess
from rekenschap.seams.disk import Disk, in_words

_ROUND = 0.5
"""Seconds between two looks at what changes seldom: the files of sources and certificates, the cursor."""
_PATIENCE = 5.0
_DRAIN = 60.0
"""Seconds in which what was taken in is worked off when the service is stopped; the rest waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where to listen; a port of 0 is any that is free."""

    home: Path
    host: str = "127.0.0.1"
    port: int = 4318
    grpc_port: int = 4317
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the service is given: its disk and seal, how a worker is started, and whom to tell."""

    disk: Disk
    seal: FrameSeal
    worker: Sequence[str]
    fetch: Fetch
    clocks: Clocks
    ready: Callable[[int, int], None]
    """hears the two ports when everything is open"""
    said: Callable[[str], None]
    fault: Callable[[BaseException], None]


def serve(settings: Settings, given: Surroundings) -> int:
    """Serve until SIGINT or SIGTERM; gives the exit code of the worker when that cannot go on.

    Raises ConfigurationError, StoreError, or InconsistentError when the inbox is damaged.
    """
    with _alone(given.disk):
        found = recover(given.disk)
        inbox = Inbox(given.disk, given.seal, found, limits=settings.limits)
        gate = Gate(settings.home, given.fetch)
        tls = _checked(settings, gate)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_Service(settings, given, inbox, gate, tls).run())


class _Service:
    def __init__(
        self,
        settings: Settings,
        given: Surroundings,
        inbox: Inbox,
        gate: Gate,
        tls: Certificates | None,
    ) -> None:
        self._settings, self._given, self._inbox = settings, given, inbox
        self._gate, self._tls = gate, tls
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rekenschap-inbox")
        self._commit = GroupCommit(inbox, self._thread, told=lambda end: self._worker.durable(end))
        self._stop = asyncio.Event()
        self._is_up = asyncio.Event()
        heard = Heard(ready=self._is_up.set, done=self._done, said=given.said)
        self._worker = WorkerProcess(given.worker, heard, span=lambda: (self._done_to, inbox.end))
        self._done_to = inbox.done
        self._desk = Desk(gate, self._commit, given.clocks, is_working=lambda: self._worker.is_working)

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)
        keeping = asyncio.create_task(self._worker.keep())
        try:
            if await self._first(keeping, self._is_up):
                await self._open(keeping)
        finally:
            await self._end(keeping)
        return int(self._worker.exit_code or ExitCode.FINE)

    async def _open(self, keeping: asyncio.Task[None]) -> None:
        settings, given = self._settings, self._given
        web = await WebServer.open(
            WebDoor(self._desk, fault=given.fault),
            host=settings.host,
            port=settings.port,
            tls=self._tls,
        )
        rpc, rpc_port = await open_grpc(
            RpcDoor(self._desk, most=_largest(self._gate), fault=given.fault),
            host=settings.host,
            port=settings.grpc_port,
            tls=self._tls,
        )
        watching = asyncio.create_task(self._watch())
        try:
            given.ready(web.port, rpc_port)
            await self._first(keeping, self._stop)
        finally:
            watching.cancel()
            await asyncio.gather(web.close(_PATIENCE), rpc.stop(_PATIENCE))

    async def _first(self, keeping: asyncio.Task[None], awaited: asyncio.Event) -> bool:
        """Wait for an event, or until there are no workers any more; says whether it was that event."""
        waits = [asyncio.create_task(each.wait()) for each in {awaited, self._stop}]
        await asyncio.wait([keeping, *waits], return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()
        return awaited.is_set()

    async def _watch(self) -> None:
        """Read files again that changed, and note now and then how far the inbox is worked off."""
        while True:
            await asyncio.sleep(_ROUND)
            changed = await asyncio.to_thread(self._gate.refresh)
            if changed is not None and changed:
                self._given.said("sources.toml was read again")
            elif changed is None:
                self._given.said("sources.toml changed and cannot be used; what it said before still counts")
            if self._tls is not None and self._tls.refresh() is None:
                self._given.said("the certificates changed and cannot be used; those before still count")
            await self._note()

    async def _note(self) -> None:
        async with self._commit.turn:
            with suppress(StoreError):  # a full disk: it is noted later, and nothing is lost by that
                await asyncio.get_running_loop().run_in_executor(
                    self._thread, lambda: self._inbox.advance(self._done_to, durably=True)
                )

    def _done(self, number: int) -> None:
        self._done_to = max(self._done_to, number)

    async def _end(self, keeping: asyncio.Task[None]) -> None:
        until = monotonic() + _DRAIN
        # A worker that has just ended is followed by another: that one is waited for too.
        while self._worker.was_ready and not keeping.done() and self._done_to < self._inbox.end:
            if monotonic() > until:
                break
            await asyncio.sleep(0.02)
        await self._note()  # what the worker is about to seal may need the room
        self._worker.end()
        await keeping
        await self._note()
        self._inbox.close()
        self._thread.shutdown()


def _largest(gate: Gate) -> int:
    """Give the length of the longest request anybody may send, for a door that must know it beforehand."""
    return max([LARGEST, *(source.largest_request for source in gate.callers.sources)])


def _checked(settings: Settings, gate: Gate) -> Certificates | None:
    """Raise ConfigurationError when others than programs of this machine could come in unseen."""
    callers = gate.callers
    if (callers.is_open or callers.tls is None) and not is_loopback(settings.host):
        raise ConfigurationError(
            expected="sources.toml with [tls] and who may send, to listen for other machines",
            found="nobody who must show who they are" if callers.is_open else "no [tls]",
            remedy="write it, or listen on 127.0.0.1",
        )
    return None if callers.tls is None else Certificates(callers.tls)


@contextmanager
def _alone(disk: Disk) -> Iterator[None]:
    """Be the only one at this inbox; waits a little for one that is just ending."""
    until = monotonic() + _PATIENCE
    with ExitStack() as held:
        while True:
            try:
                with in_words("lock", "the inbox"):
                    held.enter_context(disk.lock(""))
                break
            except StoreError as busy:
                if not busy.retryable or monotonic() > until:
                    raise
            sleep(0.1)
        yield
