# SPDX-License-Identifier: EUPL-1.2
"""The worker: frames out of the inbox, in groups, to who takes them in. What nobody can take in is set apart
whole, so that it never stops what comes after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from rekenschap.errors import RefusedError, RejectedRecordError, RekenschapError, SourceError
from rekenschap.frontdoor.inbox import Frame, InboxReader
from rekenschap.frontdoor.link import WorkerLine

_GROUP = 16 << 20
"""Bytes of bodies that are taken in together."""
_IDLE = 5.0


class Takes(Protocol):
    """Who takes frames in."""

    def take(self, frames: Sequence[Frame]) -> None:
        """Bring every record of some frames to ledger or quarantine; on return they are durable there."""

    def prepare(self, frames: Sequence[Frame]) -> Callable[[], None]:
        """Do so in two: what needs no order and keeps nothing, and in what this gives the rest.

        It is called in a thread of its own while earlier frames are brought there.
        """

    def set_apart(self, frame: Frame) -> None:
        """Put a whole frame in quarantine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Frames that were read, until which number, and what is left to do; None when they must be tried."""

    frames: Sequence[Frame]
    until: int
    rest: Callable[[], None] | None


class Worker:
    """Works off an inbox until the line ends: the next frames are prepared while these are stored."""

    def __init__(self, reader: InboxReader, inside: Takes, line: WorkerLine, *, most: int = _GROUP) -> None:
        self._reader, self._inside, self._line, self._most = reader, inside, line, most

    def run(self) -> None:
        """Work; raises what is no fault of a frame: the ledger, the disk, the keys."""
        self._line.ready()
        while self._reader.next < self._line.careful_until:
            end = self._line.wait(self._reader.next, patience=_IDLE)
            if end is None:
                return
            self._take_carefully(end)
            self._line.done(self._reader.next)
        with ThreadPoolExecutor(1, thread_name_prefix="rekenschap-ahead") as thread:
            self._run(thread)

    def _run(self, thread: ThreadPoolExecutor) -> None:
        held: Ahead | None = None
        following = self._reader.next
        while (end := self._line.wait(following, patience=0.0 if held else _IDLE)) is not None:
            coming = thread.submit(self._ahead, end) if end > following else None
            self._store(held)
            held = None if coming is None else coming.result()
            following = following if held is None else held.until
        self._store(held)

    def _ahead(self, end: int) -> Ahead:
        """Read frames and prepare them; one that cannot be is found out when it is its turn."""
        frames = [frame for _, frame in self._reader.take(end, most=self._most)]
        rests: list[Callable[[], None]] = []
        if frames:
            tried(lambda: rests.append(self._inside.prepare(frames)))
        return Ahead(frames=frames, until=self._reader.next, rest=rests[0] if rests else None)

    def _store(self, held: Ahead | None) -> None:
        if held is None:
            return
        if held.rest is None or tried(held.rest) is not None:
            self._take(held.frames)
        self._line.done(held.until)

    def _take_carefully(self, end: int) -> None:
        """Take one frame, and say so first: should it end this process, it is known which it was."""
        for number, frame in self._reader.take(end, most=1):
            self._line.at(number)
            if number == self._line.apart:
                self._set_apart(frame, "ending the worker")
            else:
                self._take([frame])

    def _take(self, frames: Sequence[Frame]) -> None:
        """Take frames in, all at once, or one by one when one of them cannot be."""
        fault = tried(lambda: self._inside.take(frames)) if frames else None
        if fault is None:
            return
        if len(frames) > 1:
            for frame in frames:
                self._take([frame])
            return
        self._set_apart(frames[0], fault)

    def _set_apart(self, frame: Frame, fault: str) -> None:
        self._inside.set_apart(frame)
        self._line.said(f"one request is set apart whole, in quarantine, for {fault}")


def tried(deed: Callable[[], None]) -> str | None:
    """Do something; gives the name of the fault when it is one of what was given, not of the world."""
    try:
        deed()
    except (SourceError, RejectedRecordError) as error:
        return type(error).__name__
    except RefusedError as error:
        if error.rule == "clock":
            raise
        return type(error).__name__
    except (RekenschapError, OSError):
        raise
    except Exception as error:
        return type(error).__name__
    return None
